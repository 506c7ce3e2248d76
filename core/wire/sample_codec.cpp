#include "core/wire/sample_codec.hpp"

#include <cassert>

namespace rtjam {

void decode_samples(std::span<const std::byte> wire, std::span<float> samples) {
    assert(wire.size() == 2 * samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto high = std::to_integer<std::uint32_t>(wire[2 * i]);
        const auto low = std::to_integer<std::uint32_t>(wire[2 * i + 1]);
        samples[i] = decode_sample(static_cast<std::uint16_t>(high << 8 | low));
    }
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
