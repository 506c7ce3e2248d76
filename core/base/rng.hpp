// Random numbers that are the same everywhere: the standard library's distributions differ between vendors,
// and a seed must give one world on every compiler and machine. Source: Blackman and Vigna, "Scrambled linear
// pseudorandom number generators" (xoshiro256**), 2021; seeding by SplitMix64 as its authors advise.
// Realtime-safe: yes.
#pragma once

#include <array>
#include <bit>
#include <cassert>
#include <cstdint>

namespace rtjam {

class Rng {
public:
    constexpr explicit Rng(std::uint64_t seed) {
        for (auto& word : state_) word = split_mix(seed);
    }

    constexpr std::uint64_t next() {
        const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
        const std::uint64_t shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    // In [0, 1), 53 random bits.
    constexpr double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

    // In [0, bound), without bias by rejection; bound > 0.
    constexpr std::uint64_t below(std::uint64_t bound) {
        assert(bound > 0);
        std::uint64_t draw = next();
        // The limit is above that: mostly it need not be known, which takes a division.
        if (draw > UINT64_MAX - bound) {
            const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
            while (draw >= limit) draw = next();
        }
        return draw % bound;
    }

    constexpr bool chance(double probability) { return uniform() < probability; }

    // Roughly normal, mean 0, deviation 1, by the sum of twelve uniforms (Irwin–Hall): no libm, whose last
    // digit differs between machines. Its tails end at ±6.
    constexpr double normal() {
        double sum = -6.0;
        for (int i = 0; i < 12; ++i) sum += uniform();
        return sum;
    }

    // A generator of its own for each thing that draws, so that one more draw here shifts nothing there.
    constexpr Rng fork(std::uint64_t stream) const {
        std::uint64_t seed = state_[0] ^ std::rotl(state_[3], 21) ^ (stream * 0x9E3779B97F4A7C15);
        return Rng{split_mix(seed)};
    }

private:
    static constexpr std::uint64_t split_mix(std::uint64_t& state) {
        std::uint64_t z = (state += 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    std::array<std::uint64_t, 4> state_{};
};

}  // namespace rtjam
