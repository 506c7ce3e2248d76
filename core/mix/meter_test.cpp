#include "core/mix/meter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace rtjam {
namespace {

void process_seconds(Meter& meter, float value, float seconds) {
    const std::vector<float> block(96, value);
    const int blocks = static_cast<int>(seconds * 500.0F);
    for (int i = 0; i < blocks; ++i) meter.process(block, 1.0F);
}

TEST(Meter, reads_nothing_at_first) {
    const Meter meter{sample_rate_48k};
    EXPECT_EQ(meter.reading().peak, 0.0F);
    EXPECT_EQ(meter.reading().rms, 0.0F);
}

TEST(Meter, peak_is_the_largest_magnitude_after_the_gain) {
    Meter meter{sample_rate_48k};
    meter.process(std::vector<float>{0.1F, -0.5F, 0.3F}, 2.0F);
    EXPECT_FLOAT_EQ(meter.reading().peak, 1.0F);
}

TEST(Meter, peak_falls_twenty_db_in_a_second) {
    Meter meter{sample_rate_48k};
    meter.process(std::vector<float>{1.0F}, 1.0F);
    process_seconds(meter, 0.0F, 1.0F);
    EXPECT_NEAR(meter.reading().peak, 0.1F, 0.001F);
}

TEST(Meter, peak_does_not_fall_below_what_sounds) {
    Meter meter{sample_rate_48k};
    process_seconds(meter, 0.25F, 10.0F);
    EXPECT_FLOAT_EQ(meter.reading().peak, 0.25F);
}

TEST(Meter, rms_of_a_sine_settles_at_its_amplitude_over_root_two) {
    Meter meter{sample_rate_48k};
    std::vector<float> second(48000);
    for (std::size_t i = 0; i < second.size(); ++i) {
        second[i] = std::sin(2.0F * std::numbers::pi_v<float> * static_cast<float>(i) / 48.0F);
    }
    for (std::size_t i = 0; i + 128 <= second.size(); i += 128) {
        meter.process(std::span{second}.subspan(i, 128), 0.5F);
    }
    for (std::size_t i = 0; i + 128 <= second.size(); i += 128) {
        meter.process(std::span{second}.subspan(i, 128), 0.5F);
    }
    EXPECT_NEAR(meter.reading().rms, 0.5F / std::numbers::sqrt2_v<float>, 0.002F);
    EXPECT_NEAR(meter.reading().peak, 0.5F, 0.001F);
}

TEST(Meter, rms_reaches_63_percent_of_a_step_in_power_after_300_ms) {
    Meter meter{sample_rate_48k};
    process_seconds(meter, 1.0F, 0.3F);
    EXPECT_NEAR(meter.reading().rms * meter.reading().rms, 0.632F, 0.005F);
}

TEST(Meter, comes_to_rest_at_exactly_zero) {
    Meter meter{sample_rate_48k};
    process_seconds(meter, 1.0F, 1.0F);
    process_seconds(meter, 0.0F, 20.0F);
    EXPECT_EQ(meter.reading().peak, 0.0F);
    EXPECT_EQ(meter.reading().rms, 0.0F);
}

TEST(Meter, takes_what_is_not_a_number_for_silence) {
    Meter meter{sample_rate_48k};
    const float infinity = std::numeric_limits<float>::infinity();
    meter.process(std::vector<float>{std::nanf(""), infinity, -infinity, 0.5F}, 1.0F);
    EXPECT_FLOAT_EQ(meter.reading().peak, 0.5F);
    EXPECT_TRUE(std::isfinite(meter.reading().rms));
}

TEST(Meter, an_empty_block_changes_nothing) {
    Meter meter{sample_rate_48k};
    meter.process(std::vector<float>{0.5F}, 1.0F);
    const MeterReading before = meter.reading();
    meter.process({}, 1.0F);
    EXPECT_EQ(meter.reading().peak, before.peak);
    EXPECT_EQ(meter.reading().rms, before.rms);
}

}  // namespace
}  // namespace rtjam
