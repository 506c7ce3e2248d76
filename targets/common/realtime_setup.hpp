// What a thread needs to be on time, and what a user must have been permitted first: to be in Debian's
// "audio" group after `dpkg-reconfigure jackd2`, or the like. Realtime-safe: no. Errors: by value, as the
// system's error numbers; 0 is success.
#pragma once

#include <pthread.h>

namespace rtjam {

// SCHED_FIFO at that priority (1 to 99), not inherited by threads that it starts; 0 is ordinary scheduling.
int set_realtime_priority(pthread_t thread, int priority);

// Keeps all memory of the process, present and future, from being paged out. Only root, or a user without a
// limit on locked memory (RLIMIT_MEMLOCK), may: under a limit, what is allocated later would fail, not this.
// Threads that are started afterwards have stacks of 1 MB instead of 8, for these are locked as a whole.
int lock_memory();

}  // namespace rtjam
