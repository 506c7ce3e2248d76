#include "targets/pi/jack_backend.hpp"

#include <jack/thread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include "targets/common/log.hpp"

namespace rtjam {
namespace {

// A server that has died or hangs can hold jack_client_close() up for ever.
constexpr auto close_patience = std::chrono::milliseconds{300};

void log_quietly(const char* message) {
    spdlog::debug("JACK: {}", message);
}

struct FreePortNames {
    void operator()(const char** names) const { jack_free(names); }
};
using PortNames = std::unique_ptr<const char*, FreePortNames>;

}  // namespace

JackBackend::JackBackend(JackAudio options, bool monitored, AudioProcess process)
    : options_(std::move(options)), monitored_(monitored), process_(std::move(process)) {
    // Otherwise libjack prints several lines for every attempt to find a server.
    jack_set_error_function(log_quietly);
    jack_set_info_function(log_quietly);
}

JackBackend::~JackBackend() {
    stop();
}

std::optional<std::string> JackBackend::start() {
    stop();
    client_ = std::make_unique<JackClient>(process_, monitored_);
    if (auto reason = client_->open(options_.client_name)) {
        stop();
        return reason;
    }
    const std::string given = jack_get_client_name(client_->handle);
    if (given != options_.client_name)
        spdlog::info("JACK calls us {}: {} is taken", given, options_.client_name);
    if (options_.autoconnect) connect_to_system();
    return std::nullopt;
}

void JackBackend::stop() {
    if (!client_) return;
    client_->live.store(false, std::memory_order_release);
    past_xruns_ += client_->xruns.load(std::memory_order_relaxed);
    if (client_->handle != nullptr) {
        std::packaged_task<int()> close{[handle = client_->handle] { return jack_client_close(handle); }};
        const std::future<int> closed = close.get_future();
        std::thread{std::move(close)}.detach();
        if (closed.wait_for(close_patience) != std::future_status::ready) {
            spdlog::warn("the JACK server does not let us go; we leave without its consent");
            [[maybe_unused]] const JackClient* left_behind =
                client_.release();  // libjack's threads may still use it
            return;
        }
    }
    client_.reset();
}

bool JackBackend::running() const {
    return client_ && !client_->is_shut_down.load(std::memory_order_relaxed);
}

FrameCount JackBackend::period() const {
    return client_ ? FrameCount{client_->period.load(std::memory_order_relaxed)} : FrameCount{0};
}

std::uint64_t JackBackend::xruns() const {
    return past_xruns_ + (client_ ? client_->xruns.load(std::memory_order_relaxed) : 0);
}

int JackBackend::realtime_priority() const {
    // −1 for a server without real-time scheduling.
    return client_ ? std::max(jack_client_real_time_priority(client_->handle), 0) : 0;
}

Instant JackBackend::now() {
    return Instant{std::chrono::microseconds{jack_get_time()}};
}

void JackBackend::set_playout_delay(FrameCount delay) {
    if (!running()) return;
    const std::int64_t told = client_->playout_delay.load(std::memory_order_relaxed);
    const std::int64_t change = delay.count() > told ? delay.count() - told : told - delay.count();
    if (2 * change < period().count()) return;
    client_->playout_delay.store(static_cast<jack_nframes_t>(delay.count()), std::memory_order_relaxed);
    jack_recompute_total_latencies(client_->handle);
}

// The sound card's first two inputs and outputs, in its order; a single output gets both sides.
void JackBackend::connect_to_system() {
    jack_client_t* handle = client_->handle;
    const auto connect = [handle](const char* from, const char* to) {
        if (jack_connect(handle, from, to) != 0) spdlog::warn("JACK does not connect {} to {}", from, to);
    };
    const PortNames captures{
        jack_get_ports(handle, nullptr, JACK_DEFAULT_AUDIO_TYPE, JackPortIsPhysical | JackPortIsOutput)};
    for (std::size_t i = 0; captures && i < 2 && captures.get()[i] != nullptr; ++i) {
        connect(captures.get()[i], jack_port_name(client_->inputs[i]));
    }
    const PortNames playbacks{
        jack_get_ports(handle, nullptr, JACK_DEFAULT_AUDIO_TYPE, JackPortIsPhysical | JackPortIsInput)};
    if (!playbacks || *playbacks == nullptr) return;
    const char* second = playbacks.get()[1] != nullptr ? playbacks.get()[1] : playbacks.get()[0];
    connect(jack_port_name(client_->outputs[0]), *playbacks);
    connect(jack_port_name(client_->outputs[1]), second);
}

}  // namespace rtjam
