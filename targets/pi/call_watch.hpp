// For tests: sees which calls a piece of code makes that a realtime thread must not make. Linking it into a
// program puts its own definitions before the C library's: of memory, locks, clocks, files, streams and
// sockets. A sanitizer does the same, and there can be only one: call_watch_blind.cpp takes the place of the
// watch there.
#pragma once

namespace rtjam {

struct WatchedCalls {
    int event_writes = 0;  // write() of 8 bytes: a wake through an eventfd
    int forbidden = 0;     // everything else
    const char* first_forbidden = "";
};

// False where nothing is counted.
bool call_watch_sees();

// Counts for the calling thread between the two.
void begin_call_watch();
WatchedCalls end_call_watch();

}  // namespace rtjam
