// What a player plays, as a function of his own frame's number alone: whoever listens can lay out what must
// be heard at any place. 48 kHz; rounded to what the wire carries, so that it arrives to the bit. The two
// channels differ, and tones and clicks lie over a faint noise, as every input has it, so that no two places
// sound the same, nor two players. Not for real time; from any thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/audio_types.hpp"
#include "core/base/rng.hpp"
#include "sim/sound_config.hpp"

namespace rtjam::sim {

// Frames from one click of the metronome to the next: 120 beats per minute. At frame 0 there is one.
inline constexpr FrameCount click_interval{24'000};
inline constexpr FrameCount click_length{480};

class SoundSource {
public:
    // The coded signal of that player.
    explicit SoundSource(std::size_t player) : player_(player) {}
    // The generator says where tones begin, and what noise it is: another one for each player and seed.
    SoundSource(const SoundConfig& config, std::size_t player, Rng rng);

    bool is_code() const { return kind_ == SoundKind::code; }
    std::size_t player() const { return player_; }

    // Any frames, also such as come before the first.
    void fill(SamplePosition first, AudioOutput out) const;

private:
    struct Channel {
        std::uint32_t begin = 0;  // of its tone at frame 0, in turns of 2⁻³²
        std::uint32_t step = 0;   // from each frame to the next
    };

    void fill_tones(SamplePosition first, AudioOutput out) const;
    void fill_clicks(SamplePosition first, AudioOutput out) const;
    void fill_noise(SamplePosition first, AudioOutput out) const;
    void fill_recording(SamplePosition first, AudioOutput out) const;
    std::uint64_t random_bits(SamplePosition frame) const;

    std::size_t player_;
    SoundKind kind_ = SoundKind::code;
    std::int64_t peak_ = 0;  // in steps of 16 bits
    std::uint64_t key_ = 0;
    Channel left_{};
    Channel right_{};
    std::shared_ptr<const quality::Sound> recording_{};
};

}  // namespace rtjam::sim
