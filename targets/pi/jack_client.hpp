// One stay at one JACK server. What JACK's threads use is in here, so that a client whose opening or closing
// hangs can be left behind as a whole.
#pragma once

#include <jack/jack.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "core/base/time.hpp"
#include "targets/pi/audio_backend.hpp"
#include "targets/pi/card_clock.hpp"
#include "targets/pi/config.hpp"

namespace rtjam {

struct JackClient {
    JackClient(AudioProcess& process_now, CardClock& clock_now, bool monitored_now)
        : process(&process_now), clock(&clock_now), monitored(monitored_now) {}

    // Empty when the client is active and connected, otherwise why not. Whatever the result, a handle has to
    // be closed. Any one thread; it waits for the server, for ever if that hangs. Until it returns, only what
    // is atomic is for others.
    std::optional<std::string> open(const JackAudio& options);

    AudioProcess* process;
    CardClock* clock;
    bool monitored;
    jack_client_t* handle = nullptr;
    std::array<jack_port_t*, 2> inputs{};
    std::array<jack_port_t*, 2> outputs{};
    std::atomic<bool> live{false};          // false: the process is not to be called, yet or any more
    std::atomic<bool> is_shut_down{false};  // the server has let us go
    std::atomic<jack_nframes_t> period{0};
    std::atomic<jack_nframes_t> playout_delay{0};
    std::atomic<std::uint64_t> xruns{0};

private:
    // Called by JACK's threads; the process alone in real time.
    static int on_process(jack_nframes_t frames, void* context);
    static int on_buffer_size(jack_nframes_t frames, void* context);
    static int on_xrun(void* context);
    static void on_shutdown(void* context);
    static void on_latency(jack_latency_callback_mode_t mode, void* context);

    bool register_ports();
    bool set_callbacks();
    void connect_to_system();
    Instant cycle_time();
};

}  // namespace rtjam
