#include "sim/quality/clicks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace rtjam::sim::quality {
namespace {

// Two poles and two zeros, by the bilinear transform.
class HighPass {
public:
    HighPass(double tangent, double quality) {
        const double norm = 1.0 / (1.0 + tangent / quality + tangent * tangent);
        gain_ = norm;
        feedback_1_ = 2.0 * (tangent * tangent - 1.0) * norm;
        feedback_2_ = (1.0 - tangent / quality + tangent * tangent) * norm;
    }
    double next(double in) {
        const double out = gain_ * in + state_1_;
        state_1_ = -2.0 * gain_ * in - feedback_1_ * out + state_2_;
        state_2_ = gain_ * in - feedback_2_ * out;
        return out;
    }

private:
    double gain_;
    double feedback_1_;
    double feedback_2_;
    double state_1_ = 0.0;
    double state_2_ = 0.0;
};

double reading_of_a_unit_step() {
    std::array<float, 480> step{};
    std::fill(step.begin() + 1, step.end(), 1.0F);
    return largest(high_part(step), {SamplePosition{0}, position_of(step.size())});
}

}  // namespace

std::vector<double> high_part(std::span<const float> samples) {
    const double tangent = std::tan(std::numbers::pi * 8000.0 / 48000.0);
    // The two pairs of poles of Butterworth's fourth order.
    std::array<HighPass, 2> sections{HighPass{tangent, 0.541196}, HighPass{tangent, 1.306563}};
    std::vector<double> high;
    high.reserve(samples.size());
    for (const float sample : samples) {
        high.push_back(std::fabs(sections[1].next(sections[0].next(static_cast<double>(sample)))));
    }
    return high;
}

double largest(std::span<const double> values, Stretch part) {
    const SamplePosition begin = std::max(part.begin, SamplePosition{0});
    const SamplePosition end = std::min(part.end, position_of(values.size()));
    double found = 0.0;
    for (std::size_t i = index_of(begin); i < index_of(end); ++i) found = std::max(found, values[i]);
    return found;
}

double click_dbfs(double high_excess) {
    const double height = high_excess / reading_of_a_unit_step();
    return height > 0.0 ? std::max(20.0 * std::log10(height), click_least_dbfs) : click_least_dbfs;
}

}  // namespace rtjam::sim::quality
