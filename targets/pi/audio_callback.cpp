#include "targets/pi/audio_callback.hpp"

#include <algorithm>
#include <span>

namespace rtjam {
namespace {

// For a counter that this thread alone writes: cheaper than an atomic addition, and as good.
void count_one(std::atomic<std::uint64_t>& counter) {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace

AudioCallback::AudioCallback() = default;

void AudioCallback::process(AudioInput input, AudioOutput output, Instant now) {
    count_period(now);
    const bool fresh = engines_.adopt();
    PreparedEngine* prepared = engines_.current();
    if (fresh && capture_ != nullptr) {
        capture_->push_engine({.id = prepared->config.id,
                               .period = prepared->period,
                               .first_sequence = prepared->config.first_sequence,
                               .online = prepared->online});
    }
    if (prepared == nullptr || prepared->period.size() != input.left.size()) {
        std::fill(output.left.begin(), output.left.end(), 0.0F);
        std::fill(output.right.begin(), output.right.end(), 0.0F);
        count_one(periods_without_engine_);
        return;
    }
    receive_datagrams(prepared->engine);
    apply_commands(prepared->engine);
    if (capture_ != nullptr) capture_->push_callback(now);
    prepared->engine.process(input, output, now, prepared->transmits);
    send_datagrams(*prepared);
    publish_status(prepared->engine, now);
}

void AudioCallback::count_period(Instant now) {
    const std::int64_t nanoseconds = now.time_since_epoch().count();
    if (periods_.load(std::memory_order_relaxed) == 0) {
        first_period_.store(nanoseconds, std::memory_order_relaxed);
    }
    last_period_.store(nanoseconds, std::memory_order_relaxed);
    count_one(periods_);
}

void AudioCallback::receive_datagrams(Engine& engine) {
    for (std::size_t i = 0; i < received_per_callback_max; ++i) {
        const ReceivedDatagram* datagram = received_.front();
        if (datagram == nullptr) return;
        const auto bytes = std::span{datagram->bytes}.first(datagram->size);
        engine.receive(bytes, datagram->arrived);
        if (capture_ != nullptr) capture_->push_datagram(bytes, {}, datagram->arrived, false);
        received_.commit_pop();
    }
}

void AudioCallback::apply_commands(Engine& engine) {
    for (std::size_t i = 0; i < commands_per_callback_max; ++i) {
        const EngineCommand* command = commands_.front();
        if (command == nullptr) return;
        engine.apply(*command);
        commands_.commit_pop();
    }
}

void AudioCallback::send_datagrams(PreparedEngine& prepared) {
    bool any = false;
    if (prepared.online) {
        for (const Transmit& transmit : prepared.transmits.items()) {
            OutgoingDatagram* slot = outgoing_.begin_push();
            if (slot == nullptr) {
                count_one(outgoing_dropped_);
                continue;
            }
            std::copy(transmit.bytes.begin(), transmit.bytes.end(), slot->bytes.begin());
            slot->size = transmit.bytes.size();
            outgoing_.commit_push();
            any = true;
        }
    }
    prepared.transmits.clear();
    if (any) outgoing_ready_.wake();
}

void AudioCallback::publish_status(const Engine& engine, Instant now) {
    if (now < status_due_) return;
    EngineStatus* slot = statuses_.begin_push();
    if (slot == nullptr) return;  // nobody looks: the next period tries again
    engine.read_status(*slot);
    statuses_.commit_push();
    status_due_ = now + status_interval;
}

void AudioCallback::discard_received() {
    while (received_.front() != nullptr) received_.commit_pop();
}

}  // namespace rtjam
