#include "targets/pi/jack_client.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <span>

#include "targets/common/log.hpp"

namespace rtjam {
namespace {

struct FreePortNames {
    void operator()(const char** names) const { jack_free(names); }
};
using PortNames = std::unique_ptr<const char*, FreePortNames>;

std::string reason_of(jack_status_t status) {
    if ((status & JackServerFailed) != 0) return "no JACK server is running";
    if ((status & JackVersionError) != 0) return "the JACK server is of another version";
    return "the JACK server does not let us in";
}

// The smallest range that holds both.
jack_latency_range_t united(jack_latency_range_t a, jack_latency_range_t b) {
    return {.min = std::min(a.min, b.min), .max = std::max(a.max, b.max)};
}

jack_latency_range_t range_of(const std::array<jack_port_t*, 2>& ports, jack_latency_callback_mode_t mode) {
    jack_latency_range_t first{};
    jack_latency_range_t second{};
    jack_port_get_latency_range(ports[0], mode, &first);
    jack_port_get_latency_range(ports[1], mode, &second);
    return united(first, second);
}

}  // namespace

int JackClient::on_process(jack_nframes_t frames, void* context) {
    JackClient& self = *static_cast<JackClient*>(context);
    const auto buffer_of = [frames](jack_port_t* port) {
        return std::span{static_cast<float*>(jack_port_get_buffer(port, frames)), frames};
    };
    const AudioOutput output{.left = buffer_of(self.outputs[0]), .right = buffer_of(self.outputs[1])};
    if (!self.live.load(std::memory_order_acquire)) {
        std::fill(output.left.begin(), output.left.end(), 0.0F);
        std::fill(output.right.begin(), output.right.end(), 0.0F);
        return 0;
    }
    (*self.process)({.left = buffer_of(self.inputs[0]), .right = buffer_of(self.inputs[1])}, output,
                    self.cycle_time());
    return 0;
}

// When this cycle began, by the card's clock. JACK's delay-locked loop says when that was by the system's:
// more smoothly than any clock read now.
Instant JackClient::cycle_time() {
    jack_nframes_t frames = 0;
    jack_time_t begin_us = 0;
    jack_time_t end_us = 0;
    float period_us = 0.0F;
    // It fails only before the loop has locked for the first time.
    if (jack_get_cycle_times(handle, &frames, &begin_us, &end_us, &period_us) != 0) {
        begin_us = jack_get_time();
        frames = jack_last_frame_time(handle);
    }
    return clock->tick(frames, Instant{std::chrono::microseconds{begin_us}});
}

int JackClient::on_buffer_size(jack_nframes_t frames, void* context) {
    static_cast<JackClient*>(context)->period.store(frames, std::memory_order_relaxed);
    return 0;
}

int JackClient::on_xrun(void* context) {
    static_cast<JackClient*>(context)->xruns.fetch_add(1, std::memory_order_relaxed);
    return 0;
}

void JackClient::on_shutdown(void* context) {
    static_cast<JackClient*>(context)->is_shut_down.store(true, std::memory_order_relaxed);
}

// Capture latency of what we put out: how long ago the sound came into this machine. The monitor's came in
// through our inputs; the others' came from the network, which is an edge of JACK's world as a sound card is,
// and has waited in the playout. Playback latency of what we take in: through the monitor it will leave as
// our outputs do; into the network it leaves within the period.
void JackClient::on_latency(jack_latency_callback_mode_t mode, void* context) {
    const JackClient& self = *static_cast<const JackClient*>(context);
    jack_latency_range_t range{};
    if (mode == JackCaptureLatency) {
        const jack_nframes_t delay = self.playout_delay.load(std::memory_order_relaxed);
        range = {.min = delay, .max = delay};
    }
    if (self.monitored) {
        const auto& sources = mode == JackCaptureLatency ? self.inputs : self.outputs;
        range = united(range, range_of(sources, mode));
    }
    for (jack_port_t* port : mode == JackCaptureLatency ? self.outputs : self.inputs) {
        jack_port_set_latency_range(port, mode, &range);
    }
}

std::optional<std::string> JackClient::open(const JackAudio& options) {
    jack_status_t status{};
    handle = jack_client_open(options.client_name.c_str(), JackNoStartServer, &status);
    if (handle == nullptr) return reason_of(status);
    const auto hertz = static_cast<std::int32_t>(jack_get_sample_rate(handle));
    if (hertz != sample_rate_48k.hertz()) {
        return "the JACK server runs at " + std::to_string(hertz) + " Hz, and RTJam needs 48000 Hz";
    }
    period.store(jack_get_buffer_size(handle), std::memory_order_relaxed);
    if (!register_ports()) return "the JACK server has no place for our ports";
    if (!set_callbacks() || jack_activate(handle) != 0) return "the JACK server does not let us play";
    const std::string given = jack_get_client_name(handle);
    if (given != options.client_name)
        spdlog::info("JACK calls us {}: {} is taken", given, options.client_name);
    if (options.autoconnect) connect_to_system();
    return std::nullopt;
}

bool JackClient::register_ports() {
    const auto port = [this](const char* name, unsigned long direction) {
        return jack_port_register(handle, name, JACK_DEFAULT_AUDIO_TYPE, direction, 0);
    };
    inputs = {port("in_1", JackPortIsInput), port("in_2", JackPortIsInput)};
    outputs = {port("out_l", JackPortIsOutput), port("out_r", JackPortIsOutput)};
    const auto exists = [](const jack_port_t* one) { return one != nullptr; };
    return std::all_of(inputs.begin(), inputs.end(), exists) &&
           std::all_of(outputs.begin(), outputs.end(), exists);
}

bool JackClient::set_callbacks() {
    jack_on_shutdown(handle, on_shutdown, this);
    return jack_set_process_callback(handle, on_process, this) == 0 &&
           jack_set_buffer_size_callback(handle, on_buffer_size, this) == 0 &&
           jack_set_xrun_callback(handle, on_xrun, this) == 0 &&
           jack_set_latency_callback(handle, on_latency, this) == 0;
}

// The sound card's first two inputs and outputs, in its order; a single output gets both sides.
void JackClient::connect_to_system() {
    const auto connect = [this](const char* from, const char* to) {
        if (jack_connect(handle, from, to) != 0) spdlog::warn("JACK does not connect {} to {}", from, to);
    };
    const PortNames captures{
        jack_get_ports(handle, nullptr, JACK_DEFAULT_AUDIO_TYPE, JackPortIsPhysical | JackPortIsOutput)};
    for (std::size_t i = 0; captures && i < 2 && captures.get()[i] != nullptr; ++i) {
        connect(captures.get()[i], jack_port_name(inputs[i]));
    }
    const PortNames playbacks{
        jack_get_ports(handle, nullptr, JACK_DEFAULT_AUDIO_TYPE, JackPortIsPhysical | JackPortIsInput)};
    if (!playbacks || *playbacks == nullptr) return;
    const char* second = playbacks.get()[1] != nullptr ? playbacks.get()[1] : playbacks.get()[0];
    connect(jack_port_name(outputs[0]), *playbacks);
    connect(jack_port_name(outputs[1]), second);
}

}  // namespace rtjam
