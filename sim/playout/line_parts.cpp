#include "sim/playout/line_parts.hpp"

#include <algorithm>

namespace rtjam::sim {
namespace {

Duration scaled(Duration duration, double factor) {
    return Duration{static_cast<std::int64_t>(static_cast<double>(duration.count()) * factor)};
}

}  // namespace

double draw_exponential(Rng& rng) {
    for (double whole = 0.0;; whole += 1.0) {
        const double first = rng.uniform();
        double last = first;
        double next = rng.uniform();
        bool odd = true;
        while (next < last) {
            odd = !odd;
            last = next;
            next = rng.uniform();
        }
        if (odd) return whole + first;
    }
}

Duration draw_exponential(Duration mean, Rng& rng) {
    return scaled(mean, draw_exponential(rng));
}

Duration draw_uniform(Duration from, Duration to, Rng& rng) {
    return from + scaled(to - from, rng.uniform());
}

bool EpisodeRow::advance(Instant at) {
    bool is_another = false;
    while (at >= end_) {
        begin_ = end_ + when_.pause + draw_exponential(when_.more_mean, rng_);
        end_ = begin_ + draw_uniform(when_.length_min, when_.length_max, rng_);
        is_another = true;
    }
    return is_another;
}

Instant StallPart::pass(Instant at) {
    if (!row_.exists()) return at;
    while (at >= end_) {
        if (followers_ > 0) {
            --followers_;
            begin_ = end_ + draw_uniform(Duration{0}, stalls_.followed_by, rng_);
            end_ = begin_ + draw_uniform(stalls_.when.length_min, stalls_.when.length_max, rng_);
            continue;
        }
        row_.advance(std::max(at, row_.end()));
        begin_ = row_.begin();
        end_ = row_.end();
        followers_ = static_cast<int>(rng_.below(static_cast<std::uint64_t>(stalls_.followers_max) + 1));
    }
    return at >= begin_ ? end_ : at;
}

Instant GridPart::pass(Instant at) {
    if (spacing_ == Duration{0}) return at;
    if (grid_.kept_mean > Duration{0} && at >= until_) {
        const auto end = std::find(grid_.spacings.begin(), grid_.spacings.end(), Duration{0});
        spacing_ = grid_.spacings[rng_.below(static_cast<std::uint64_t>(end - grid_.spacings.begin()))];
        until_ = at + draw_exponential(grid_.kept_mean, rng_);
    }
    const Duration beyond = at.time_since_epoch() % spacing_;
    return beyond == Duration{0} ? at : at + (spacing_ - beyond);
}

Instant RetransmissionPart::pass(Instant at) {
    for (int i = 0; i < shape_.attempts_max && rng_.chance(shape_.probability); ++i) at += shape_.time;
    return at;
}

Instant LevelPart::pass(Instant at) {
    if (shape_.largest == Duration{0}) return at;
    if (at >= until_) {
        level_ = draw_uniform(Duration{0}, shape_.largest, rng_);
        until_ = std::max(at, until_ + shape_.kept + draw_exponential(shape_.kept_mean, rng_));
    }
    return at + level_;
}

Instant CrossTrafficPart::pass(Instant at) {
    if (!row_.exists()) return at;
    if (row_.advance(at)) height_ = draw_uniform(shape_.height_min, shape_.height_max, rng_);
    if (!row_.contains(at)) return at;
    const double share = static_cast<double>((at - row_.begin()).count()) /
                         static_cast<double>((row_.end() - row_.begin()).count());
    return at + scaled(height_, share);
}

Instant DutyCyclePart::pass(Instant at) {
    if (!row_.exists()) return at;
    row_.advance(at);
    if (!row_.contains(at)) return at;
    const Duration into = at.time_since_epoch() % shape_.period;
    return into < shape_.blocked ? at + (shape_.blocked - into) : at;
}

LossPart::LossPart(const Loss& loss, Rng rng) : at_random_(loss.at_random), rng_(rng) {
    if (loss.in_bursts == 0.0) return;
    ends_ = 1.0 / loss.burst_packets_mean;
    begins_ = ends_ * loss.in_bursts / (1.0 - loss.in_bursts);
}

bool LossPart::loses_next() {
    is_bad_ = is_bad_ ? !rng_.chance(ends_) : rng_.chance(begins_);
    return rng_.chance(at_random_) || is_bad_;
}

}  // namespace rtjam::sim
