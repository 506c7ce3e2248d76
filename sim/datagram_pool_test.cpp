#include "sim/datagram_pool.hpp"

#include <gtest/gtest.h>

#include <array>

namespace rtjam::sim {
namespace {

constexpr std::array<std::byte, 3> bytes{std::byte{1}, std::byte{2}, std::byte{3}};

TEST(DatagramPool, what_several_hold_is_there_until_all_have_released_it) {
    DatagramPool pool{1};
    const auto slot = pool.store(bytes);
    ASSERT_TRUE(slot);
    pool.hold(*slot);
    pool.release(*slot);
    EXPECT_EQ(pool.bytes(*slot)[2], bytes[2]);
    EXPECT_FALSE(pool.store(bytes)) << "full";
    pool.release(*slot);
    EXPECT_EQ(pool.store(bytes), slot);
}

TEST(DatagramPoolDeathTest, what_nobody_holds_is_not_used) {
    DatagramPool pool{1};
    const auto slot = pool.store(bytes);
    ASSERT_TRUE(slot);
    pool.release(*slot);
    EXPECT_DEATH(pool.hold(*slot), "holders");
    EXPECT_DEATH(pool.release(*slot), "holders");
    EXPECT_DEATH(pool.bytes(*slot), "holders");
    EXPECT_DEATH(pool.packet(*slot), "holders");
}

}  // namespace
}  // namespace rtjam::sim
