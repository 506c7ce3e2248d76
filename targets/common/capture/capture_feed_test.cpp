#include "targets/common/capture/capture_feed.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/testing/allocation_counter.hpp"

namespace rtjam {
namespace {

std::vector<std::byte> datagram(std::size_t size, int value) {
    return std::vector<std::byte>(size, static_cast<std::byte>(value));
}

TEST(CaptureFeed, what_is_put_in_comes_out_in_order_with_its_audio) {
    CaptureFeed feed{8, true};
    feed.push_datagram(datagram(540, 1), {}, Instant{Duration{5}}, true);
    feed.push_callback(Instant{Duration{6}});
    feed.push_datagram(datagram(10, 2), {}, Instant{Duration{7}}, false);
    feed.push_datagram(datagram(1024, 3), {}, Instant{Duration{8}}, false);
    EXPECT_EQ(feed.front()->size, 540U);
    EXPECT_TRUE(feed.front()->cookie_good);
    EXPECT_EQ(feed.front_audio()[511], std::byte{1});
    feed.pop();
    EXPECT_EQ(feed.front()->kind, CaptureItem::Kind::callback);
    EXPECT_EQ(feed.front()->at, Instant{Duration{6}});
    feed.pop();
    EXPECT_EQ(feed.front()->size, 10U);
    feed.pop();
    EXPECT_EQ(feed.front()->header_bytes[27], std::byte{3});
    EXPECT_EQ(feed.front_audio()[995], std::byte{3});
    feed.pop();
    EXPECT_EQ(feed.front(), nullptr);
}

TEST(CaptureFeed, what_finds_it_full_is_dropped_counted_and_told_by_the_next) {
    CaptureFeed feed{4, true};
    for (int i = 0; i < 7; ++i) feed.push_datagram(datagram(540, i), {}, Instant{}, false);
    EXPECT_EQ(feed.dropped(), 3U);
    for (int i = 0; i < 4; ++i, feed.pop()) {
        EXPECT_EQ(feed.front()->dropped_before, 0U);
        EXPECT_EQ(feed.front_audio()[0], static_cast<std::byte>(i));
    }
    feed.push_datagram(datagram(540, 9), {}, Instant{}, false);
    feed.push_callback(Instant{});
    EXPECT_EQ(feed.front()->dropped_before, 3U);
    feed.pop();
    EXPECT_EQ(feed.front()->dropped_before, 0U);
}

TEST(CaptureFeed, one_that_was_broken_off_takes_nothing_more) {
    CaptureFeed feed{4, false};
    feed.break_off();
    for (int i = 0; i < 9; ++i) feed.push_callback(Instant{});
    EXPECT_EQ(feed.front(), nullptr);
    EXPECT_EQ(feed.dropped(), 0U);
}

TEST(CaptureFeed, nothing_is_allocated_full_or_not) {
    CaptureFeed feed{64, true};
    const auto packet = datagram(1088, 1);
    const std::uint64_t before = allocations_so_far();
    for (int i = 0; i < 100; ++i) {
        feed.push_datagram(packet, {}, Instant{}, false);
        feed.push_callback(Instant{});
        feed.push_totals({}, Instant{});
        feed.push_engine({});
    }
    EXPECT_EQ(allocations_so_far(), before);
    EXPECT_EQ(feed.dropped(), 400U - 64U);
}

}  // namespace
}  // namespace rtjam
