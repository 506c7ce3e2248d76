// Four floats that are worked on at once, for the inner loops that must be quick and give the same bits
// everywhere: the order of every addition is written down, not left to a compiler's vectoriser. Vector types
// are an extension that g++ and clang share, for x86-64 and aarch64 alike.
// Realtime-safe: yes.
#pragma once

#include <cstddef>
#include <cstring>

namespace rtjam {

using Float4 = float __attribute__((vector_size(16)));
inline constexpr std::size_t float4_lanes = 4;

inline Float4 load4(const float* from) {
    Float4 value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

inline void store4(float* to, Float4 value) {
    std::memcpy(to, &value, sizeof value);
}

inline Float4 all4(float value) {
    return Float4{value, value, value, value};
}

inline float sum_of(Float4 value) {
    return (value[0] + value[2]) + (value[1] + value[3]);
}

// The sum of a[i] * b[i]; `length` is a multiple of 4.
inline float dot4(const float* a, const float* b, std::size_t length) {
    Float4 even{};
    Float4 odd{};
    std::size_t i = 0;
    for (; i + 2 * float4_lanes <= length; i += 2 * float4_lanes) {
        even += load4(a + i) * load4(b + i);
        odd += load4(a + i + float4_lanes) * load4(b + i + float4_lanes);
    }
    if (i < length) even += load4(a + i) * load4(b + i);
    return sum_of(even + odd);
}

}  // namespace rtjam
