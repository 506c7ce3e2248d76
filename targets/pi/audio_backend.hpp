// What the client asks of anything that makes audio happen: JACK, or files paced by the clock.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/base/audio_types.hpp"
#include "core/base/time.hpp"

namespace rtjam {

// Called by the backend on its audio thread once a period. `now` is the time of the period's beginning on the
// backend's clock. The backend may change the number of frames between two calls. Must be realtime-safe.
using AudioProcess = std::function<void(AudioInput, AudioOutput, Instant now)>;

// Everything but now() is for one thread, the control thread; an AudioProcess is given at construction.
template <typename B>
concept AudioBackend = requires(B backend, const B constant) {
    // Empty when audio runs from now on, otherwise why not. To be repeated while it does not run. It
    // and stop() take less than a second, whatever audio waits for.
    { backend.start() } -> std::same_as<std::optional<std::string>>;
    // What start() has begun still goes on: another start() looks how far it is, and begins nothing new.
    { constant.starting() } -> std::same_as<bool>;
    // The process is not called any more once this has returned.
    {backend.stop()};
    // False until start() has returned empty, after stop(), and when audio has ended by itself.
    { constant.running() } -> std::same_as<bool>;
    // While running; both may change.
    { constant.period() } -> std::same_as<FrameCount>;
    { constant.sample_rate() } -> std::same_as<SampleRate>;
    // Periods that were late, since construction.
    { constant.xruns() } -> std::same_as<std::uint64_t>;
    // Of the audio thread; 0 when it has none (is not SCHED_FIFO).
    { constant.realtime_priority() } -> std::same_as<int>;
    // The backend's clock, on which `now` is: that of the sound card, which may differ from all of the
    // system's and run at another speed. Any thread, once start() has succeeded.
    { constant.now() } -> std::same_as<Instant>;
};

}  // namespace rtjam
