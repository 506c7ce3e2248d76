#include "core/wire/sample_codec.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

namespace rtjam {
namespace {

TEST(SampleCodec, encoding_undoes_decoding_for_all_65536_codes) {
    for (std::uint32_t code = 0; code <= 0xFFFF; ++code) {
        const auto wire = static_cast<std::uint16_t>(code);
        ASSERT_EQ(encode_sample(decode_sample(wire)), wire);
    }
}

TEST(SampleCodec, silence_is_exactly_zero_both_ways) {
    EXPECT_EQ(encode_sample(0.0F), 32768);
    EXPECT_EQ(encode_sample(-0.0F), 32768);
    EXPECT_EQ(decode_sample(32768), 0.0F);
}

TEST(SampleCodec, clips_beyond_full_scale) {
    EXPECT_EQ(encode_sample(1.0F), 65535);
    EXPECT_EQ(encode_sample(1e30F), 65535);
    EXPECT_EQ(encode_sample(std::numeric_limits<float>::infinity()), 65535);
    EXPECT_EQ(encode_sample(-1.0F), 0);
    EXPECT_EQ(encode_sample(-1e30F), 0);
    EXPECT_EQ(encode_sample(-std::numeric_limits<float>::infinity()), 0);
}

TEST(SampleCodec, what_is_not_a_number_is_silence) {
    EXPECT_EQ(encode_sample(std::numeric_limits<float>::quiet_NaN()), 32768);
}

TEST(SampleCodec, rounds_to_the_nearest_code_and_half_up) {
    constexpr float step = 1.0F / 32768.0F;
    EXPECT_EQ(encode_sample(0.49F * step), 32768);
    EXPECT_EQ(encode_sample(0.5F * step), 32769);
    EXPECT_EQ(encode_sample(-0.5F * step), 32768);
    EXPECT_EQ(encode_sample(-0.51F * step), 32767);
    // One float below the half: single precision arithmetic would round it up.
    EXPECT_EQ(encode_sample(std::nextafter(0.5F * step, 0.0F)), 32768);
}

TEST(SampleCodec, adds_no_dc_offset) {
    double sum = 0;
    for (int i = -10'000; i <= 10'000; ++i) {
        sum += decode_sample(encode_sample(static_cast<float>(i) * 3.1e-5F));
    }
    EXPECT_LT(std::abs(sum / 20'001), 1e-6);
}

TEST(SampleCodec, spans_are_big_endian) {
    const std::array<float, 2> samples{decode_sample(0x1234), decode_sample(0xFEDC)};
    std::array<std::byte, 4> wire{};
    encode_samples(samples, wire);
    EXPECT_EQ(wire, (std::array{std::byte{0x12}, std::byte{0x34}, std::byte{0xFE}, std::byte{0xDC}}));
    std::array<float, 2> decoded{};
    decode_samples(wire, decoded);
    EXPECT_EQ(decoded, samples);
}

// They are decoded and encoded eight at a time.
TEST(SampleCodec, of_any_number_of_samples_each_is_what_it_is_alone_and_no_more_are_written) {
    constexpr float untouched = 9.0F;
    constexpr std::size_t longest = 35;
    std::array<std::byte, 2 * longest> wire{};
    for (std::size_t i = 0; i < wire.size(); ++i) wire[i] = static_cast<std::byte>(37 * i + 5);
    for (std::size_t length = 0; length < longest; ++length) {
        std::array<float, longest> decoded{};
        decoded.fill(untouched);
        decode_samples(std::span{wire}.first(2 * length), std::span{decoded}.first(length));
        for (std::size_t i = 0; i < length; ++i) {
            const auto code = std::to_integer<std::uint32_t>(wire[2 * i]) << 8 |
                              std::to_integer<std::uint32_t>(wire[2 * i + 1]);
            EXPECT_EQ(decoded[i], decode_sample(static_cast<std::uint16_t>(code))) << i << " of " << length;
        }
        EXPECT_EQ(decoded[length], untouched) << length;
        std::array<std::byte, 2 * longest> encoded{};
        encode_samples(std::span{decoded}.first(length), std::span{encoded}.first(2 * length));
        for (std::size_t i = 0; i < 2 * length; ++i) EXPECT_EQ(encoded[i], wire[i]) << i << " of " << length;
        EXPECT_EQ(encoded[2 * length], std::byte{}) << length;
    }
}

TEST(SampleCodec, spans_of_all_65536_codes_are_decoded_to_the_bit) {
    std::vector<std::byte> wire(2 * 65536);
    for (std::size_t code = 0; code < 65536; ++code) {
        wire[2 * code] = static_cast<std::byte>(code >> 8);
        wire[2 * code + 1] = static_cast<std::byte>(code & 0xFF);
    }
    std::vector<float> decoded(65536);
    decode_samples(wire, decoded);
    for (std::size_t code = 0; code < 65536; ++code)
        ASSERT_EQ(decoded[code], decode_sample(static_cast<std::uint16_t>(code)));
}

// Around each code and each place between two, and what is no code at all.
TEST(SampleCodec, spans_are_encoded_as_each_sample_is_alone) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    std::vector<float> samples{0.0F,
                               -0.0F,
                               1e-30F,
                               -1e-30F,
                               1e-42F,
                               -1e-42F,
                               1e30F,
                               -1e30F,
                               infinity,
                               -infinity,
                               std::numeric_limits<float>::quiet_NaN()};
    for (int half_steps = -65'540; half_steps <= 65'540; ++half_steps) {
        const float sample = static_cast<float>(half_steps) / 65536.0F;
        samples.insert(samples.end(), {std::nextafter(sample, -2.0F), sample, std::nextafter(sample, 2.0F)});
    }
    std::vector<std::byte> wire(2 * samples.size());
    encode_samples(samples, wire);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto code = std::to_integer<std::uint32_t>(wire[2 * i]) << 8 |
                          std::to_integer<std::uint32_t>(wire[2 * i + 1]);
        ASSERT_EQ(code, encode_sample(samples[i])) << samples[i];
    }
}

}  // namespace
}  // namespace rtjam
