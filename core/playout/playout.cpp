#include "core/playout/playout.hpp"

#include <algorithm>
#include <cassert>

namespace rtjam {
namespace {

// A stream that goes on further away than this, either way, is another one.
constexpr Duration jump_max = std::chrono::seconds{2};

// How long a stream is new, and how long that makes no difference to how new it is: slews end in between.
constexpr Duration caution_time = std::chrono::seconds{5};
constexpr Duration caution_step = std::chrono::milliseconds{500};
// No stream has to go back further, for it would have been taken for another one.
constexpr Duration back_max = jump_max * 2;

constexpr std::uint64_t unsigned_of(FrameCount frames) {
    return static_cast<std::uint64_t>(frames.count());
}

// Speeds are whole billionths: a pull of up to 10 000 frames ends within this of a frame that it was to end
// on, to be on it from then on.
PlayPosition snapped(PlayPosition position) {
    constexpr std::uint32_t near = 1U << 16;
    if (position.fraction < near) return {position.frame, 0};
    if (position.fraction > ~near) return {position.frame + FrameCount{1}, 0};
    return position;
}

}  // namespace

Playout::Playout(const PlayoutConfig& config)
    : rate_(config.sample_rate),
      pull_frames_max_(config.pull_frames_max),
      callbacks_(config.sample_rate),
      store_(config.sample_rate, config.pull_frames_max),
      timeline_(config.sample_rate),
      policy_(config.sample_rate),
      renderer_(config.sample_rate, config.pull_frames_max) {}

void Playout::restart() {
    rest();
    store_.forget_counts();
    stats_ = {};
}

void Playout::rest() {
    state_ = State::empty;
    stray_goes_on_.reset();
    callbacks_.restart();
    renderer_.restart();
    timeline_.begin(origin_);
    delay_ = Duration{0};
}

PushResult Playout::push(const PacketView& packet, Instant arrived) {
    if (packet.frames() == FrameCount{0}) return PushResult::accepted;
    ++stats_.packets;

    const bool reset = state_ != State::empty && is_of_another_timeline(packet);
    if (reset && !confirms_a_stray(packet)) {
        ++stats_.stray;
        return PushResult::stray;
    }
    stray_goes_on_.reset();
    if (reset) ++stats_.resets;
    if (reset || state_ == State::empty) begin_timeline(packet);

    const PacketNumber highest = store_.highest();
    const PacketNumber number{packet.header().sequence.unwrap(highest.value())};
    const PacketStore::Put put = store_.put(number, packet);
    stats_.lost = store_.lost();
    stats_.late = store_.late();
    if (put == PacketStore::Put::duplicate) {
        ++stats_.duplicate;
        return PushResult::duplicate;
    }
    // Also what is too early to be kept is learnt from: the next pull goes to where the stream goes on.
    const Arrival arrival{store_.start_of(number), arrived};
    const bool far_ahead = put == PacketStore::Put::too_early || is_far_ahead(arrival);
    if (!far_ahead || confirms_far_ahead(number)) arrivals_.push_back(arrival);
    if (put == PacketStore::Put::too_early) {
        ++stats_.too_early;
        return PushResult::too_early;
    }
    if (put == PacketStore::Put::late) return PushResult::late;
    if (!far_ahead) far_ahead_.reset();
    if (number < highest) ++stats_.reordered;
    return reset ? PushResult::reset : PushResult::accepted;
}

bool Playout::is_of_another_timeline(const PacketView& packet) const {
    if (packet.frames() != store_.packet_frames()) return true;
    const PacketNumber highest = store_.highest();
    const PacketNumber number{packet.header().sequence.unwrap(highest.value())};
    const FrameCount limit = frames_in(jump_max, rate_);
    const FrameCount jump = store_.start_of(number) - store_.start_of(highest);
    if (jump > limit || jump < -limit) return true;
    // Also when the sender has gone on where it was, but after a pause.
    return state_ == State::running && position_.frame - store_.start_of(number) > limit;
}

// One packet may be anything: a forged one, or one that a router had kept for seconds.
bool Playout::confirms_a_stray(const PacketView& packet) {
    const SequenceNumber sequence = packet.header().sequence;
    const bool confirms = stray_goes_on_ == Continuation{sequence, packet.frames()};
    stray_goes_on_ = {.sequence = sequence.next(), .frames = packet.frames()};
    return confirms;
}

bool Playout::is_far_ahead(const Arrival& arrival) const {
    if (fastest_.empty()) return false;
    return arrival.at - timeline_.time_of(arrival.place) < fastest_.value() - far_ahead_min;
}

// That the line has become so much faster, because it has another route, or has lost all that it had kept. As
// a stray packet, one may be anything while it is alone.
bool Playout::confirms_far_ahead(PacketNumber number) {
    const bool confirms = far_ahead_ && *far_ahead_ < number;
    far_ahead_ = number;
    return confirms;
}

void Playout::begin_timeline(const PacketView& packet) {
    const PacketNumber first{packet.header().sequence.value()};
    store_.begin(first, packet.frames());
    origin_ = store_.start_of(first);
    timeline_.begin(origin_);
    drift_.restart();
    needed_.restart();
    fastest_.restart();
    drifting_need_.restart();
    policy_.restart();
    arrivals_.clear();
    far_ahead_.reset();
    delay_ = Duration{0};
    state_ = State::waiting;
}

PullResult Playout::pull(std::span<float> left, std::span<float> right, Instant now, Effort effort) {
    assert(left.size() == right.size());
    const FrameCount frames{static_cast<std::int64_t>(left.size())};
    assert(frames <= pull_frames_max_);
    PullResult result;
    if (frames == FrameCount{0}) return result;

    const Instant due = callbacks_.tick(now, frames);
    learn_from_arrivals(due, frames);
    if (state_ == State::empty || needed_.empty()) {
        renderer_.render_nothing({left, right});
        result.silent = frames;
        return result;
    }
    const std::uint64_t foretold_before = renderer_.foretold();
    if (state_ == State::waiting) {
        start(due, frames, effort);
        result.begins = true;
    } else {
        result.speed = follow_policy(due, frames, effort, result);
    }
    delay_ = delay_at(due);
    result.position = position_;
    const RenderedFrames rendered = renderer_.render(position_, result.speed, store_, effort, {left, right});
    result.silent = rendered.silent;
    result.played = rendered.played;
    result.concealed = rendered.concealed;
    result.foretold = renderer_.foretold() - foretold_before;
    position_ = snapped(advanced(position_, result.speed, frames));
    count(result);
    return result;
}

// What a packet needs is measured at the callbacks, for only they can use it.
void Playout::learn_from_arrivals(Instant due, FrameCount pull_frames) {
    const Duration pull = duration_of(pull_frames, rate_);
    const Duration packet = duration_of(store_.packet_frames(), rate_);
    for (const Arrival& arrival : arrivals_) {
        drift_.observe(arrival.at,
                       arrival.at.time_since_epoch() - duration_of(arrival.place - origin_, rate_));
    }
    if (!arrivals_.empty() && drift_.faster_ppb() != timeline_.faster_ppb()) {
        timeline_.turn(arrivals_[arrivals_.size() - 1].place, drift_.faster_ppb());
    }
    for (const Arrival& arrival : arrivals_) {
        const Instant place = timeline_.time_of(arrival.place);
        fastest_.observe(due, arrival.at - place);
        const DriftingNeed::Delays delays{
            .came = arrival.at - place, .used = due - place, .fastest = fastest_.value()};
        const std::int64_t faster_ppb = timeline_.faster_ppb();
        needed_.observe(
            due, faster_ppb != 0 ? drifting_need_.need(due, delays, pull, faster_ppb) : delays.used, packet);
    }
    arrivals_.clear();
}

Duration Playout::delay() const {
    if (state_ != State::running || fastest_.empty()) return Duration{0};
    return delay_ - fastest_.value();
}

void Playout::start(Instant due, FrameCount pull_frames, Effort effort) {
    started_ = due;
    const Duration since_origin = due - wanted_at(due, pull_frames) - timeline_.time_of(origin_);
    position_ = {origin_ + frames_in(since_origin, rate_), 0};
    store_.move_to(position_.frame);
    renderer_.jump_to(position_.frame, effort);
    state_ = State::running;
}

// The first packets of a stream say little about those to come: until more have, a pull's length is added to
// the delay.
Duration Playout::wanted_at(Instant due, FrameCount pull_frames) {
    const Duration left = std::clamp(started_ + caution_time - due, Duration{0}, caution_time);
    const Duration pull = duration_of(pull_frames, rate_);
    const Duration caution = pull * (left / caution_step) / (caution_time / caution_step);
    const Duration needed = needed_.wanted(due);
    if (timeline_.faster_ppb() == 0) return needed + caution;
    return std::max(needed, fastest_.value() + pull + drifting_need_.held()) + caution;
}

PlaySpeed Playout::follow_policy(Instant due, FrameCount pull_frames, Effort effort, PullResult& result) {
    const bool drifting = timeline_.faster_ppb() != 0;
    const bool ended = renderer_.has_ended(store_);
    const FrameCount back_free = ended ? frames_in(back_max, rate_) : renderer_.come_since(store_);
    const PlayoutPolicy::Step step = policy_.decide({.delay = delay_at(due),
                                                     .wanted = wanted_at(due, pull_frames),
                                                     .pull = pull_frames,
                                                     .back_free = back_free,
                                                     .drifting = drifting,
                                                     .fraction = position_.fraction});
    // What was made up of a stream that had ended is no credit for jumps.
    if (ended) policy_.restart();
    if (step.move != FrameCount{0}) ++stats_.slips;
    position_.frame += step.move;
    if (step.move > FrameCount{0}) {
        result.skipped = step.move;
        renderer_.skip(step.move, store_, effort);
    } else {
        result.repeated = -step.move;
        renderer_.go_back(-step.move, store_);
    }
    return speed_for(step.slew_frames, pull_frames);
}

PlaySpeed Playout::speed_for(double slew_frames, FrameCount pull_frames) const {
    const double slew_ppb = slew_frames * 1e9 / static_cast<double>(pull_frames.count());
    return PlaySpeed::faster_by_ppb(timeline_.faster_ppb() + static_cast<std::int64_t>(slew_ppb));
}

void Playout::count(const PullResult& result) {
    stats_.lost = store_.lost();
    stats_.late = store_.late();
    stats_.played_frames += unsigned_of(result.played);
    stats_.concealed_frames += unsigned_of(result.concealed);
    stats_.skipped_frames += unsigned_of(result.skipped);
}

}  // namespace rtjam
