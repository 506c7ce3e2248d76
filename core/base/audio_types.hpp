// Rates, counts and positions of audio frames. A frame is one sample of each of the two channels.
// Realtime-safe: yes.
#pragma once

#include <compare>
#include <cstdint>
#include <span>

#include "core/base/time.hpp"

namespace rtjam {

// Frames per second.
class SampleRate {
public:
    constexpr explicit SampleRate(std::int32_t hertz) : hertz_(hertz) {}
    constexpr std::int32_t hertz() const { return hertz_; }
    friend constexpr bool operator==(SampleRate, SampleRate) = default;

private:
    std::int32_t hertz_;
};

inline constexpr SampleRate sample_rate_48k{48000};

// A signed number of frames.
class FrameCount {
public:
    constexpr FrameCount() = default;
    constexpr explicit FrameCount(std::int64_t frames) : frames_(frames) {}
    constexpr std::int64_t count() const { return frames_; }
    // For indexing arrays; the count must not be negative.
    constexpr std::size_t size() const { return static_cast<std::size_t>(frames_); }

    friend constexpr auto operator<=>(FrameCount, FrameCount) = default;
    friend constexpr FrameCount operator+(FrameCount a, FrameCount b) {
        return FrameCount{a.frames_ + b.frames_};
    }
    friend constexpr FrameCount operator-(FrameCount a, FrameCount b) {
        return FrameCount{a.frames_ - b.frames_};
    }
    friend constexpr FrameCount operator*(FrameCount a, std::int64_t factor) {
        return FrameCount{a.frames_ * factor};
    }
    friend constexpr FrameCount operator-(FrameCount a) { return FrameCount{-a.frames_}; }
    constexpr FrameCount& operator+=(FrameCount other) { return *this = *this + other; }
    constexpr FrameCount& operator-=(FrameCount other) { return *this = *this - other; }

private:
    std::int64_t frames_ = 0;
};

// A place on one sender's timeline, in frames; 64 bits never wrap (6 million years at 48 kHz).
class SamplePosition {
public:
    constexpr SamplePosition() = default;
    constexpr explicit SamplePosition(std::int64_t frames) : frames_(frames) {}
    constexpr std::int64_t frames() const { return frames_; }

    friend constexpr auto operator<=>(SamplePosition, SamplePosition) = default;
    friend constexpr SamplePosition operator+(SamplePosition p, FrameCount n) {
        return SamplePosition{p.frames_ + n.count()};
    }
    friend constexpr SamplePosition operator-(SamplePosition p, FrameCount n) {
        return SamplePosition{p.frames_ - n.count()};
    }
    friend constexpr FrameCount operator-(SamplePosition a, SamplePosition b) {
        return FrameCount{a.frames_ - b.frames_};
    }
    constexpr SamplePosition& operator+=(FrameCount n) { return *this = *this + n; }

private:
    std::int64_t frames_ = 0;
};

// How long that many frames last, rounded towards zero to a nanosecond.
constexpr Duration duration_of(FrameCount frames, SampleRate rate) {
    const std::int64_t whole_seconds = frames.count() / rate.hertz();
    const std::int64_t rest = frames.count() % rate.hertz();
    return std::chrono::seconds{whole_seconds} + Duration{rest * 1'000'000'000 / rate.hertz()};
}

// How many whole frames fit into that time, rounded to the nearest.
constexpr FrameCount frames_in(Duration duration, SampleRate rate) {
    const auto whole_seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
    const std::int64_t rest = (duration - whole_seconds).count() * rate.hertz();
    const std::int64_t half = rest >= 0 ? 500'000'000 : -500'000'000;
    return FrameCount{whole_seconds.count() * rate.hertz() + (rest + half) / 1'000'000'000};
}

// Two isochronous channels as 32-bit floats, full scale ±1; both spans have the same length.
struct AudioInput {
    std::span<const float> left;
    std::span<const float> right;
};
struct AudioOutput {
    std::span<float> left;
    std::span<float> right;
};

}  // namespace rtjam
