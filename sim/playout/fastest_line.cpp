#include "sim/playout/fastest_line.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace rtjam::sim {
namespace {

constexpr double drift_ns_min = 0.25e6;
constexpr double evidence_factor = 3.0;
constexpr std::size_t parts = 16;

// A packet that has arrived: sent that long after the first, and its delay, both in nanoseconds.
struct Point {
    double sent;
    double delay;
};

struct Floor {
    double offset_ns;
    double slope;
    double at(double sent) const { return offset_ns + slope * sent; }
};

std::vector<Point> points_of(const Trace& trace) {
    const Instant origin = trace.packets.front().sent;
    std::vector<Point> points;
    points.reserve(trace.packets.size());
    for (const TracePacket& packet : trace.packets) {
        if (!packet.arrived) continue;
        points.push_back({.sent = static_cast<double>((packet.sent - origin).count()),
                          .delay = static_cast<double>((*packet.arrived - packet.sent).count())});
    }
    return points;
}

// From left to right; of points that were sent at the same time, the lowest counts.
std::vector<Point> lower_hull(const std::vector<Point>& points) {
    std::vector<Point> hull;
    const auto is_above = [](const Point& middle, const Point& left, const Point& right) {
        return (middle.delay - left.delay) * (right.sent - left.sent) >=
               (right.delay - left.delay) * (middle.sent - left.sent);
    };
    for (const Point& point : points) {
        if (!hull.empty() && hull.back().sent == point.sent) {
            if (hull.back().delay <= point.delay) continue;
            hull.pop_back();
        }
        while (hull.size() >= 2 && is_above(hull.back(), hull[hull.size() - 2], point)) hull.pop_back();
        hull.push_back(point);
    }
    return hull;
}

Floor sloped_floor(const std::vector<Point>& points) {
    const std::vector<Point> hull = lower_hull(points);
    if (hull.size() < 2) return {.offset_ns = hull.front().delay, .slope = 0.0};
    double sum = 0.0;
    for (const Point& point : points) sum += point.sent;
    const double mean = sum / static_cast<double>(points.size());
    auto right = std::find_if(hull.begin() + 1, hull.end() - 1,
                              [mean](const Point& point) { return point.sent >= mean; });
    const auto left = right - 1;
    const double slope = (right->delay - left->delay) / (right->sent - left->sent);
    return {.offset_ns = left->delay - slope * left->sent, .slope = slope};
}

Floor flat_floor(const std::vector<Point>& points) {
    const auto fastest =
        std::min_element(points.begin(), points.end(),
                         [](const Point& left, const Point& right) { return left.delay < right.delay; });
    return {.offset_ns = fastest->delay, .slope = 0.0};
}

// Of each part's packet that lies lowest above the floor, how far that is; summed.
double distance_of(const std::vector<Point>& points, const Floor& floor) {
    std::array<double, parts> lowest{};
    lowest.fill(std::numeric_limits<double>::infinity());
    const double length = points.back().sent + 1.0;
    for (const Point& point : points) {
        const auto part = static_cast<std::size_t>(point.sent / length * static_cast<double>(parts));
        lowest[part] = std::min(lowest[part], point.delay - floor.at(point.sent));
    }
    double sum = 0.0;
    for (const double each : lowest) sum += std::isfinite(each) ? each : 0.0;
    return sum;
}

}  // namespace

FastestLine FastestLine::below(const Trace& trace) {
    const std::vector<Point> points = points_of(trace);
    const Floor flat = flat_floor(points);
    const Floor sloped = sloped_floor(points);
    const bool drifts = std::abs(sloped.slope) * points.back().sent >= drift_ns_min;
    const bool evident = drifts && distance_of(points, sloped) * evidence_factor <= distance_of(points, flat);
    const Floor& floor = evident ? sloped : flat;
    return {trace.packets.front().sent, floor.offset_ns, 1.0 + floor.slope};
}

FastestLine FastestLine::with_listener_skew(double ppm) const {
    const double stretch = 1.0 + ppm * 1e-6;
    return {origin_, offset_ns_ * stretch, rate_ * stretch};
}

Instant FastestLine::arrival_of(Instant sent) const {
    const auto passed = static_cast<double>((sent - origin_).count());
    return origin_ + Duration{std::llround(offset_ns_ + rate_ * passed)};
}

double FastestLine::ms_above(Instant sent, Instant at) const {
    const auto passed = static_cast<double>((sent - origin_).count());
    return (static_cast<double>((at - origin_).count()) - offset_ns_ - rate_ * passed) * 1e-6;
}

std::vector<double> delays_above_ms(const Trace& trace, const FastestLine& line) {
    std::vector<double> delays;
    delays.reserve(trace.packets.size());
    for (const TracePacket& packet : trace.packets) {
        delays.push_back(packet.arrived ? line.ms_above(packet.sent, *packet.arrived)
                                        : std::numeric_limits<double>::infinity());
    }
    return delays;
}

}  // namespace rtjam::sim
