#include "sim/quality/measures.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "sim/quality/clicks.hpp"
#include "sim/quality/spectrum.hpp"

namespace rtjam::sim::quality {
namespace {

double spectral_distance_db(std::span<const double> sent, std::span<const double> played) {
    // What rounding to 16 bits leaves in a bin: a twelfth of a step squared for each sample, times Hann's
    // mean square.
    constexpr double step = 1.0 / 32768.0;
    constexpr double rounding = step * step / 12.0 * 0.375 * static_cast<double>(window_frames);
    const double floor = std::max(1e-6 * *std::max_element(sent.begin(), sent.end()), rounding);
    double sum = 0.0;
    for (std::size_t i = 0; i < sent.size(); ++i) {
        const double db = 10.0 * std::log10(std::max(sent[i], floor) / std::max(played[i], floor));
        sum += db * db;
    }
    return std::sqrt(sum / static_cast<double>(sent.size()));
}

}  // namespace

std::vector<Stretch> damaged_parts(std::span<const Stretch> gaps, SamplePosition end) {
    std::vector<Stretch> parts;
    for (const Stretch& gap : gaps) {
        const SamplePosition joined = std::min(gap.end + merge_frames, end);
        if (!parts.empty() && gap.begin <= parts.back().end) {
            parts.back().end = joined;
        } else {
            parts.push_back({gap.begin, joined});
        }
    }
    return parts;
}

double signal_to_error_db(const SentAndPlayed& signals, std::span<const Stretch> parts) {
    assert(signals.sent.size() == signals.played.size());
    constexpr double bound_db = 200.0;
    double signal = 0.0;
    double error = 0.0;
    for (const Stretch& part : parts) {
        for (std::size_t i = index_of(part.begin); i < index_of(part.end); ++i) {
            const double sent = static_cast<double>(signals.sent[i]);
            const double difference = sent - static_cast<double>(signals.played[i]);
            signal += sent * sent;
            error += difference * difference;
        }
    }
    if (error == 0.0) return bound_db;
    if (signal == 0.0) return -bound_db;
    return std::clamp(10.0 * std::log10(signal / error), -bound_db, bound_db);
}

double log_spectral_distance_db(const SentAndPlayed& signals, std::span<const Stretch> gaps) {
    assert(signals.sent.size() == signals.played.size());
    constexpr FrameCount window{static_cast<std::int64_t>(window_frames)};
    const SamplePosition end = position_of(signals.sent.size());
    double sum = 0.0;
    int windows = 0;
    auto gap = gaps.begin();
    for (SamplePosition at{0}; at + window <= end; at += FrameCount{window.count() / 2}) {
        while (gap != gaps.end() && gap->end <= at) ++gap;
        if (gap == gaps.end()) break;
        if (gap->begin >= at + window) continue;
        sum += spectral_distance_db(power_spectrum(signals.sent.subspan(index_of(at), window_frames)),
                                    power_spectrum(signals.played.subspan(index_of(at), window_frames)));
        ++windows;
    }
    return windows == 0 ? 0.0 : sum / windows;
}

double worst_click_dbfs(const SentAndPlayed& signals, std::span<const Stretch> gaps) {
    assert(signals.sent.size() == signals.played.size());
    const std::vector<double> sent = high_part(signals.sent);
    const std::vector<double> played = high_part(signals.played);
    double worst = 0.0;
    for (const Stretch& gap : gaps) {
        const double local = largest(sent, {gap.begin - around_seam, gap.end + around_seam});
        const double heard = largest(played, {gap.begin - before_seam, gap.end + after_seam});
        worst = std::max(worst, heard - local);
    }
    return click_dbfs(worst);
}

std::vector<double> splice_clicks_dbfs(const SentAndPlayed& signals, std::span<const Splice> splices) {
    const std::vector<double> sent = high_part(signals.sent);
    const std::vector<double> played = high_part(signals.played);
    std::vector<double> clicks;
    for (const Splice& splice : splices) {
        const double local = std::max(largest(sent, {splice.from - around_seam, splice.from + around_seam}),
                                      largest(sent, {splice.to - around_seam, splice.to + around_seam}));
        const double heard = largest(played, {splice.at - before_seam, splice.at + after_seam});
        clicks.push_back(click_dbfs(heard - local));
    }
    return clicks;
}

}  // namespace rtjam::sim::quality
