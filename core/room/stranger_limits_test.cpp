#include "core/room/stranger_limits.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using std::chrono::seconds;

const Instant start{seconds{100}};
constexpr SipHashKey key{1, 2, 3};
constexpr StrangerRates rates{.all = {.per_second = 100, .burst = 50},
                              .of_customer = {.per_second = 1, .burst = 5}};

Endpoint host(std::uint32_t network, std::uint8_t number) {
    return ipv4_endpoint(
        {10, static_cast<std::uint8_t>(network >> 8), static_cast<std::uint8_t>(network), number}, 5000);
}

TEST(StrangerLimits, one_customer_has_its_burst_and_takes_nothing_from_the_others) {
    StrangerLimits limits{key};
    int given = 0;
    for (int i = 0; i < 1000; ++i) {
        given += limits.take(rates, host(1, static_cast<std::uint8_t>(i)), start) ? 1 : 0;
    }
    EXPECT_EQ(given, 5);
    EXPECT_TRUE(limits.take(rates, host(2, 1), start));
}

TEST(StrangerLimits, all_customers_together_have_a_burst_too) {
    StrangerLimits limits{key};
    int given = 0;
    for (std::uint32_t network = 0; network < 10'000; ++network) {
        given += limits.take(rates, host(network, 1), start) ? 1 : 0;
    }
    EXPECT_EQ(given, 50);
    EXPECT_TRUE(limits.take(rates, host(20'000, 1), start + seconds{1}));
}

// A token each 10 ms, and two forged sources in each 10 ms that keep exact time: who comes between two of
// them would find nothing, ever.
TEST(StrangerLimits, a_flood_that_keeps_time_leaves_an_honest_stranger_a_chance) {
    StrangerLimits limits{key};
    int honest_tries = 0;
    int honest_given = 0;
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        const Instant now = start + i * std::chrono::milliseconds{5};
        limits.take(rates, host(i, 1), now);
        if (i % 10 != 0) continue;
        ++honest_tries;
        const StrangerRates of_all{.all = rates.all, .of_customer = {}};
        honest_given += limits.take(of_all, host(60'000, 1), now + std::chrono::milliseconds{2}) ? 1 : 0;
    }
    EXPECT_GT(honest_given, honest_tries / 3);
}

TEST(StrangerLimits, who_was_heard_last_is_remembered_among_a_thousand) {
    StrangerLimits limits{key};
    const StrangerRates of_one{.all = {}, .of_customer = rates.of_customer};
    for (int i = 0; i < 100; ++i) limits.take(of_one, host(0, 1), start);
    for (std::uint32_t network = 1; network < StrangerLimits::customers_max / 8; ++network) {
        limits.take(of_one, host(network, 1), start);
    }
    EXPECT_FALSE(limits.take(of_one, host(0, 1), start));
}

}  // namespace
}  // namespace rtjam
