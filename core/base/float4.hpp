// Four floats that are worked on at once, for the inner loops that must be quick and give the same bits
// everywhere: the order of every addition is written down, not left to a compiler's vectoriser. Vector types
// are an extension that g++ and clang share, for x86-64 and aarch64 alike.
// Realtime-safe: yes.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace rtjam {

using Float4 = float __attribute__((vector_size(16)));
inline constexpr std::size_t float4_lanes = 4;

// What a comparison of two gives: all bits of a lane where it holds, none where it does not.
using Mask4 = std::int32_t __attribute__((vector_size(16)));

inline bool any4(Mask4 mask) {
    return (mask[0] | mask[1] | mask[2] | mask[3]) != 0;
}

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

// Where the mask holds, the value; elsewhere 0.
inline Float4 keep4(Float4 value, Mask4 mask) {
    return std::bit_cast<Float4>(std::bit_cast<Mask4>(value) & mask);
}

inline Float4 abs4(Float4 value) {
    constexpr std::int32_t all_but_sign = 0x7FFFFFFF;
    return keep4(value, Mask4{all_but_sign, all_but_sign, all_but_sign, all_but_sign});
}

inline Float4 max4(Float4 a, Float4 b) {
    return a > b ? a : b;
}

inline Float4 clamp4(Float4 value, float from, float to) {
    const Float4 at_least = value < from ? all4(from) : value;
    return at_least > to ? all4(to) : at_least;
}

inline float sum_of(Float4 value) {
    return (value[0] + value[2]) + (value[1] + value[3]);
}

// sum_of() two at once, to the bit.
struct TwoSums {
    float a;
    float b;
};
inline TwoSums sums_of(Float4 a, Float4 b) {
    const Float4 pairs =
        __builtin_shufflevector(a, b, 0, 4, 1, 5) + __builtin_shufflevector(a, b, 2, 6, 3, 7);
    return {.a = pairs[0] + pairs[2], .b = pairs[1] + pairs[3]};
}

inline float largest_of(Float4 value) {
    const auto larger = [](float a, float b) { return a > b ? a : b; };
    return larger(larger(value[0], value[1]), larger(value[2], value[3]));
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
