// The canaries: for each checker a world with one bug in it, which it finds, and one without, of which it
// says nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "sim/checkers/amplification.hpp"
#include "sim/checkers/datagram_account.hpp"
#include "sim/checkers/finite_samples.hpp"
#include "sim/checkers/position_order.hpp"
#include "sim/checkers/proven_address.hpp"
#include "sim/checkers/recovery.hpp"
#include "sim/checkers/slot_time.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(FiniteSamples, one_that_is_not_is_found_in_either_channel) {
    const std::vector<float> good(23, 0.5F);
    constexpr float infinity = std::numeric_limits<float>::infinity();
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), infinity, -infinity}) {
        for (std::size_t place = 0; place < good.size(); ++place) {
            std::vector<float> broken = good;
            broken[place] = bad;
            Violations violations;
            check_finite({.left = good, .right = good}, "ann", violations);
            EXPECT_EQ(violations.count(), 0U);
            check_finite({.left = broken, .right = good}, "ann", violations);
            check_finite({.left = good, .right = broken}, "ann", violations);
            EXPECT_EQ(violations.count(), 2U) << bad << " at " << place;
        }
    }
}

TEST(FiniteSamples, very_large_ones_are_finite_though_their_sum_is_not) {
    const std::vector<float> large(100, std::numeric_limits<float>::max());
    Violations violations;
    check_finite({.left = large, .right = large}, "ann", violations);
    EXPECT_EQ(violations.count(), 0U);
}

TEST(FiniteSamples, infinities_of_both_signs_are_not) {
    std::vector<float> both(100, std::numeric_limits<float>::infinity());
    std::fill_n(both.begin(), 50, -std::numeric_limits<float>::infinity());
    Violations violations;
    check_finite({.left = both, .right = both}, "ann", violations);
    EXPECT_EQ(violations.count(), 1U);
}

TEST(Amplification, more_bytes_out_than_in_is_found_but_a_member_may_have_them) {
    Violations violations;
    check_amplification({.name = "m", .bytes_sent = 280, .bytes_received = 280}, violations);
    check_amplification({.name = "m", .bytes_sent = 280, .bytes_received = 900, .slots_taken = 1},
                        violations);
    EXPECT_EQ(violations.count(), 0U);
    check_amplification({.name = "m", .bytes_sent = 280, .bytes_received = 281}, violations);
    EXPECT_EQ(violations.count(), 1U);
}

TEST(ProvenAddress, a_slot_without_one_of_the_last_two_cookies_of_that_address_is_found) {
    const Endpoint ann = ipv4_endpoint({10, 0, 0, 1}, 20'000);
    const Endpoint forged = ipv4_endpoint({10, 0, 0, 2}, 20'000);
    const auto cookie = [](std::uint64_t value) { return ServerTime::of_cookie(value); };
    ProvenAddress proofs;
    Violations violations;
    for (const std::uint64_t each : {5U, 6U, 7U, 7U}) proofs.told(ann, cookie(each));
    proofs.told(ann, ServerTime::of_room(Instant{seconds{1}}));
    proofs.took_slot(ann, cookie(7), violations);
    proofs.took_slot(ann, cookie(6), violations);
    EXPECT_EQ(violations.count(), 0U);
    proofs.took_slot(ann, cookie(5), violations);
    proofs.took_slot(ann, ServerTime::of_room(Instant{seconds{1}}), violations);
    proofs.took_slot(ann, ServerTime{}, violations);
    proofs.took_slot(forged, cookie(7), violations);
    EXPECT_EQ(violations.count(), 4U);
    proofs.forget();
    proofs.took_slot(ann, cookie(7), violations);
    EXPECT_EQ(violations.count(), 5U);
}

TEST(DatagramAccount, one_that_vanishes_and_one_from_nowhere_are_found) {
    DatagramAccount account{
        .sent = 100, .duplicated = 5, .lost = 10, .cut = 3, .refused = 2, .delivered = 89, .under_way = 1};
    Violations violations;
    account.check("ann up", violations);
    EXPECT_EQ(violations.count(), 0U);
    --account.delivered;
    account.check("ann up", violations);
    account.delivered += 2;
    account.check("ann up", violations);
    EXPECT_EQ(violations.count(), 2U);
}

class SlotTimes : public testing::Test {
protected:
    void SetUp() override {
        slots_.joined(member_, Instant{});
        slots_.heard(member_, Instant{seconds{5}});
    }
    Endpoint member_ = ipv4_endpoint({10, 0, 0, 1}, 20'000);
    SlotTime slots_{seconds{1}, Duration{0}};
    Violations violations_;
};

TEST_F(SlotTimes, a_slot_that_is_free_in_time_is_right) {
    slots_.still_there(member_, Instant{milliseconds{6050}}, violations_);
    slots_.left(member_, Instant{milliseconds{6050}}, violations_);
    EXPECT_EQ(violations_.count(), 0U);
}

TEST_F(SlotTimes, one_that_is_kept_for_too_long_is_found_at_once_or_in_the_end) {
    slots_.still_there(member_, Instant{milliseconds{6101}}, violations_);
    slots_.left(member_, Instant{milliseconds{6101}}, violations_);
    EXPECT_EQ(violations_.count(), 2U);
}

TEST_F(SlotTimes, one_that_is_taken_from_who_was_heard_is_found) {
    slots_.left(member_, Instant{milliseconds{5900}}, violations_);
    EXPECT_EQ(violations_.count(), 1U);
}

PullResult pull_at(std::int64_t frame) {
    PullResult pull;
    pull.played = FrameCount{128};
    pull.position.frame = SamplePosition{frame};
    return pull;
}

TEST(PositionOrder, goes_on_or_jumps_as_announced) {
    PositionOrder order;
    Violations violations;
    order.note(pull_at(1000), FrameCount{128}, "s", violations);
    order.note(pull_at(1128), FrameCount{128}, "s", violations);
    PullResult skips = pull_at(1128 + 128 + 64);
    skips.skipped = FrameCount{64};
    order.note(skips, FrameCount{128}, "s", violations);
    PullResult begins = pull_at(7);
    begins.begins = true;
    order.note(begins, FrameCount{128}, "s", violations);
    EXPECT_EQ(violations.count(), 0U);
}

TEST(PositionOrder, a_jump_that_nobody_announced_is_found_either_way) {
    for (const std::int64_t wrong : {1000, 1128 + 2, 1128 - 2}) {
        PositionOrder order;
        Violations violations;
        order.note(pull_at(1000), FrameCount{128}, "s", violations);
        order.note(pull_at(wrong), FrameCount{128}, "s", violations);
        EXPECT_EQ(violations.count(), 1U) << wrong;
    }
}

TEST(Recovery, two_seconds_are_enough_and_never_is_too_late) {
    const auto violations_of = [](std::optional<Duration> after, Instant until) {
        Violations violations;
        check_recovery({.fault_end = Instant{seconds{5}}, .after = after, .watched_until = until}, "s",
                       violations);
        return violations.count();
    };
    EXPECT_EQ(violations_of(seconds{2}, Instant{seconds{20}}), 0U);
    EXPECT_EQ(violations_of(milliseconds{2001}, Instant{seconds{20}}), 1U);
    EXPECT_EQ(violations_of(std::nullopt, Instant{seconds{20}}), 1U);
    EXPECT_EQ(violations_of(std::nullopt, Instant{seconds{7}}), 0U);
}

}  // namespace
}  // namespace rtjam::sim
