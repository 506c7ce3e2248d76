// The parts that generated lines are made of. Each takes the time at which a packet would arrive and returns
// when it does, drawing from a generator of its own; times come in the order of sending, so that they may go
// back by as much as earlier parts jitter. No libm: its last digit differs between machines.
#pragma once

#include <optional>

#include "core/base/rng.hpp"
#include "core/base/time.hpp"
#include "sim/playout/line_shape.hpp"

namespace rtjam::sim {

// Exponential with mean 1, from comparisons of uniform numbers alone (von Neumann, "Various techniques used
// in connection with random digits", 1951).
double draw_exponential(Rng& rng);
Duration draw_exponential(Duration mean, Rng& rng);
Duration draw_uniform(Duration from, Duration to, Rng& rng);

// A row of episodes, the latest of which is known.
class EpisodeRow {
public:
    EpisodeRow(const Episodes& when, Rng rng) : when_(when), rng_(rng) {}

    bool exists() const { return when_.length_max > Duration{0}; }
    // Goes on until the episode has not ended at that time; true if it has begun another one.
    bool advance(Instant at);
    bool contains(Instant at) const { return at >= begin_ && at < end_; }
    Instant begin() const { return begin_; }
    Instant end() const { return end_; }

private:
    Episodes when_;
    Rng rng_;
    Instant begin_;
    Instant end_;
};

class StallPart {
public:
    StallPart(const Stalls& stalls, Rng rng)
        : stalls_(stalls), row_(stalls.when, rng.fork(0)), rng_(rng.fork(1)) {}
    Instant pass(Instant at);

private:
    Stalls stalls_;
    EpisodeRow row_;
    Rng rng_;
    Instant begin_;
    Instant end_;
    int followers_ = 0;
};

class GridPart {
public:
    GridPart(const Grid& grid, Rng rng) : grid_(grid), rng_(rng), spacing_(grid.spacings[0]) {}
    Instant pass(Instant at);

private:
    Grid grid_;
    Rng rng_;
    Duration spacing_;
    Instant until_;
};

class RetransmissionPart {
public:
    RetransmissionPart(const Retransmission& retransmission, Rng rng) : shape_(retransmission), rng_(rng) {}
    Instant pass(Instant at);

private:
    Retransmission shape_;
    Rng rng_;
};

class LevelPart {
public:
    LevelPart(const Levels& levels, Rng rng) : shape_(levels), rng_(rng) {}
    Instant pass(Instant at);

private:
    Levels shape_;
    Rng rng_;
    Duration level_{0};
    Instant until_;
};

class CrossTrafficPart {
public:
    CrossTrafficPart(const CrossTraffic& traffic, Rng rng)
        : shape_(traffic), row_(traffic.when, rng.fork(0)), rng_(rng.fork(1)) {}
    Instant pass(Instant at);

private:
    CrossTraffic shape_;
    EpisodeRow row_;
    Rng rng_;
    Duration height_{0};
};

class DutyCyclePart {
public:
    DutyCyclePart(const DutyCycle& cycle, Rng rng) : shape_(cycle), row_(cycle.when, rng) {}
    Instant pass(Instant at);

private:
    DutyCycle shape_;
    EpisodeRow row_;
};

class LossPart {
public:
    LossPart(const Loss& loss, Rng rng);
    bool loses_next();

private:
    double at_random_;
    double begins_ = 0.0;  // probability that a burst does with the next packet
    double ends_ = 1.0;
    bool is_bad_ = false;
    Rng rng_;
};

}  // namespace rtjam::sim
