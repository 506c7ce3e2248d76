// Audio by JACK: two inputs, two outputs, and a server that may come and go.
#pragma once

#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "core/base/audio_types.hpp"
#include "core/base/time.hpp"
#include "targets/pi/audio_backend.hpp"
#include "targets/pi/config.hpp"
#include "targets/pi/jack_client.hpp"

namespace rtjam {

class JackBackend {
public:
    // `monitored`: the inputs are heard on the outputs, without delay.
    JackBackend(JackAudio options, bool monitored, AudioProcess process);
    ~JackBackend();
    JackBackend(const JackBackend&) = delete;
    JackBackend& operator=(const JackBackend&) = delete;

    // Never starts a JACK server itself. A server that does not run at 48 kHz is refused. What a server that
    // hangs would hold up runs on a thread of its own.
    std::optional<std::string> start();
    bool starting() const { return opening_.valid(); }
    void stop();
    bool running() const;

    FrameCount period() const;
    SampleRate sample_rate() const { return sample_rate_48k; }
    std::uint64_t xruns() const;
    int realtime_priority() const;
    // The sound card's clock. Only after a start() that succeeded: jack_get_time() crashes in a process that
    // has not yet been a client of a server.
    Instant now() const;

    // How long the others' sound waits in the playout: part of the latency that JACK is told about, which it
    // is asked to compute anew when this has changed by half a period or more.
    void set_playout_delay(FrameCount delay);

private:
    void leave_behind();

    JackAudio options_;
    bool monitored_;
    AudioProcess process_;
    CardClock clock_{sample_rate_48k};
    std::unique_ptr<JackClient> client_;               // empty: neither running nor starting
    std::future<std::optional<std::string>> opening_;  // valid: client_ is being opened
    std::uint64_t past_xruns_ = 0;                     // of former clients
};

static_assert(AudioBackend<JackBackend>);

}  // namespace rtjam
