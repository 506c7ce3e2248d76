// For tests: sees which calls a piece of code makes that a realtime thread must not make. Linking it into a
// program puts its own definitions before the C library's: of memory, locks, clocks, files and sockets.
// Not together with a sanitizer, which does the same.
#pragma once

namespace rtjam {

struct WatchedCalls {
    int event_writes = 0;  // write() of 8 bytes: a wake through an eventfd
    int forbidden = 0;     // everything else
    const char* first_forbidden = "";
};

// Counts for the calling thread between the two.
void begin_call_watch();
WatchedCalls end_call_watch();

}  // namespace rtjam
