#include "sim/link/link.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace rtjam::sim {
namespace {

using std::chrono::milliseconds;

constexpr int packets = 20'000;
constexpr std::size_t datagram_bytes = 540;

Instant sending_time(int packet) {
    return Instant{packet * milliseconds{3}};
}

// The arrivals of `packets` datagrams sent 3 ms apart, those of each datagram together.
std::vector<StaticVector<Arrival, 2>> run(const LinkConfig& config, std::uint64_t seed = 1) {
    Link link{config, Rng{seed}};
    std::vector<StaticVector<Arrival, 2>> arrivals;
    arrivals.reserve(packets);
    for (int i = 0; i < packets; ++i) arrivals.push_back(link.send(sending_time(i), datagram_bytes));
    return arrivals;
}

TEST(Link, without_jitter_everything_arrives_once_after_the_delay) {
    const auto arrivals = run({.delay = milliseconds{20}});
    for (int i = 0; i < packets; ++i) {
        const auto& each = arrivals[static_cast<std::size_t>(i)];
        ASSERT_EQ(each.size(), 1U);
        EXPECT_EQ(each[0].at, sending_time(i) + milliseconds{20});
    }
}

TEST(Link, uniform_jitter_stays_within_its_bounds_and_fills_them) {
    const auto arrivals = run({.delay = milliseconds{20}, .jitter = milliseconds{1}});
    Duration smallest = Duration::max();
    Duration largest = Duration::min();
    for (int i = 0; i < packets; ++i) {
        const Duration delay = arrivals[static_cast<std::size_t>(i)][0].at - sending_time(i);
        smallest = std::min(smallest, delay);
        largest = std::max(largest, delay);
    }
    EXPECT_GE(smallest, milliseconds{19});
    EXPECT_LE(largest, milliseconds{21});
    EXPECT_LT(smallest, std::chrono::microseconds{19'010});
    EXPECT_GT(largest, std::chrono::microseconds{20'990});
}

TEST(Link, normal_jitter_has_the_given_deviation) {
    const auto arrivals = run({.delay = milliseconds{50},
                               .jitter = milliseconds{2},
                               .distribution = Distribution::normal,
                               .keep_order = false});
    double sum = 0.0;
    double sum_of_squares = 0.0;
    for (int i = 0; i < packets; ++i) {
        const auto delay = arrivals[static_cast<std::size_t>(i)][0].at - sending_time(i) - milliseconds{50};
        const double ms = static_cast<double>(delay.count()) * 1e-6;
        sum += ms;
        sum_of_squares += ms * ms;
    }
    EXPECT_NEAR(sum / packets, 0.0, 0.05);
    EXPECT_NEAR(sum_of_squares / packets, 4.0, 0.15);
}

TEST(Link, nothing_arrives_before_it_was_sent) {
    const auto arrivals = run({.delay = milliseconds{1}, .jitter = milliseconds{50}, .keep_order = false});
    for (int i = 0; i < packets; ++i) EXPECT_GE(arrivals[static_cast<std::size_t>(i)][0].at, sending_time(i));
}

TEST(Link, order_is_kept_in_spite_of_jitter) {
    const auto arrivals = run({.delay = milliseconds{20}, .jitter = milliseconds{15}});
    for (std::size_t i = 1; i < arrivals.size(); ++i) EXPECT_GE(arrivals[i][0].at, arrivals[i - 1][0].at);
}

TEST(Link, without_keep_order_jitter_reorders) {
    const auto arrivals = run({.delay = milliseconds{20}, .jitter = milliseconds{15}, .keep_order = false});
    int overtaken = 0;
    for (std::size_t i = 1; i < arrivals.size(); ++i)
        overtaken += arrivals[i][0].at < arrivals[i - 1][0].at ? 1 : 0;
    EXPECT_GT(overtaken, packets / 10);
}

TEST(Link, loses_and_duplicates_the_given_shares) {
    Link link{{.loss = {0.02}, .duplicate = {0.1}}, Rng{7}};
    std::size_t arrived = 0;
    for (int i = 0; i < packets; ++i) arrived += link.send(sending_time(i), datagram_bytes).size();
    EXPECT_EQ(link.counters().sent, static_cast<std::uint64_t>(packets));
    EXPECT_NEAR(static_cast<double>(link.counters().lost), packets * 0.02, 80.0);
    EXPECT_NEAR(static_cast<double>(link.counters().duplicated), packets * 0.098, 200.0);
    EXPECT_EQ(arrived, link.counters().sent - link.counters().lost + link.counters().duplicated);
}

TEST(Link, certain_loss_lets_nothing_through) {
    for (const auto& each : run({.loss = {1.0}, .duplicate = {1.0}})) EXPECT_TRUE(each.empty());
}

TEST(Link, a_reordered_datagram_is_overtaken_and_holds_up_nobody) {
    const auto arrivals =
        run({.delay = milliseconds{20}, .reorder = {0.05}, .reorder_extra = milliseconds{7}});
    int reordered = 0;
    for (int i = 0; i < packets; ++i) {
        const Duration delay = arrivals[static_cast<std::size_t>(i)][0].at - sending_time(i);
        if (delay == milliseconds{27}) {
            ++reordered;
        } else {
            EXPECT_EQ(delay, milliseconds{20});
        }
    }
    EXPECT_NEAR(reordered, packets * 0.05, 120);
}

TEST(Link, more_loss_changes_no_delay_of_what_still_arrives) {
    const LinkConfig clean{.delay = milliseconds{20}, .jitter = milliseconds{5}, .keep_order = false};
    LinkConfig lossy = clean;
    lossy.loss.probability = 0.3;
    lossy.duplicate.probability = 0.2;
    const auto without = run(clean);
    const auto with = run(lossy);
    for (std::size_t i = 0; i < with.size(); ++i) {
        if (with[i].empty()) continue;
        EXPECT_EQ(with[i][0].at, without[i][0].at);
    }
}

TEST(Link, what_could_not_happen_before_is_drawn_as_if_it_could) {
    LinkConfig later{.delay = milliseconds{20}, .jitter = milliseconds{5}};
    later.loss.probability = later.duplicate.probability = later.reorder.probability = 0.3;
    later.corrupt.probability = 0.3;
    later.udp_checksum = false;
    LinkConfig hardly = later;
    hardly.loss.probability = hardly.duplicate.probability = hardly.reorder.probability = 1e-12;
    hardly.corrupt.probability = 1e-12;
    Link drawn{hardly, Rng{1}};
    Link not_drawn{{.delay = later.delay, .jitter = later.jitter, .udp_checksum = false}, Rng{1}};
    for (Link* link : {&drawn, &not_drawn}) {
        for (int i = 0; i < 100; ++i) link->send(Instant{}, datagram_bytes);
        link->change(later);
    }
    for (int i = 0; i < 100; ++i) {
        const auto expected = drawn.send(Instant{}, datagram_bytes);
        const auto arrivals = not_drawn.send(Instant{}, datagram_bytes);
        ASSERT_EQ(arrivals.size(), expected.size());
        for (std::size_t j = 0; j < arrivals.size(); ++j) {
            EXPECT_EQ(arrivals[j].at, expected[j].at);
            EXPECT_EQ(arrivals[j].flipped_bit, expected[j].flipped_bit);
        }
    }
    EXPECT_GT(not_drawn.counters().lost, 0U);
    EXPECT_GT(not_drawn.counters().corrupted, 0U);
}

TEST(Link, one_seed_gives_one_line_and_another_seed_another) {
    const LinkConfig config{.delay = milliseconds{20}, .jitter = milliseconds{5}};
    const auto first = run(config, 1);
    const auto again = run(config, 1);
    const auto other = run(config, 2);
    std::size_t differing = 0;
    for (std::size_t i = 0; i < first.size(); ++i) {
        EXPECT_EQ(first[i][0].at, again[i][0].at);
        differing += first[i][0].at != other[i][0].at ? 1U : 0U;
    }
    EXPECT_GT(differing, first.size() / 2);
}

TEST(Link, the_latest_of_correlated_delays_is_near_the_one_before) {
    const auto mean_step = [](double correlation) {
        const auto arrivals = run({.delay = milliseconds{50},
                                   .jitter = milliseconds{10},
                                   .jitter_correlation = correlation,
                                   .keep_order = false});
        double sum = 0.0;
        for (std::size_t i = 1; i < arrivals.size(); ++i) {
            const Duration step = arrivals[i][0].at - arrivals[i - 1][0].at - milliseconds{3};
            sum += static_cast<double>(std::max(step, -step).count());
        }
        return sum / packets;
    };
    EXPECT_LT(mean_step(0.9), mean_step(0.0) / 5.0);
}

TEST(Link, a_flipped_bit_is_found_out_by_the_checksum) {
    Link link{{.corrupt = {0.1}}, Rng{3}};
    for (int i = 0; i < packets; ++i) {
        for (const Arrival& arrival : link.send(sending_time(i), datagram_bytes))
            EXPECT_FALSE(arrival.flipped_bit);
    }
    EXPECT_EQ(link.counters().lost, link.counters().corrupted);
    EXPECT_NEAR(static_cast<double>(link.counters().corrupted), packets * 0.1, 200.0);
}

TEST(Link, without_a_checksum_it_arrives_and_lies_within_the_datagram) {
    Link link{{.corrupt = {0.1}, .udp_checksum = false}, Rng{3}};
    std::size_t flipped = 0;
    for (int i = 0; i < packets; ++i) {
        const auto arrivals = link.send(sending_time(i), datagram_bytes);
        ASSERT_EQ(arrivals.size(), 1U);
        if (!arrivals[0].flipped_bit) continue;
        ++flipped;
        EXPECT_LT(*arrivals[0].flipped_bit, datagram_bytes * 8);
    }
    EXPECT_EQ(flipped, link.counters().corrupted);
    EXPECT_EQ(link.counters().lost, 0U);
}

TEST(Link, which_bit_is_flipped_does_not_depend_on_how_many_were_before) {
    Link all{{.corrupt = {1.0}, .udp_checksum = false}, Rng{3}};
    Link some{{.corrupt = {0.1}, .udp_checksum = false}, Rng{3}};
    for (int i = 0; i < packets; ++i) {
        const auto of_all = all.send(sending_time(i), datagram_bytes);
        const auto of_some = some.send(sending_time(i), datagram_bytes);
        EXPECT_TRUE(!of_some[0].flipped_bit || of_some[0].flipped_bit == of_all[0].flipped_bit);
    }
    EXPECT_GT(some.counters().corrupted, 0U);
}

TEST(Link, a_full_queue_drops_and_the_drops_are_counted_apart) {
    Link link{{.bottleneck = {.rate = BitRate{100'000}, .limit = 10}}, Rng{1}};
    for (int i = 0; i < 1000; ++i) link.send(sending_time(i), datagram_bytes);
    EXPECT_GT(link.counters().dropped, 700U);
    EXPECT_EQ(link.counters().lost, link.counters().dropped);
}

TEST(Link, a_recorded_line_is_replayed_with_its_losses_on_top_of_the_delay) {
    const auto trace = std::make_shared<const LineTrace>(
        std::vector<LineTrace::Packet>{{.sent = Duration{0}, .extra = milliseconds{5}},
                                       {.sent = milliseconds{3}, .extra = std::nullopt},
                                       {.sent = milliseconds{6}, .extra = Duration{0}}});
    Link link{{.delay = milliseconds{10}, .keep_order = false, .trace = {.file = "x", .content = trace}},
              Rng{1}};
    EXPECT_EQ(link.send(Instant{}, datagram_bytes)[0].at, Instant{milliseconds{15}});
    EXPECT_TRUE(link.send(Instant{milliseconds{4}}, datagram_bytes).empty());
    EXPECT_EQ(link.send(Instant{milliseconds{6}}, datagram_bytes)[0].at, Instant{milliseconds{16}});
}

TEST(Link, a_trace_does_nothing_before_it_begins) {
    const auto trace = std::make_shared<const LineTrace>(
        std::vector<LineTrace::Packet>{{.sent = Duration{0}, .extra = milliseconds{5}},
                                       {.sent = milliseconds{3}, .extra = milliseconds{1}}});
    Link link{{.delay = milliseconds{10},
               .keep_order = false,
               .trace = {.file = "x", .content = trace},
               .trace_from = milliseconds{100}},
              Rng{1}};
    EXPECT_EQ(link.send(Instant{milliseconds{99}}, datagram_bytes)[0].at, Instant{milliseconds{109}});
    EXPECT_EQ(link.send(Instant{milliseconds{100}}, datagram_bytes)[0].at, Instant{milliseconds{115}});
    EXPECT_EQ(link.send(Instant{milliseconds{103}}, datagram_bytes)[0].at, Instant{milliseconds{114}});
}

TEST(Link, lines_of_one_kind_are_at_places_of_their_own_in_it) {
    std::vector<LineTrace::Packet> ramp;
    ramp.reserve(1000);
    for (int i = 0; i < 1000; ++i) ramp.push_back({.sent = milliseconds{i}, .extra = milliseconds{i}});
    const auto trace = std::make_shared<const LineTrace>(std::move(ramp));
    const LinkConfig line{.trace = {.file = "", .content = trace}, .kind = "ramp"};
    const auto first = [&line](std::uint64_t seed) {
        return Link{line, Rng{seed}}.send(Instant{}, datagram_bytes)[0].at;
    };
    EXPECT_NE(first(1), first(2));
    EXPECT_EQ(first(1), first(1));
    // What changes something else of the line leaves it where it is.
    Link link{line, Rng{1}};
    LinkConfig later = line;
    later.delay = milliseconds{5};
    link.change(later);
    EXPECT_EQ(link.send(Instant{}, datagram_bytes)[0].at, first(1) + milliseconds{5});
}

TEST(Link, a_change_is_for_what_is_sent_from_then_on) {
    Link link{{.delay = milliseconds{10}}, Rng{1}};
    EXPECT_EQ(link.send(Instant{}, datagram_bytes)[0].at, Instant{milliseconds{10}});
    link.change({.delay = milliseconds{50}});
    EXPECT_EQ(link.send(Instant{}, datagram_bytes)[0].at, Instant{milliseconds{50}});
    link.change({.delay = milliseconds{10}});
    // What went the longer way is not overtaken, as long as order is kept.
    EXPECT_EQ(link.send(Instant{}, datagram_bytes)[0].at, Instant{milliseconds{50}});
}

}  // namespace
}  // namespace rtjam::sim
