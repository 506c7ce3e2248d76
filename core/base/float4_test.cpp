#include "core/base/float4.hpp"

#include <gtest/gtest.h>

#include <bit>

#include "core/base/rng.hpp"

namespace rtjam {
namespace {

// Of sizes so different that another order of additions gives other bits.
Float4 drawn(Rng& rng) {
    Float4 value{};
    for (std::size_t i = 0; i < float4_lanes; ++i) {
        const float sign = rng.chance(0.5) ? 1.0F : -1.0F;
        value[i] = sign * static_cast<float>(rng.uniform()) * static_cast<float>(1U << rng.below(24));
    }
    return value;
}

std::uint32_t bits_of(float value) {
    return std::bit_cast<std::uint32_t>(value);
}

TEST(Float4, two_sums_at_once_are_each_alone_to_the_bit) {
    Rng rng{1};
    for (int i = 0; i < 1000; ++i) {
        const Float4 a = drawn(rng);
        const Float4 b = drawn(rng);
        const TwoSums sums = sums_of(a, b);
        ASSERT_EQ(bits_of(sums.a), bits_of(sum_of(a))) << i;
        ASSERT_EQ(bits_of(sums.b), bits_of(sum_of(b))) << i;
    }
}

}  // namespace
}  // namespace rtjam
