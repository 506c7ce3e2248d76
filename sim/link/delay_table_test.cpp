#include "sim/link/delay_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace rtjam::sim {
namespace {

struct Moments {
    double mean;
    double deviation;
};

Moments moments_of(const DelayTable& table) {
    double sum = 0.0;
    double squares = 0.0;
    for (const std::int16_t value : table.values()) {
        const double scaled = static_cast<double>(value) / static_cast<double>(DelayTable::unit);
        sum += scaled;
        squares += scaled * scaled;
    }
    const auto count = static_cast<double>(table.values().size());
    return {.mean = sum / count, .deviation = std::sqrt(squares / count)};
}

TEST(DelayTable, all_have_mean_0_and_rise) {
    for (const DelayTable* table :
         {&normal_table(), &pareto_table(), &paretonormal_table(), &gamma_table()}) {
        EXPECT_TRUE(std::is_sorted(table->values().begin(), table->values().end()));
        // What lies beyond 4 deviations is cut off.
        EXPECT_NEAR(moments_of(*table).mean, 0.0, 0.035);
    }
    EXPECT_NEAR(moments_of(normal_table()).deviation, 1.0, 0.002);
    EXPECT_NEAR(moments_of(gamma_table()).deviation, 1.0, 0.02);
    // Of iproute2's own tables: 0.820 and 0.834.
    EXPECT_NEAR(moments_of(pareto_table()).deviation, 0.820, 0.01);
    EXPECT_NEAR(moments_of(paretonormal_table()).deviation, 0.834, 0.02);
}

TEST(DelayTable, the_normal_one_has_the_known_quantiles) {
    const auto at = [](double u) {
        return static_cast<double>(normal_table().offset(u, Duration{1'000'000}).count()) / 1e6;
    };
    EXPECT_NEAR(at(0.5), 0.0, 0.001);
    EXPECT_NEAR(at(0.841345), 1.0, 0.001);
    EXPECT_NEAR(at(0.022750), -2.0, 0.003);
}

TEST(DelayTable, the_pareto_one_is_flat_below_and_has_a_tail_above) {
    const auto& values = pareto_table().values();
    // The median is the cube root of 2, the mean 1.5; iproute2's table has −0.3201 and −0.6666 there.
    EXPECT_NEAR(static_cast<double>(values[values.size() / 2]) / DelayTable::unit, -0.3201, 0.002);
    EXPECT_NEAR(static_cast<double>(values.front()) / DelayTable::unit, -0.6666, 0.002);
    EXPECT_EQ(values.back(), 32767);
}

TEST(DelayTable, the_ends_of_the_unit_interval_are_in_it) {
    const DelayTable table{{-8192, 0, 8192}};
    EXPECT_EQ(table.offset(0.0, Duration{100}), Duration{-100});
    EXPECT_EQ(table.offset(0x1.fffffffffffffp-1, Duration{100}), Duration{100});
}

TEST(DelayTable, reads_what_iproute2_writes) {
    std::istringstream file{"# comment\n -8192 0\t\n8192\n"};
    const auto table = read_delay_table(file);
    ASSERT_TRUE(table);
    EXPECT_EQ(table->values(), (std::vector<std::int16_t>{-8192, 0, 8192}));
}

TEST(DelayTable, refuses_what_is_no_table) {
    for (const char* text : {"", "# only\n", "1 2 x\n", "1.5\n", "40000\n"}) {
        std::istringstream file{text};
        EXPECT_FALSE(read_delay_table(file)) << text;
    }
    std::ostringstream many;
    for (std::size_t i = 0; i <= DelayTable::values_max; ++i) many << "1 ";
    std::istringstream file{many.str()};
    EXPECT_FALSE(read_delay_table(file));
}

}  // namespace
}  // namespace rtjam::sim
