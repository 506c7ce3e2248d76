// A property that must hold for every input. Unlike assert() it is never compiled away.
#pragma once

#include <cstdio>
#include <cstdlib>

#define RTJAM_FUZZ_CHECK(condition)                                                             \
    do {                                                                                        \
        if (!(condition)) {                                                                     \
            std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
            std::abort();                                                                       \
        }                                                                                       \
    } while (false)
