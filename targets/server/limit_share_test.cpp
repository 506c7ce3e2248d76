#include "targets/server/limit_share.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

constexpr RoomLimits whole{
    .of_member = {.per_second = 3000, .burst = 750},
    .challenges = {.all = {.per_second = 1000, .burst = 500},
                   .of_customer = {.per_second = 100, .burst = 50}},
    .joins = {.all = {.per_second = 200, .burst = 400}, .of_customer = {.per_second = 0, .burst = 1}}};

TEST(LimitShare, one_thread_has_it_all) {
    EXPECT_EQ(share_of(whole, 1), whole);
}

TEST(LimitShare, the_parts_are_no_more_than_the_whole_and_hardly_less) {
    for (const std::uint32_t threads : {2U, 3U, 7U, 16U}) {
        const RoomLimits share = share_of(whole, threads);
        for (const auto& [part, all] : {std::pair{share.challenges.all, whole.challenges.all},
                                        std::pair{share.challenges.of_customer, whole.challenges.of_customer},
                                        std::pair{share.joins.all, whole.joins.all}}) {
            EXPECT_LE(part.per_second * threads, all.per_second);
            EXPECT_GT(part.per_second * threads, all.per_second - threads);
            EXPECT_LE(part.burst * threads, all.burst);
            EXPECT_GT(part.burst * threads, all.burst - threads);
        }
        EXPECT_EQ(share.of_member, whole.of_member);
        EXPECT_EQ(share.joins.of_customer, whole.joins.of_customer) << "no limit is no limit";
    }
}

TEST(LimitShare, a_thread_lets_at_least_one_in) {
    const RoomLimits share = share_of(whole, 64);
    EXPECT_EQ(share.challenges.of_customer, (Rate{.per_second = 1, .burst = 1}));
}

}  // namespace
}  // namespace rtjam
