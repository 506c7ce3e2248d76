#include "core/playout/playout.hpp"

#include <algorithm>
#include <cassert>

namespace rtjam {
namespace {

constexpr Duration margin_max = std::chrono::milliseconds{400};
// A stream that goes on further away than this, either way, is another one.
constexpr Duration jump_max = std::chrono::seconds{2};

constexpr std::uint64_t unsigned_of(FrameCount frames) {
    return static_cast<std::uint64_t>(frames.count());
}

constexpr AudioOutput part_of(AudioOutput out, std::size_t offset, std::size_t length) {
    return {.left = out.left.subspan(offset, length), .right = out.right.subspan(offset, length)};
}

}  // namespace

Playout::Playout(const PlayoutConfig& config)
    : rate_(config.sample_rate),
      callbacks_(config.sample_rate),
      store_(config.sample_rate, config.pull_frames_max),
      policy_(config.sample_rate, std::clamp(config.margin, Duration{0}, margin_max)),
      concealment_(config.sample_rate) {}

void Playout::restart() {
    state_ = State::empty;
    callbacks_.restart();
    concealment_.restart();
    store_.forget_losses();
    stats_ = {};
}

PushResult Playout::push(const PacketView& packet, Instant arrived) {
    if (packet.frames() == FrameCount{0}) return PushResult::accepted;
    ++stats_.packets;

    const bool reset = state_ != State::empty && begins_new_timeline(packet);
    if (reset) ++stats_.resets;
    if (reset || state_ == State::empty) begin_timeline(packet);

    const PacketNumber highest = store_.highest();
    const PacketNumber number{packet.header().sequence.unwrap(highest.value())};
    const SamplePosition position = store_.start_of(number);
    const PacketStore::Put put = store_.put(number, packet);
    stats_.lost = store_.lost();
    if (put == PacketStore::Put::duplicate) {
        ++stats_.duplicate;
        return PushResult::duplicate;
    }

    latest_arrival_ = std::max(latest_arrival_, arrived);
    const bool in_time = state_ != State::running || position >= store_.position();
    policy_.observe(arrived, arrived.time_since_epoch() - time_of(position), in_time);
    switch (put) {
        case PacketStore::Put::late:
            ++stats_.late;
            return PushResult::late;
        case PacketStore::Put::too_early:
            ++stats_.too_early;
            return PushResult::too_early;
        default:
            break;
    }
    if (number < highest) ++stats_.reordered;
    return reset ? PushResult::reset : PushResult::accepted;
}

bool Playout::begins_new_timeline(const PacketView& packet) const {
    if (packet.frames() != store_.packet_frames()) return true;
    const PacketNumber highest = store_.highest();
    const PacketNumber number{packet.header().sequence.unwrap(highest.value())};
    const FrameCount limit = frames_in(jump_max, rate_);
    const FrameCount jump = store_.start_of(number) - store_.start_of(highest);
    if (jump > limit || jump < -limit) return true;
    // Also when the sender has gone on where it was, but after a pause.
    return state_ == State::running && store_.position() - store_.start_of(number) > limit;
}

void Playout::begin_timeline(const PacketView& packet) {
    const PacketNumber first{packet.header().sequence.value()};
    store_.begin(first, packet.frames());
    policy_.begin(packet.frames());
    origin_ = store_.start_of(first);
    latest_arrival_ = Instant::min();
    play_offset_ = Duration{0};
    state_ = State::waiting;
}

PullResult Playout::pull(std::span<float> left, std::span<float> right, Instant now) {
    assert(left.size() == right.size());
    const FrameCount frames{static_cast<std::int64_t>(left.size())};
    PullResult result;
    if (frames == FrameCount{0}) return result;

    const Instant due = callbacks_.tick(now, frames);
    if (state_ == State::empty) {
        concealment_.conceal({left, right});
        result.silent = frames;
        return result;
    }
    if (state_ == State::waiting) {
        start(due, frames);
    } else {
        follow_policy(due, frames, result);
    }
    play_offset_ = due.time_since_epoch() - time_of(store_.position());
    result.position = store_.position();
    render({left, right}, result);
    count(result);
    return result;
}

Duration Playout::delay() const {
    if (state_ != State::running) return Duration{0};
    return policy_.wait_at(play_offset_).value_or(Duration{0});
}

Duration Playout::time_of(SamplePosition position) const {
    return duration_of(position - origin_, rate_);
}

void Playout::start(Instant due, FrameCount pull_frames) {
    // A callback cannot be due before what has arrived already, even if its time says so.
    const Instant at = std::max(due, latest_arrival_);
    const Duration since_origin = at.time_since_epoch() - policy_.wanted_offset(pull_frames);
    store_.move_to(origin_ + frames_in(since_origin, rate_));
    state_ = State::running;
}

void Playout::follow_policy(Instant due, FrameCount pull_frames, PullResult& result) {
    const Duration offset = due.time_since_epoch() - time_of(store_.position());
    const FrameCount move = policy_.decide(offset, pull_frames);
    if (move == FrameCount{0}) return;
    if (move > FrameCount{0}) {
        result.skipped = move;
    } else {
        result.repeated = -move;
    }
    ++stats_.slips;
    store_.move_to(store_.position() + move);
    concealment_.splice();
}

void Playout::render(AudioOutput out, PullResult& result) {
    SamplePosition position = store_.position();
    const SamplePosition first = store_.start_of(store_.first());
    std::size_t done = 0;
    while (done < out.left.size()) {
        const AudioOutput rest = part_of(out, done, out.left.size() - done);
        const PacketStore::Piece piece = store_.read(position, rest);
        const AudioOutput part = part_of(rest, 0, piece.frames.size());
        if (piece.present) {
            concealment_.play(part);
            result.played += piece.frames;
        } else {
            concealment_.conceal(part);
            (position < first ? result.silent : result.concealed) += piece.frames;
        }
        position += piece.frames;
        done += piece.frames.size();
    }
    store_.move_to(position);
}

void Playout::count(const PullResult& result) {
    stats_.lost = store_.lost();
    stats_.played_frames += unsigned_of(result.played);
    stats_.concealed_frames += unsigned_of(result.concealed);
    stats_.skipped_frames += unsigned_of(result.skipped);
}

}  // namespace rtjam
