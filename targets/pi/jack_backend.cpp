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

// A server that has died or hangs can hold up for ever whatever asks it for something. At our end we wait so
// long for what is under way, an opening and then the closing.
constexpr auto patience_at_end = std::chrono::milliseconds{300};

// Runs the call on a thread of its own, which may outlive everything here.
template <typename Call>
auto run_detached(Call call) {
    std::packaged_task<decltype(call())()> task{std::move(call)};
    auto result = task.get_future();
    std::thread{std::move(task)}.detach();
    return result;
}

void log_quietly(const char* message) {
    spdlog::debug("JACK: {}", message);
}

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
    if (!starting()) {
        stop();
        client_ = std::make_unique<JackClient>(process_, clock_, monitored_);
        opening_ =
            run_detached([client = client_.get(), options = options_] { return client->open(options); });
    }
    if (opening_.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
        return "the JACK server does not answer";
    if (auto reason = opening_.get()) {
        stop();
        return reason;
    }
    clock_.restart();
    client_->live.store(true, std::memory_order_release);
    return std::nullopt;
}

void JackBackend::stop() {
    if (!client_) return;
    client_->live.store(false, std::memory_order_release);
    past_xruns_ += client_->xruns.load(std::memory_order_relaxed);
    if (starting()) {
        const bool opened = opening_.wait_for(patience_at_end) == std::future_status::ready;
        opening_ = {};
        if (!opened) return leave_behind();
    }
    if (client_->handle != nullptr) {
        const auto closed = run_detached([handle = client_->handle] { return jack_client_close(handle); });
        if (closed.wait_for(patience_at_end) != std::future_status::ready) return leave_behind();
    }
    client_.reset();
}

void JackBackend::leave_behind() {
    spdlog::warn("the JACK server does not let us go; we leave without its consent");
    // libjack's threads, and the one that we have detached, may still use it.
    [[maybe_unused]] const JackClient* left_behind = client_.release();
}

bool JackBackend::running() const {
    return client_ && client_->live.load(std::memory_order_relaxed) &&
           !client_->is_shut_down.load(std::memory_order_relaxed);
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

Instant JackBackend::now() const {
    return clock_.to_card(Instant{std::chrono::microseconds{jack_get_time()}});
}

void JackBackend::set_playout_delay(FrameCount delay) {
    if (!running()) return;
    const std::int64_t told = client_->playout_delay.load(std::memory_order_relaxed);
    const std::int64_t change = delay.count() > told ? delay.count() - told : told - delay.count();
    if (2 * change < period().count()) return;
    client_->playout_delay.store(static_cast<jack_nframes_t>(delay.count()), std::memory_order_relaxed);
    jack_recompute_total_latencies(client_->handle);
}

}  // namespace rtjam
