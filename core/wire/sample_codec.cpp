#include "core/wire/sample_codec.hpp"

#include <bit>
#include <cassert>
#include <cstring>

#include "core/base/float4.hpp"

namespace rtjam {
namespace {

using Wire8 = std::uint16_t __attribute__((vector_size(16)));
constexpr std::size_t wire8_samples = 8;

Wire8 load_wire8(const std::byte* from) {
    Wire8 wire;
    std::memcpy(&wire, from, sizeof wire);
    if constexpr (std::endian::native == std::endian::little) return wire << 8 | wire >> 8;
    return wire;
}

// As decode_sample(), where nothing is rounded either.
Float4 decode4(Mask4 codes) {
    return __builtin_convertvector(codes, Float4) * (1.0F / 32768.0F) - 1.0F;
}

// Each gets 16 bits more, to be an integer that there is a conversion for.
void decode8(const std::byte* wire, float* samples) {
    const Wire8 codes = load_wire8(wire);
    const Wire8 first = __builtin_shufflevector(codes, Wire8{}, 0, 8, 1, 9, 2, 10, 3, 11);
    const Wire8 second = __builtin_shufflevector(codes, Wire8{}, 4, 12, 5, 13, 6, 14, 7, 15);
    store4(samples, decode4(std::bit_cast<Mask4>(first)));
    store4(samples + float4_lanes, decode4(std::bit_cast<Mask4>(second)));
}

}  // namespace

void decode_samples(std::span<const std::byte> wire, std::span<float> samples) {
    assert(wire.size() == 2 * samples.size());
    if (samples.size() < wire8_samples) {
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const auto high = std::to_integer<std::uint32_t>(wire[2 * i]);
            const auto low = std::to_integer<std::uint32_t>(wire[2 * i + 1]);
            samples[i] = decode_sample(static_cast<std::uint16_t>(high << 8 | low));
        }
        return;
    }
    const std::size_t last = samples.size() - wire8_samples;
    for (std::size_t i = 0; i < last; i += wire8_samples) decode8(wire.data() + 2 * i, samples.data() + i);
    // Some of these for the second time, where the samples are no multiple of eight.
    decode8(wire.data() + 2 * last, samples.data() + last);
}

void encode_samples(std::span<const float> samples, std::span<std::byte> wire) {
    assert(wire.size() == 2 * samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const std::uint16_t value = encode_sample(samples[i]);
        wire[2 * i] = static_cast<std::byte>(value >> 8);
        wire[2 * i + 1] = static_cast<std::byte>(value & 0xFF);
    }
}

}  // namespace rtjam
