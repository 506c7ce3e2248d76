#include "sim/playout/trace_figures.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "sim/playout/fastest_line.hpp"
#include "sim/playout/limits.hpp"
#include "sim/playout/peak_hold.hpp"
#include "sim/playout/reactive_limit.hpp"
#include "sim/playout/reconvergence.hpp"
#include "sim/playout/replay.hpp"

namespace rtjam::sim {
namespace {

constexpr double lambda_high = 20.0;
constexpr double lambda_low = 5.0;
// What is left after the settling time must say something.
constexpr Duration judged_min = std::chrono::seconds{1};

constexpr std::array<Metric<TraceFigures>, 25> figure_table{{
    {"added_delay_ms", &TraceFigures::added_delay_ms},
    {"excess_bad_percent", &TraceFigures::excess_bad_percent},
    {"excess_bad_percent_worst", &TraceFigures::excess_bad_percent_worst},
    {"j20", &TraceFigures::j20},
    {"j5", &TraceFigures::j5},
    {"j20_limit", &TraceFigures::j20_limit},
    {"j5_limit", &TraceFigures::j5_limit},
    {"j20_limit_strict", &TraceFigures::j20_limit_strict},
    {"j20_limit_reactive", &TraceFigures::j20_limit_reactive},
    {"r", &TraceFigures::r},
    {"r5", &TraceFigures::r5},
    {"r_strict", &TraceFigures::r_strict},
    {"r_reactive", &TraceFigures::r_reactive},
    {"slips", &TraceFigures::slips},
    {"concealed_frames", &TraceFigures::concealed_frames},
    {"concealed_frames_worst", &TraceFigures::concealed_frames_worst},
    {"skipped_frames", &TraceFigures::skipped_frames},
    {"repeated_frames", &TraceFigures::repeated_frames},
    {"bent_percent", &TraceFigures::bent_percent},
    {"late_packets", &TraceFigures::late_packets},
    {"resets", &TraceFigures::resets},
    {"reconverge_ms", &TraceFigures::reconverge_ms},
    {"delay_deviation_max_ms", &TraceFigures::delay_deviation_max_ms},
    {"lost_percent", &TraceFigures::lost_percent},
    {"trace_skew_ppm", &TraceFigures::trace_skew_ppm},
}};

double ms_of(FrameCount frames) {
    return static_cast<double>(frames.count()) * 1000.0 / sample_rate_48k.hertz();
}

// As fmax, what is not a number counts only if nothing else is there.
void keep_larger(double& kept, double value) {
    kept = std::fmax(kept, value);
}

void add_phase(TraceFigures& figures, const ReplayFigures& phase, std::span<const Excursion> excursions,
               double share) {
    figures.added_delay_ms += share * phase.added_delay_ms;
    const double excess_bad_percent = phase.bad_percent - figures.lost_percent;
    figures.excess_bad_percent += share * excess_bad_percent;
    keep_larger(figures.excess_bad_percent_worst, excess_bad_percent);
    figures.slips += share * phase.slips;
    figures.concealed_frames += share * phase.concealed_frames;
    keep_larger(figures.concealed_frames_worst, phase.concealed_frames);
    figures.skipped_frames += share * phase.skipped_frames;
    figures.repeated_frames += share * phase.repeated_frames;
    figures.bent_percent += share * phase.bent_percent;
    figures.late_packets += share * phase.late_packets;
    figures.resets += share * phase.resets;
    const Reconvergence settled = reconvergence(phase.delays, excursions);
    keep_larger(figures.reconverge_ms, settled.longest_ms);
    keep_larger(figures.delay_deviation_max_ms, settled.deviation_max_ms);
}

std::span<const double> judged(const Trace& trace, const std::vector<double>& delays_ms) {
    return std::span{delays_ms}.subspan(first_judged(trace));
}

}  // namespace

std::span<const Metric<TraceFigures>> trace_metrics() {
    return figure_table;
}

std::optional<std::string> unfit_to_measure(const Trace& trace) {
    const Instant judged_from = trace.packets.front().sent + settling_time;
    if (trace.packets.back().sent - judged_from < judged_min) {
        return "expected more than 11 s, of which the first 10 s are not judged";
    }
    if (lost_percent(trace) == 100.0) return "expected a packet that arrives after the first 10 s";
    return std::nullopt;
}

TraceFigures measure(const Trace& given, const MeasureOptions& options) {
    // The skew that is added is known: it need not be found again in what it has become.
    const FastestLine given_line = FastestLine::below(given);
    const FastestLine line = given_line.with_listener_skew(options.skew_ppm);
    const Trace trace = with_listener_skew(given, options.skew_ppm);
    const FrameCount period = options.period.value_or(trace.packet_frames);
    const std::vector<double> delays_ms = delays_above_ms(trace, line);
    const std::vector<Excursion> excursions = excursions_of(trace, line);

    TraceFigures figures;
    figures.lost_percent = lost_percent(trace);
    figures.trace_skew_ppm = given_line.skew_ppm();
    figures.excess_bad_percent_worst = not_measured;
    figures.concealed_frames_worst = not_measured;
    figures.reconverge_ms = not_measured;
    figures.delay_deviation_max_ms = not_measured;
    if (!options.callbacks.empty()) {
        add_phase(figures, replay(trace, line, period, options.callbacks), excursions, 1.0);
    } else {
        for (int phase = 0; phase < replay_phases; ++phase)
            add_phase(figures, replay(trace, line, period, phase), excursions, 1.0 / replay_phases);
    }
    const Duration packet_period = duration_of(trace.packet_frames, sample_rate_48k);
    figures.j20 = figures.added_delay_ms + lambda_high * figures.excess_bad_percent;
    figures.j5 = figures.added_delay_ms + lambda_low * figures.excess_bad_percent;
    figures.j20_limit = delay_limit_ms(judged(trace, delays_ms), packet_period, lambda_high);
    figures.j5_limit = delay_limit_ms(judged(trace, delays_ms), packet_period, lambda_low);
    figures.j20_limit_strict =
        delay_limit_ms(judged(trace, delays_ms), packet_period, lambda_high, StallPrice::whole);
    figures.j20_limit_reactive = reactive_limit_ms(judged(trace, delays_ms), packet_period, lambda_high);
    const double half_period_ms = ms_of(period) / 2.0;
    figures.r = figures.j20 / (figures.j20_limit + half_period_ms);
    figures.r5 = figures.j5 / (figures.j5_limit + half_period_ms);
    figures.r_strict = figures.j20 / (figures.j20_limit_strict + half_period_ms);
    figures.r_reactive = figures.j20 / (figures.j20_limit_reactive + half_period_ms);
    return figures;
}

TraceLimits limits_of(const Trace& trace) {
    const std::vector<double> all_delays_ms = delays_above_ms(trace, FastestLine::below(trace));
    const std::span<const double> delays_ms = judged(trace, all_delays_ms);
    const Duration period = duration_of(trace.packet_frames, sample_rate_48k);
    const double half_period_ms = ms_of(trace.packet_frames) / 2.0;
    const double j20_limit = delay_limit_ms(delays_ms, period, lambda_high);
    const double reactive = reactive_limit_ms(delays_ms, period, lambda_high);
    const double peak_hold = best_peak_hold_ms(delays_ms, period, lambda_high);
    // The half period cannot be avoided by them either.
    const auto r_of = [&](double j20) { return (j20 + half_period_ms) / (j20_limit + half_period_ms); };
    return {.j20_limit = j20_limit,
            .j5_limit = delay_limit_ms(delays_ms, period, lambda_low),
            .j20_limit_strict = delay_limit_ms(delays_ms, period, lambda_high, StallPrice::whole),
            .j20_limit_reactive = reactive,
            .peak_hold20 = peak_hold,
            .r_of_reactive = r_of(reactive),
            .r_of_peak_hold = r_of(peak_hold),
            .fixed20_limit = fixed_delay_limit_ms(delays_ms, lambda_high),
            .fixed5_limit = fixed_delay_limit_ms(delays_ms, lambda_low)};
}

TraceFigures mean_of(std::span<const TraceFigures> all) {
    TraceFigures mean;
    for (const Metric<TraceFigures>& figure : trace_metrics()) {
        const bool geometric = figure.value == &TraceFigures::r || figure.value == &TraceFigures::r5 ||
                               figure.value == &TraceFigures::r_strict ||
                               figure.value == &TraceFigures::r_reactive;
        double sum = 0.0;
        double count = 0.0;
        for (const TraceFigures& each : all) {
            const double value = each.*(figure.value);
            if (std::isnan(value)) continue;
            sum += geometric ? std::log(value) : value;
            count += 1.0;
        }
        mean.*(figure.value) = geometric ? std::exp(sum / count) : sum / count;
    }
    return mean;
}

}  // namespace rtjam::sim
