#include "sim/playout/reconvergence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace rtjam::sim {
namespace {

constexpr Duration level_time = std::chrono::seconds{1};
constexpr std::size_t step_levels = 5;
constexpr double step_ms_min = 3.0;
constexpr double spike_ms_min = 20.0;
constexpr Duration spikes_apart_min = std::chrono::milliseconds{500};
constexpr Duration quiet_min = std::chrono::milliseconds{2500};
constexpr Duration settled_min = std::chrono::milliseconds{500};
constexpr double settled_ms = 2.0;

double ms_of(Duration duration) {
    return static_cast<double>(duration.count()) * 1e-6;
}

class Levels {
public:
    Levels(const Trace& trace, std::span<const double> delays_ms) : origin_(trace.packets.front().sent) {
        levels_.resize(second_of(trace.packets.back().sent) + 1, std::numeric_limits<double>::infinity());
        for (std::size_t i = 0; i < delays_ms.size(); ++i) {
            double& level = levels_[second_of(trace.packets[i].sent)];
            level = std::min(level, delays_ms[i]);
        }
        // A second in which everything was lost is like the one before.
        for (std::size_t i = 1; i < levels_.size(); ++i) {
            if (std::isinf(levels_[i])) levels_[i] = levels_[i - 1];
        }
    }

    std::size_t count() const { return levels_.size(); }
    std::size_t second_of(Instant sent) const {
        return static_cast<std::size_t>((sent - origin_) / level_time);
    }
    Instant start_of(std::size_t second) const {
        return origin_ + level_time * static_cast<std::int64_t>(second);
    }
    double highest_around(std::size_t second) const {
        const std::size_t from = second == 0 ? 0 : second - 1;
        return extremes(from, std::min(second + 2, levels_.size())).second;
    }

    // Half way between the levels, if there is a step between that second and the one before.
    std::optional<double> step_before(std::size_t second) const {
        if (second < step_levels || second + step_levels > levels_.size()) return std::nullopt;
        const auto [before_min, before_max] = extremes(second - step_levels, second);
        const auto [after_min, after_max] = extremes(second, second + step_levels);
        if (after_min - before_max >= step_ms_min) return (after_min + before_max) / 2.0;
        if (before_min - after_max >= step_ms_min) return (before_min + after_max) / 2.0;
        return std::nullopt;
    }
    bool goes_up_before(std::size_t second) const { return levels_[second] > levels_[second - 1]; }

private:
    std::pair<double, double> extremes(std::size_t from, std::size_t to) const {
        const auto begin = levels_.begin();
        const auto [min, max] = std::minmax_element(begin + static_cast<std::ptrdiff_t>(from),
                                                    begin + static_cast<std::ptrdiff_t>(to));
        return {*min, *max};
    }

    Instant origin_;
    std::vector<double> levels_;
};

// Where the packets of the second around a step cross the middle for good.
Excursion step_at(const Trace& trace, std::span<const double> delays_ms, const Levels& levels,
                  std::size_t second, double middle) {
    const bool up = levels.goes_up_before(second);
    const Instant from = levels.start_of(up ? second - 1 : second);
    auto first = static_cast<std::size_t>(
        std::partition_point(trace.packets.begin(), trace.packets.end(),
                             [from](const TracePacket& packet) { return packet.sent < from; }) -
        trace.packets.begin());
    std::size_t new_level = first;
    for (std::size_t i = first; i < delays_ms.size() && trace.packets[i].sent < from + level_time; ++i) {
        if (up && delays_ms[i] < middle) new_level = i + 1;
        if (!up && delays_ms[i] < middle) {
            new_level = i;
            break;
        }
    }
    while (new_level + 1 < delays_ms.size() && !trace.packets[new_level].arrived) ++new_level;
    const TracePacket& packet = trace.packets[new_level];
    const Instant at = packet.arrived.value_or(packet.sent);
    return {.kind = Excursion::Kind::step, .begin = at, .end = at};
}

void add_spikes(const Trace& trace, const FastestLine& line, std::span<const double> delays_ms,
                const Levels& levels, std::vector<Excursion>& excursions) {
    std::optional<Excursion> spike;
    for (std::size_t i = 0; i < delays_ms.size(); ++i) {
        const TracePacket& packet = trace.packets[i];
        if (!packet.arrived) continue;
        if (delays_ms[i] < levels.highest_around(levels.second_of(packet.sent)) + spike_ms_min) continue;
        const Instant begin = line.arrival_of(packet.sent);
        if (spike && begin - spike->end >= spikes_apart_min) {
            excursions.push_back(*spike);
            spike.reset();
        }
        if (!spike) spike = Excursion{.kind = Excursion::Kind::spike, .begin = begin, .end = *packet.arrived};
        spike->end = std::max(spike->end, *packet.arrived);
    }
    if (spike) excursions.push_back(*spike);
}

double median_of(std::span<const DelaySample> delays) {
    std::vector<double> values;
    values.reserve(delays.size());
    for (const DelaySample& sample : delays) values.push_back(sample.delay_ms);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::span<const DelaySample> between(std::span<const DelaySample> delays, Instant from, Instant to) {
    const auto before = [](const DelaySample& sample, Instant at) { return sample.at < at; };
    const auto first = std::lower_bound(delays.begin(), delays.end(), from, before);
    const auto last = std::lower_bound(first, delays.end(), to, before);
    return {first, last};
}

double time_to_settle_ms(std::span<const DelaySample> delays, double median, Instant end, Instant until) {
    std::optional<Instant> settled;
    for (const DelaySample& sample : between(delays, end, until)) {
        if (std::abs(sample.delay_ms - median) > settled_ms) {
            settled.reset();
            continue;
        }
        if (!settled) settled = sample.at;
        if (sample.at - *settled >= settled_min) return ms_of(*settled - end);
    }
    return ms_of(until - end);
}

}  // namespace

std::vector<Excursion> excursions_of(const Trace& trace, const FastestLine& line) {
    const std::vector<double> delays_ms = delays_above_ms(trace, line);
    const Levels levels{trace, delays_ms};
    std::vector<Excursion> excursions;
    for (std::size_t second = 1; second < levels.count(); ++second) {
        if (const std::optional<double> middle = levels.step_before(second)) {
            excursions.push_back(step_at(trace, delays_ms, levels, second, *middle));
            second += step_levels - 1;
        }
    }
    add_spikes(trace, line, delays_ms, levels, excursions);
    std::sort(excursions.begin(), excursions.end(),
              [](const Excursion& left, const Excursion& right) { return left.begin < right.begin; });
    return excursions;
}

Reconvergence reconvergence(std::span<const DelaySample> delays, std::span<const Excursion> excursions) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    Reconvergence result{.longest_ms = none, .deviation_max_ms = none};
    if (delays.empty()) return result;
    const Instant begin = delays.front().at;
    const Instant end = delays.back().at;
    // Without a step the whole time is one level.
    std::vector<Instant> steps;
    for (const Excursion& each : excursions) {
        if (each.kind == Excursion::Kind::step && each.end > begin && each.end < end)
            steps.push_back(each.end);
    }
    steps.push_back(Instant::max());
    Instant level_begin = Instant::min();
    for (const Instant level_end : steps) {
        const auto level = between(delays, level_begin, level_end);
        if (level.empty()) continue;
        const double median = median_of(level);
        for (const DelaySample& sample : level) {
            result.deviation_max_ms = std::fmax(result.deviation_max_ms, std::abs(sample.delay_ms - median));
        }
        for (std::size_t i = 0; i < excursions.size(); ++i) {
            const Excursion& each = excursions[i];
            if (each.begin < begin || each.end < level_begin || each.end >= level_end) continue;
            const Instant until = i + 1 < excursions.size() ? std::min(excursions[i + 1].begin, end) : end;
            if (until - each.end < quiet_min) continue;
            result.longest_ms =
                std::fmax(result.longest_ms, time_to_settle_ms(delays, median, each.end, until));
        }
        level_begin = level_end;
    }
    return result;
}

}  // namespace rtjam::sim
