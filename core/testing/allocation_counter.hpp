// Counts every operator new (with a sanitizer: every malloc) of the whole program, to show that something
// allocates nothing. A test, or the simulator, links rtjam_allocation_counter, which does the counting.
#pragma once

#include <cstdint>

namespace rtjam {

// Since the program's start, on all threads.
std::uint64_t allocations_so_far();

}  // namespace rtjam
