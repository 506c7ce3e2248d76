#include "core/base/siphash.hpp"

#include <bit>

namespace rtjam {
namespace {

struct State {
    std::uint64_t v0, v1, v2, v3;

    void round() {
        v0 += v1;
        v2 += v3;
        v1 = std::rotl(v1, 13) ^ v0;
        v3 = std::rotl(v3, 16) ^ v2;
        v0 = std::rotl(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = std::rotl(v1, 17) ^ v2;
        v3 = std::rotl(v3, 21) ^ v0;
        v2 = std::rotl(v2, 32);
    }
    void absorb(std::uint64_t word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }
};

std::uint64_t little_endian(std::span<const std::uint8_t> bytes) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) word |= std::uint64_t{bytes[i]} << (8 * i);
    return word;
}

}  // namespace

std::uint64_t siphash_2_4(const SipHashKey& key, std::span<const std::uint8_t> message) {
    const std::span<const std::uint8_t> key_bytes{key};
    const std::uint64_t k0 = little_endian(key_bytes.first(8));
    const std::uint64_t k1 = little_endian(key_bytes.last(8));
    // The initial constants are the paper's: "somepseudorandomlygeneratedbytes" in ASCII.
    State state{k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D, k0 ^ 0x6C7967656E657261,
                k1 ^ 0x7465646279746573};

    const std::size_t whole = message.size() / 8 * 8;
    for (std::size_t at = 0; at < whole; at += 8) state.absorb(little_endian(message.subspan(at, 8)));
    state.absorb(little_endian(message.subspan(whole)) | (std::uint64_t{message.size() & 0xFF} << 56));

    state.v2 ^= 0xFF;
    for (int i = 0; i < 4; ++i) state.round();
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace rtjam
