#include "targets/common/kernel_clock.hpp"

#include <gtest/gtest.h>
#include <time.h>

#include "targets/common/control_message.hpp"

namespace rtjam {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// A message as it is received, with the kernel's stamp.
class StampedMessage {
public:
    explicit StampedMessage(Duration stamp) {
        const auto whole = std::chrono::floor<seconds>(stamp);
        timespec time{};
        time.tv_sec = whole.count();
        time.tv_nsec = (stamp - whole).count();
        control_.put(header_, {SOL_SOCKET, SCM_TIMESTAMPNS}, time);
    }
    msghdr& header() { return header_; }

private:
    ControlBuffer<timespec> control_;
    msghdr header_{};
};

constexpr Instant now{seconds{500}};
constexpr Duration day_now = std::chrono::hours{480000} + nanoseconds{123};

class KernelClockTest : public testing::Test {
protected:
    static Instant arrival(Duration stamp, Duration age_max) {
        KernelClock clock{[] { return now; }, age_max, [] { return day_now; }};
        clock.look();
        StampedMessage message{stamp};
        return clock.arrival(message.header());
    }
};

TEST_F(KernelClockTest, what_is_stamped_arrived_as_long_ago_as_the_kernel_says) {
    for (const Duration age_max : {Duration{seconds{1}}, Duration::max()}) {
        EXPECT_EQ(arrival(day_now, age_max), now);
        EXPECT_EQ(arrival(day_now - milliseconds{3}, age_max), now - milliseconds{3});
        EXPECT_EQ(arrival(day_now - seconds{1}, age_max), now - seconds{1});
    }
    EXPECT_EQ(arrival(day_now - seconds{9}, Duration::max()), now - seconds{9});
}

TEST_F(KernelClockTest, a_time_of_day_that_was_set_in_between_is_not_believed) {
    EXPECT_EQ(arrival(day_now + Duration{1}, Duration::max()), now);
    EXPECT_EQ(arrival(day_now - seconds{1} - Duration{1}, seconds{1}), now);
    EXPECT_EQ(arrival(Duration{0}, seconds{1}), now);
}

TEST_F(KernelClockTest, what_has_no_stamp_has_arrived_now) {
    KernelClock clock{[] { return now; }, Duration::max(), [] { return day_now; }};
    clock.look();
    msghdr header{};
    EXPECT_EQ(clock.arrival(header), now);
}

TEST_F(KernelClockTest, who_is_kept_from_running_while_looking_sees_the_same) {
    Duration stalled{0};
    int looks = 0;
    KernelClock clock{[&] {
                          const Instant told = now + stalled;
                          if (++looks == 1) stalled += milliseconds{20};
                          return told;
                      },
                      Duration::max(), [&] { return day_now + stalled; }};
    clock.look();
    StampedMessage message{day_now};
    EXPECT_EQ(clock.arrival(message.header()), now);
}

}  // namespace
}  // namespace rtjam
