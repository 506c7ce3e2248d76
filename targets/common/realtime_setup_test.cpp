#include "targets/common/realtime_setup.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <cerrno>
#include <thread>

namespace rtjam {
namespace {

int policy_of(pthread_t thread) {
    int policy = -1;
    sched_param parameters{};
    EXPECT_EQ(pthread_getschedparam(thread, &policy, &parameters), 0);
    return policy & ~SCHED_RESET_ON_FORK;
}

TEST(RealtimeSetup, priority_is_set_where_permitted_and_taken_back_by_zero) {
    std::thread thread([] {
        const int result = set_realtime_priority(pthread_self(), 1);
        if (result == 0) {
            EXPECT_EQ(policy_of(pthread_self()), SCHED_FIFO);
        } else {
            EXPECT_EQ(result, EPERM);
            EXPECT_EQ(policy_of(pthread_self()), SCHED_OTHER);
        }
        // A process without the right may always give the priority up.
        EXPECT_EQ(set_realtime_priority(pthread_self(), 0), 0);
        EXPECT_EQ(policy_of(pthread_self()), SCHED_OTHER);
    });
    thread.join();
}

TEST(RealtimeSetup, a_priority_beyond_the_systems_is_refused) {
    EXPECT_EQ(set_realtime_priority(pthread_self(), 100), EINVAL);
    EXPECT_EQ(policy_of(pthread_self()), SCHED_OTHER);
}

}  // namespace
}  // namespace rtjam
