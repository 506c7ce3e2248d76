// Samples on the wire: 16 bits, offset binary, big-endian. decode(u) = u/32768 − 1; encoding is its exact
// inverse, so that encode(decode(u)) = u for every u, silence stays exactly 0, and there is no DC offset.
// Realtime-safe: yes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace rtjam {

constexpr float decode_sample(std::uint16_t wire) {
    return static_cast<float>(wire) / 32768.0F - 1.0F;
}

// Beyond full scale: clipped. Not a number: silence.
constexpr std::uint16_t encode_sample(float sample) {
    if (sample != sample) return 32768;
    // In double, where every step is exact for any float that matters: in float, a sample half a step from
    // two codes could round to the wrong one.
    const double scaled = (static_cast<double>(sample) + 1.0) * 32768.0 + 0.5;
    if (scaled <= 0.0) return 0;
    if (scaled >= 65535.0) return 65535;
    return static_cast<std::uint16_t>(scaled);  // truncation is floor: scaled is positive
}

// wire has two bytes for each of the samples.
void decode_samples(std::span<const std::byte> wire, std::span<float> samples);
void encode_samples(std::span<const float> samples, std::span<std::byte> wire);

}  // namespace rtjam
