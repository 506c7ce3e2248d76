#include "core/engine.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/base/float4.hpp"

namespace rtjam {
namespace {

constexpr std::size_t monitor_pair = 0;
// A line that stalls mostly stalls for many: what their gaps and jumps cost is bounded, for all of them fall
// into one callback. On a desktop core foretelling costs 45 µs at full effort, and 18 µs at the reduced one
// (playout_bench).
constexpr std::uint64_t foretold_at_full_effort_max = 4;
constexpr Duration round_trip_max = std::chrono::seconds{10};

PlayoutConfig playout_config(const EngineConfig& config) {
    return {.sample_rate = config.sample_rate, .pull_frames_max = config.period};
}

Connection connection_of(const PacketHeader& answer) {
    switch (static_cast<Membership>(answer.channel)) {
        case Membership::id_in_use:
            return Connection::id_in_use;
        case Membership::room_full:
            return Connection::room_full;
        case Membership::member:
            break;
    }
    // A cookie instead of the room's time: our address has still to be proven.
    return answer.server_time.is_cookie() ? Connection::searching : Connection::joined;
}

void copy_scaled(std::span<const float> from, float gain, std::span<float> to) {
    std::size_t i = 0;
    for (; i + float4_lanes <= from.size(); i += float4_lanes)
        store4(to.data() + i, load4(from.data() + i) * gain);
    for (; i < from.size(); ++i) to[i] = from[i] * gain;
}

}  // namespace

std::optional<FrameCount> packet_frames_of(FrameCount period) {
    for (std::int64_t packets = 1; packets <= packets_per_period_max; ++packets) {
        const FrameCount frames{period.count() / packets};
        if (frames < FrameCount{1}) break;
        if (frames * packets == period && frames <= packet_frames_max) return frames;
    }
    return std::nullopt;
}

const char* name_of(Connection connection) {
    switch (connection) {
        case Connection::searching:
            return "searching";
        case Connection::joined:
            return "joined";
        case Connection::id_in_use:
            return "id_in_use";
        case Connection::room_full:
            return "room_full";
    }
    return "unknown";
}

Engine::Stream::Stream(const EngineConfig& config)
    : playout(playout_config(config)), left(config.period.size()), right(config.period.size()) {}

Engine::Engine(const EngineConfig& config)
    : config_(config),
      packet_frames_(packet_frames_of(config.period).value_or(FrameCount{1})),
      input_gain_(std::pow(10.0F, config.input_gain_db / 20.0F)),
      next_sequence_(config.first_sequence),
      input_left_(config.period.size()),
      input_right_(config.period.size()),
      input_meters_{Meter{config.sample_rate}, Meter{config.sample_rate}},
      mixer_(config.streams_max + 1, config.sample_rate),
      click_track_(config.sample_rate) {
    assert(packet_frames_of(config.period) && config.streams_max <= engine_streams_limit);
    streams_.reserve(config.streams_max);
    for (std::size_t i = 0; i < config.streams_max; ++i) streams_.emplace_back(config);
}

std::size_t Engine::packets_per_period() const {
    return static_cast<std::size_t>(config_.period.count() / packet_frames_.count());
}

void Engine::apply(const EngineCommand& command) {
    if (const auto* master = std::get_if<SetMasterGain>(&command)) {
        mixer_.set_master_gain(master->gain_db);
    } else if (const auto* monitor = std::get_if<SetMonitor>(&command)) {
        config_.monitor = monitor->on;
    } else if (const auto* click = std::get_if<SetClick>(&command)) {
        click_track_.set(click->on, click->gain_db);
    } else if (const auto* strip = std::get_if<SetStrip>(&command)) {
        const Stream* stream = stream_of(strip->id);
        const bool known = strip->id == config_.id || stream != nullptr;
        if (!known || strip->channel > 1) {
            ++counters_.commands_unknown;
            return;
        }
        const std::size_t pair = strip->id == config_.id ? monitor_pair : mixer_pair_of(*stream);
        mixer_.pair(pair)[strip->channel].set(strip->settings);
    }
}

void Engine::receive(std::span<const std::byte> datagram, Instant arrived) {
    const auto packet = parse(datagram);
    if (!packet) {
        ++counters_.malformed;
        return;
    }
    ++counters_.packets_received;
    const PacketHeader& header = packet->header();
    server_time_ = header.server_time;
    if (!header.server_time.is_cookie()) {
        beat_ = header.beat & 3U;
        click_track_.hear_beat(beat_);
    }
    if (header.client_id != config_.id) {
        receive_stream(*packet, arrived);
    } else if (packet->frames() > FrameCount{0}) {
        ++counters_.own_audio;
    } else {
        receive_answer(header, arrived);
    }
}

void Engine::receive_answer(const PacketHeader& header, Instant arrived) {
    connection_ = connection_of(header);
    last_answer_ = arrived;
    const auto now_us = static_cast<std::uint64_t>(microseconds_of(arrived));
    const std::uint64_t elapsed_us = now_us - header.client_time_us;
    if (elapsed_us <= static_cast<std::uint64_t>(microseconds_of(Instant{round_trip_max}))) {
        round_trip_ = std::chrono::microseconds{elapsed_us};
    }
}

void Engine::receive_stream(const PacketView& packet, Instant arrived) {
    if (packet.header().sample_rate_code != 0) {
        ++counters_.other_rates;
        return;
    }
    Stream* stream = stream_of(packet.header().client_id);
    if (stream == nullptr) stream = place_for(packet.header().client_id, arrived);
    if (stream == nullptr) {
        ++counters_.streams_refused;
        return;
    }
    stream->last_heard = arrived;
    stream->playout.push(packet, arrived);
}

Engine::Stream* Engine::stream_of(ClientId id) {
    const auto found = std::find_if(streams_.begin(), streams_.end(),
                                    [id](const Stream& stream) { return stream.taken && stream.id == id; });
    return found == streams_.end() ? nullptr : &*found;
}

// A free place, or else that of the one who has been gone the longest.
Engine::Stream* Engine::place_for(ClientId id, Instant arrived) {
    Stream* best = nullptr;
    for (Stream& stream : streams_) {
        if (!stream.taken) {
            best = &stream;
            break;
        }
        const bool gone = arrived - stream.last_heard > config_.silence_timeout;
        if (gone && (best == nullptr || stream.last_heard < best->last_heard)) best = &stream;
    }
    if (best == nullptr) return nullptr;
    best->taken = true;
    best->id = id;
    best->playout.restart();
    mixer_.reset_pair(mixer_pair_of(*best));
    return best;
}

std::size_t Engine::mixer_pair_of(const Stream& stream) const {
    return static_cast<std::size_t>(&stream - streams_.data()) + 1;
}

bool Engine::is_present(const Stream& stream) const {
    return stream.taken && now_ - stream.last_heard <= config_.silence_timeout;
}

void Engine::process(AudioInput input, AudioOutput output, Instant now, TransmitList& out) {
    assert(input.left.size() == config_.period.size() && output.left.size() == config_.period.size());
    now_ = now;
    ++counters_.periods;
    if (now - last_answer_ > config_.silence_timeout) connection_ = Connection::searching;
    take_input(input);
    send(now, out);
    play(output, now);
}

// The input is copied first of all: the output's buffers may be the same.
void Engine::take_input(AudioInput input) {
    copy_scaled(input.left, input_gain_, input_left_);
    copy_scaled(input.right, input_gain_, input_right_);
    input_meters_[0].process(input_left_, 1.0F);
    input_meters_[1].process(input_right_, 1.0F);
}

void Engine::send(Instant now, TransmitList& out) {
    for (std::size_t at = 0; at < input_left_.size(); at += packet_frames_.size()) {
        const PacketHeader header{.server_time = server_time_,
                                  .client_time_us = static_cast<std::uint64_t>(microseconds_of(now)),
                                  .client_id = config_.id,
                                  .sequence = next_sequence_};
        next_sequence_ = next_sequence_.next();
        const std::span<std::byte> storage = out.allocate(packet_size(packet_frames_));
        if (storage.empty()) continue;  // the list counts it; to the others it is a lost packet
        const AudioInput audio{std::span{input_left_}.subspan(at, packet_frames_.size()),
                               std::span{input_right_}.subspan(at, packet_frames_.size())};
        out.add(config_.server, encode(header, audio, storage));
        ++counters_.packets_sent;
    }
}

void Engine::play(AudioOutput output, Instant now) {
    heard_.clear();
    mixer_.begin(output);
    if (config_.monitor) mixer_.add(monitor_pair, {input_left_, input_right_});
    std::uint64_t foretold = 0;
    for (Stream& stream : streams_) {
        if (!stream.taken) continue;
        const Effort effort = foretold < foretold_at_full_effort_max ? Effort::full : Effort::reduced;
        const PullResult pull = pull_stream(stream, now, effort);
        foretold += pull.foretold;
        const AudioInput audio{stream.left, stream.right};
        heard_.push_back({stream.id, pull, audio});
        if (!stream.resting) mixer_.add(mixer_pair_of(stream), audio);
    }
    click_track_.mix_into(output);
    mixer_.finish();
}

// Who has gone is not made up any longer.
PullResult Engine::pull_stream(Stream& stream, Instant now, Effort effort) {
    const bool was_resting = stream.resting;
    stream.resting = !is_present(stream);
    if (!stream.resting) return stream.playout.pull(stream.left, stream.right, now, effort);
    if (!was_resting) {
        stream.playout.rest();
        std::fill(stream.left.begin(), stream.left.end(), 0.0F);
        std::fill(stream.right.begin(), stream.right.end(), 0.0F);
    }
    return {.silent = config_.period};
}

void Engine::read_status(EngineStatus& status) const {
    status.connection = connection_;
    status.round_trip = round_trip_;
    status.beat = beat_;
    status.counters = counters_;
    status.input_meters = {input_meters_[0].reading(), input_meters_[1].reading()};
    status.master_meters = mixer_.master_meters();
    status.streams.clear();
    for (const Stream& stream : streams_) {
        if (!stream.taken) continue;
        const StripPair& strips = mixer_.pair(mixer_pair_of(stream));
        status.streams.push_back({.id = stream.id,
                                  .present = is_present(stream),
                                  .playout = stream.playout.stats(),
                                  .delay = stream.playout.delay(),
                                  .clock_ppb = stream.playout.drift_ppb(),
                                  .meters = {strips[0].meter(), strips[1].meter()}});
    }
}

}  // namespace rtjam
