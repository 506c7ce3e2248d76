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

void store_wire8(Wire8 wire, std::byte* to) {
    if constexpr (std::endian::native == std::endian::little) wire = wire << 8 | wire >> 8;
    std::memcpy(to, &wire, sizeof wire);
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

// As encode_sample() less 32768, without a double: to scale by a power of two is exact, and so is to look, in
// half steps, for the whole number below.
Mask4 encode4(Float4 samples) {
    const Float4 usable = clamp4(keep4(samples, samples == samples), -1.0F, 1.0F);
    const Float4 half_steps = usable * 65536.0F;
    const Mask4 towards_zero = __builtin_convertvector(half_steps, Mask4);
    // A comparison that holds is -1.
    const Mask4 below = towards_zero + (__builtin_convertvector(towards_zero, Float4) > half_steps);
    const Mask4 codes = (below + 1) >> 1;
    constexpr std::int32_t highest = 32767;
    return codes > highest ? Mask4{highest, highest, highest, highest} : codes;
}

void encode8(const float* samples, std::byte* wire) {
    const Wire8 first = std::bit_cast<Wire8>(encode4(load4(samples)));
    const Wire8 second = std::bit_cast<Wire8>(encode4(load4(samples + float4_lanes)));
    constexpr std::uint16_t offset = 0x8000;
    if constexpr (std::endian::native == std::endian::little)
        store_wire8(__builtin_shufflevector(first, second, 0, 2, 4, 6, 8, 10, 12, 14) ^ offset, wire);
    else
        store_wire8(__builtin_shufflevector(first, second, 1, 3, 5, 7, 9, 11, 13, 15) ^ offset, wire);
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
    if (samples.size() < wire8_samples) {
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const std::uint16_t value = encode_sample(samples[i]);
            wire[2 * i] = static_cast<std::byte>(value >> 8);
            wire[2 * i + 1] = static_cast<std::byte>(value & 0xFF);
        }
        return;
    }
    const std::size_t last = samples.size() - wire8_samples;
    for (std::size_t i = 0; i < last; i += wire8_samples) encode8(samples.data() + i, wire.data() + 2 * i);
    encode8(samples.data() + last, wire.data() + 2 * last);
}

}  // namespace rtjam
