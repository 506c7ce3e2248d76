#include "sim/quality/resampler_trial.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdio>
#include <cstdlib>
#include <numbers>

#include "core/playout/resampler.hpp"
#include "core/playout/resampler_taps.hpp"

namespace rtjam::sim::quality {
namespace {

constexpr FrameCount period{128};
constexpr int periods = 400;
constexpr std::array<double, 13> tones_hertz{100,  200,    500,    1000,   2000,   3000,  5000,
                                             7000, 10'000, 12'000, 15'000, 18'000, 20'000};
constexpr int response_step_hertz = 500;
constexpr int half_rate_hertz = 24'000;

double radians_per_frame(double hertz) {
    return 2.0 * std::numbers::pi * hertz / 48000.0;
}

double decibels(double power_ratio) {
    return 10.0 * std::log10(power_ratio);
}

PlaySpeed speed_in(Motion motion, int period_number) {
    switch (motion) {
        case Motion::drift:
            return PlaySpeed::faster_by_ppb(100'000);
        case Motion::slew:
            return PlaySpeed::faster_by_ppb(-5'000'000);
        case Motion::sweep:
            break;
    }
    return PlaySpeed::faster_by_ppb(100'000 * std::abs((period_number + 50) % 200 - 100) - 5'000'000);
}

// A cosine on the left and a sine on the right: together one phasor, which says gain and phase at once.
class Phasor {
public:
    explicit Phasor(double hertz) : omega_(radians_per_frame(hertz)) {}

    std::complex<double> at(PlayPosition place) const {
        return std::polar(1.0,
                          omega_ * (static_cast<double>(place.frame.frames()) + place.fraction * 0x1.0p-32));
    }

    // A period of it, resampled.
    AudioInput heard(PlayPosition from, PlaySpeed speed) {
        const SourceRange range = source_of(from, speed, period);
        const std::size_t length = range.frames.size();
        for (std::size_t i = 0; i < length; ++i) {
            const FrameCount offset{static_cast<std::int64_t>(i)};
            const std::complex<double> value = at({range.begin + offset, 0});
            left_[i] = static_cast<float>(value.real());
            right_[i] = static_cast<float>(value.imag());
        }
        resample({std::span{left_}.first(length), std::span{right_}.first(length)}, from, speed,
                 {out_left_, out_right_});
        return {out_left_, out_right_};
    }

private:
    double omega_;
    std::vector<float> left_ = std::vector<float>(source_frames_max(period).size());
    std::vector<float> right_ = left_;
    std::vector<float> out_left_ = std::vector<float>(period.size());
    std::vector<float> out_right_ = out_left_;
};

// What goes into each of the frames that are read at that fraction.
std::array<double, taps> weights_at(std::uint32_t fraction) {
    constexpr std::array<float, taps> zeros{};
    std::array<double, taps> weights{};
    for (std::size_t i = 0; i < taps; ++i) {
        std::array<float, taps> impulse = zeros;
        impulse[i] = 1.0F;
        float weight = 0.0F;
        float silent = 0.0F;
        resample({impulse, zeros}, {SamplePosition{0}, fraction}, PlaySpeed::faster_by_ppb(1),
                 {{&weight, 1}, {&silent, 1}});
        weights[i] = static_cast<double>(weight);
    }
    return weights;
}

// Against an ideal delay, which is 1 everywhere.
std::complex<double> response(std::uint32_t fraction, double hertz) {
    const std::array<double, taps> weights = weights_at(fraction);
    const double place = -static_cast<double>(taps_before) - fraction * 0x1.0p-32;
    std::complex<double> sum = 0.0;
    for (std::size_t i = 0; i < taps; ++i) {
        sum += std::polar(weights[i], radians_per_frame(hertz) * (static_cast<double>(i) + place));
    }
    return sum;
}

FrameCount measured_lookahead() {
    const PlayPosition between{SamplePosition{100}, 1U << 31};
    const SourceRange range = source_of(between, PlaySpeed{}, FrameCount{1});
    return range.begin + range.frames - FrameCount{1} - between.frame;
}

std::string with_unit(double value, const char* format) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), format, value);
    return text.data();
}

}  // namespace

ToneError tone_error(double hertz, Motion motion) {
    Phasor phasor{hertz};
    // Seen from a listener who turns with the sine, it stands still, at 1 if it is exact.
    std::complex<double> offset_sum = 0.0;
    double error_sum = 0.0;
    PlayPosition at{SamplePosition{1000}, 0};
    for (int n = 0; n < periods; ++n) {
        const PlaySpeed speed = speed_in(motion, n);
        const AudioInput heard = phasor.heard(at, speed);
        for (std::size_t i = 0; i < period.size(); ++i) {
            const std::complex<double> ideal =
                phasor.at(advanced(at, speed, FrameCount{static_cast<std::int64_t>(i)}));
            const std::complex<double> actual{static_cast<double>(heard.left[i]),
                                              static_cast<double>(heard.right[i])};
            const std::complex<double> offset = (actual - ideal) * std::conj(ideal);
            offset_sum += offset;
            error_sum += std::norm(offset);
        }
        at = advanced(at, speed, period);
    }
    const double frames = periods * static_cast<double>(period.count());
    const std::complex<double> mean_offset = offset_sum / frames;
    const double error = error_sum / frames;
    return {.thd_n_db = decibels((error - std::norm(mean_offset)) / std::norm(1.0 + mean_offset)),
            .error_db = decibels(error)};
}

ResponseResult response_at(double hertz) {
    ResponseResult found{.hertz = hertz};
    for (std::uint32_t step = 0; step < 4 * tap_phases; ++step) {
        const std::complex<double> value = response(step << 23, hertz);
        const double gain_db = decibels(std::norm(value));
        found.gain_db_min = std::min(found.gain_db_min, gain_db);
        found.gain_db_max = std::max(found.gain_db_max, gain_db);
        const double late_frames = std::fabs(std::arg(value)) / radians_per_frame(hertz);
        found.late_frames_max = std::max(found.late_frames_max, late_frames);
    }
    return found;
}

ResamplerResults measure_resampler() {
    ResamplerResults results{.tones = {}, .responses = {}, .lookahead = measured_lookahead()};
    for (const double hertz : tones_hertz) {
        ToneResult tone{.hertz = hertz, .by_motion = {}};
        std::transform(motions.begin(), motions.end(), tone.by_motion.begin(),
                       [hertz](Motion motion) { return tone_error(hertz, motion); });
        results.tones.push_back(tone);
    }
    for (int hertz = response_step_hertz; hertz < half_rate_hertz; hertz += response_step_hertz) {
        results.responses.push_back(response_at(hertz));
    }
    return results;
}

std::vector<std::string> shortcomings(const ResamplerResults& results) {
    std::vector<std::string> found;
    for (const ToneResult& tone : results.tones) {
        if (tone.hertz != thd_n_limit_hertz) continue;
        for (const Motion motion : motions) {
            const double thd_n_db = tone.by_motion[static_cast<std::size_t>(motion)].thd_n_db;
            if (thd_n_db <= thd_n_limit_db) continue;
            found.push_back("resampler, " + std::string{name_of(motion)} + ": THD+N " +
                            with_unit(thd_n_db, "%.1f dB") + with_unit(tone.hertz, " at %.0f Hz") +
                            with_unit(thd_n_limit_db, ", more than %.1f dB"));
        }
    }
    for (const ResponseResult& each : results.responses) {
        if (each.hertz > ripple_limit_hertz) break;
        const double ripple_db = std::max(-each.gain_db_min, each.gain_db_max);
        if (ripple_db <= ripple_limit_db) continue;
        found.push_back("resampler: the gain is off by" + with_unit(ripple_db, " %.2f dB") +
                        with_unit(each.hertz, " at %.0f Hz") +
                        with_unit(ripple_limit_db, ", more than %.2f dB"));
    }
    return found;
}

}  // namespace rtjam::sim::quality
