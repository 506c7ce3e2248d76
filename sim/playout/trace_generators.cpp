#include "sim/playout/trace_generators.hpp"

#include <algorithm>
#include <cassert>

#include "sim/playout/line_parts.hpp"

namespace rtjam::sim {
namespace {

// Streams of random numbers, one for each part of a line.
enum Stream : std::uint64_t {
    jitter_stream,
    levels_stream,
    traffic_stream,
    retransmission_stream,
    grid_stream,
    cycle_stream,
    loss_stream,
    reordering_stream,
    skew_stream,
    stalls_stream  // the last one: stalls have several
};

class Line {
public:
    Line(const LineShape& shape, const GeneratorOptions& options)
        : shape_(shape),
          step_at_(Instant{options.length * 2 / 3}),
          jitter_(Rng{options.seed}.fork(jitter_stream)),
          levels_(shape.levels, Rng{options.seed}.fork(levels_stream)),
          traffic_(shape.cross_traffic, Rng{options.seed}.fork(traffic_stream)),
          retransmission_(shape.retransmission, Rng{options.seed}.fork(retransmission_stream)),
          grid_(shape.grid, Rng{options.seed}.fork(grid_stream)),
          cycle_(shape.duty_cycle, Rng{options.seed}.fork(cycle_stream)),
          loss_(shape.loss, Rng{options.seed}.fork(loss_stream)),
          reordering_(Rng{options.seed}.fork(reordering_stream)) {
        std::uint64_t stream = stalls_stream;
        for (const Stalls& stalls : shape.stalls) {
            stalls_.emplace_back(stalls, Rng{options.seed}.fork(stream++));
        }
    }

    std::optional<Instant> send(Instant sent) {
        Instant at = sent + shape_.delay + draw_exponential(shape_.jitter_mean, jitter_);
        if (sent >= step_at_) at += shape_.step;
        at = grid_.pass(retransmission_.pass(traffic_.pass(levels_.pass(at))));
        at = cycle_.pass(at);
        for (StallPart& part : stalls_) at = part.pass(at);
        // One queue all the way: what was sent later does not arrive before.
        at = latest_ = std::max(at, latest_);
        if (reordering_.chance(shape_.reordering.probability)) {
            at += draw_uniform(shape_.reordering.extra_min, shape_.reordering.extra_max, reordering_);
        }
        if (loss_.loses_next()) return std::nullopt;
        return at;
    }

private:
    const LineShape& shape_;
    Instant step_at_;
    Rng jitter_;
    LevelPart levels_;
    CrossTrafficPart traffic_;
    RetransmissionPart retransmission_;
    GridPart grid_;
    DutyCyclePart cycle_;
    std::vector<StallPart> stalls_;
    LossPart loss_;
    Rng reordering_;
    Instant latest_;
};

}  // namespace

Trace generate_trace(const TraceKind& kind, const GeneratorOptions& options) {
    const std::int64_t count =
        frames_in(options.length, sample_rate_48k).count() / options.packet_frames.count();
    assert(count >= 0 && count <= static_cast<std::int64_t>(trace_packets_max));
    Trace trace{.name = std::string{kind.name}, .packet_frames = options.packet_frames, .packets = {}};
    trace.packets.reserve(static_cast<std::size_t>(count));
    Line line{kind.shape, options};
    for (std::int64_t i = 0; i < count; ++i) {
        const Instant sent = Instant{} + duration_of(options.packet_frames * i, sample_rate_48k);
        trace.packets.push_back({.sent = sent, .arrived = line.send(sent)});
    }
    if (kind.shape.skew_ppm == 0.0) return trace;
    const bool faster = Rng{options.seed}.fork(skew_stream).chance(0.5);
    return with_listener_skew(trace, faster ? kind.shape.skew_ppm : -kind.shape.skew_ppm);
}

}  // namespace rtjam::sim
