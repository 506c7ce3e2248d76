#include "targets/common/send_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "core/testing/allocation_counter.hpp"

namespace rtjam {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::size_t transmits_max = std::size_t{64} * 64;

Endpoint peer(std::uint32_t number) {
    return ipv4_endpoint({10, 0, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)},
                         5000);
}

class SendPlanTest : public testing::Test {
protected:
    // The number is the transmit's own; its bytes lie where the others' do not.
    void add(const Endpoint& to, std::size_t number, std::size_t size = 540) {
        transmits_.push_back({to, std::span{bytes_}.subspan(number, size)});
    }
    std::span<SendPlan::Message> make() { return plan_.make(transmits_, SendPlan::Grouping::by_destination); }
    std::vector<std::size_t> numbers(const SendPlan::Message& message) const {
        std::vector<std::size_t> result;
        for (const iovec& datagram : message.datagrams) {
            result.push_back(
                static_cast<std::size_t>(static_cast<std::byte*>(datagram.iov_base) - bytes_.data()));
        }
        return result;
    }

    std::vector<std::byte> bytes_{std::size_t{70'000}};
    std::vector<Transmit> transmits_;
    SendPlan plan_{transmits_max};
};

TEST_F(SendPlanTest, nothing_to_send_is_no_message) {
    EXPECT_THAT(make(), IsEmpty());
}

TEST_F(SendPlanTest, packets_for_one_destination_are_one_message_in_their_order) {
    for (std::size_t i = 0; i < 6; ++i) add(peer(i % 2 == 0 ? 1 : 2), i);
    const auto messages = make();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[0].to, peer(1));
    EXPECT_EQ(messages[0].segment_bytes, 540U);
    EXPECT_THAT(numbers(messages[0]), ElementsAre(0, 2, 4));
    EXPECT_EQ(messages[1].to, peer(2));
    EXPECT_THAT(numbers(messages[1]), ElementsAre(1, 3, 5));
}

TEST_F(SendPlanTest, a_shorter_packet_ends_a_message_and_only_one_does) {
    add(peer(1), 0, 28);
    add(peer(1), 1);
    add(peer(1), 2, 28);
    add(peer(1), 3);
    add(peer(1), 4, 28);
    const auto messages = make();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_THAT(numbers(messages[0]), ElementsAre(1, 3, 0));
    EXPECT_EQ(messages[0].segment_bytes, 540U);
    EXPECT_THAT(numbers(messages[1]), ElementsAre(2, 4));
    EXPECT_EQ(messages[1].segment_bytes, 28U);
}

TEST_F(SendPlanTest, an_empty_datagram_goes_alone) {
    add(peer(1), 0);
    add(peer(1), 1, 0);
    add(peer(1), 2, 0);
    EXPECT_EQ(make().size(), 3U);
}

TEST_F(SendPlanTest, a_message_has_at_most_the_kernels_number_of_segments) {
    for (std::size_t i = 0; i < SendPlan::segments_max + 1; ++i) add(peer(1), i);
    const auto messages = make();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[0].datagrams.size(), SendPlan::segments_max);
    EXPECT_EQ(messages[1].datagrams.size(), 1U);
}

TEST_F(SendPlanTest, a_message_is_at_most_as_long_as_a_datagram_may_be) {
    constexpr std::size_t size = 1024;
    constexpr std::size_t fitting = SendPlan::message_bytes_max / size;
    static_assert(fitting < SendPlan::segments_max);
    for (std::size_t i = 0; i < SendPlan::segments_max; ++i) add(peer(1), i, size);
    const auto messages = make();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[0].datagrams.size(), fitting);
    EXPECT_EQ(messages[1].datagrams.size(), SendPlan::segments_max - fitting);
}

TEST_F(SendPlanTest, without_grouping_each_is_a_message_in_their_order) {
    for (std::size_t i = 0; i < 4; ++i) add(peer(i % 2 == 0 ? 1 : 2), i, i == 1 ? 28 : 540);
    const auto messages = plan_.make(transmits_, SendPlan::Grouping::none);
    ASSERT_EQ(messages.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_THAT(numbers(messages[i]), ElementsAre(i));
}

TEST_F(SendPlanTest, a_full_plan_loses_nothing_allocates_nothing_and_leaves_nothing_to_the_next) {
    for (std::size_t i = 0; i < transmits_max; ++i) add(peer(static_cast<std::uint32_t>(i * 7 % 4096)), i);
    const std::uint64_t before = allocations_so_far();
    for (int round = 0; round < 3; ++round) {
        std::size_t datagrams = 0;
        for (const SendPlan::Message& message : make()) datagrams += message.datagrams.size();
        ASSERT_EQ(datagrams, transmits_max);
    }
    EXPECT_EQ(allocations_so_far(), before);
}

TEST_F(SendPlanTest, endpoints_that_differ_in_anything_are_different_destinations) {
    Endpoint other_port = peer(1);
    other_port.port = 5001;
    Endpoint other_begin = peer(1);
    other_begin.address[0] = 0x20;
    for (const Endpoint& endpoint : {peer(1), other_port, other_begin, peer(2)}) add(endpoint, 0);
    EXPECT_EQ(make().size(), 4U);
}

}  // namespace
}  // namespace rtjam
