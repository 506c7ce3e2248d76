// How fast or how well something goes if the machine lets it. Whatever else wants its processors, or its
// host, only makes things slower and worse: the best of a few times is what the program can do. Thread: any
// one. Errors: none.
#pragma once

#include "core/base/time.hpp"

namespace rtjam {

// Measures again, a few times, what took longer than it should. Returns the shortest.
template <typename Measure>
Duration shortest_of_a_few(Duration limit, Measure measure) {
    Duration shortest = measure();
    for (int again = 0; again < 4 && shortest > limit; ++again) {
        const Duration one = measure();
        if (one < shortest) shortest = one;
    }
    return shortest;
}

}  // namespace rtjam
