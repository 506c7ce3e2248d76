#include "core/base/duration_histogram.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;

TEST(DurationHistogram, a_bound_is_the_last_duration_of_its_class) {
    for (std::size_t i = 0; i < DurationHistogram::bounds_us.size(); ++i) {
        DurationHistogram histogram;
        histogram.add(DurationHistogram::bound(i));
        histogram.add(DurationHistogram::bound(i) + nanoseconds{1});
        EXPECT_EQ(histogram.count_in(i), 1U);
        EXPECT_EQ(histogram.count_in(i + 1), 1U);
    }
}

TEST(DurationHistogram, what_is_shorter_or_longer_than_all_bounds_counts_too) {
    DurationHistogram histogram;
    histogram.add(nanoseconds{0});
    histogram.add(std::chrono::hours{1});
    EXPECT_EQ(histogram.count_in(0), 1U);
    EXPECT_EQ(histogram.count_in(DurationHistogram::classes - 1), 1U);
    EXPECT_EQ(histogram.count(), 2U);
    EXPECT_EQ(histogram.sum(), std::chrono::hours{1});
}

TEST(DurationHistogram, a_quantile_is_the_bound_that_so_many_do_not_exceed) {
    DurationHistogram histogram;
    for (int i = 0; i < 99; ++i) histogram.add(microseconds{60});
    histogram.add(microseconds{250});
    EXPECT_EQ(histogram.quantile_bound(0.5), microseconds{70});
    EXPECT_EQ(histogram.quantile_bound(0.99), microseconds{70});
    EXPECT_EQ(histogram.quantile_bound(1.0), microseconds{300});
}

TEST(DurationHistogram, a_quantile_of_nothing_is_zero_and_one_beyond_all_bounds_is_the_last) {
    DurationHistogram histogram;
    EXPECT_EQ(histogram.quantile_bound(0.99), Duration{0});
    histogram.add(std::chrono::seconds{1});
    EXPECT_EQ(histogram.quantile_bound(0.99), std::chrono::milliseconds{100});
}

}  // namespace
}  // namespace rtjam
