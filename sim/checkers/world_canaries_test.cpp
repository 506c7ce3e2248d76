// The canaries of what is sent and heard, in whole worlds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "sim/checkers/world_canary.hpp"
#include "sim/test_signal.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::seconds;
using testing::AnyOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t ann = 0;

// From then on, in each period in which Ann hears Bob.
Planted in_what_ann_hears(std::function<void(HeardPeriod&)> bug, Instant from = Instant{seconds{3}}) {
    Planted bugs;
    bugs.heard = [bug = std::move(bug), from](std::size_t player, Instant now, HeardPeriod& period) {
        if (player == ann && now >= from && !period.streams.empty()) bug(period);
    };
    return bugs;
}

TEST(WorldCanary, without_a_bug_no_rule_is_broken) {
    Planted none;
    none.heard = [](std::size_t, Instant, HeardPeriod&) {};
    none.forwarded = [](const Endpoint&, Instant, std::vector<Transmit>&) {};
    none.vanishes = [](std::size_t) { return false; };
    none.received = [](std::size_t, std::span<const std::byte>) { return 1; };
    EXPECT_THAT(rules_broken({}, none), IsEmpty());
}

TEST(WorldCanary, a_room_that_echoes_is_found) {
    const auto echo = [](const Endpoint& from, std::vector<Transmit>& sent) {
        const auto forwarded = std::find_if(sent.begin(), sent.end(),
                                            [&](const Transmit& each) { return is_forwarded(each, from); });
        if (from == bobs_address && forwarded != sent.end()) {
            const Transmit copy{.to = from, .bytes = forwarded->bytes};
            sent.push_back(copy);
        }
    };
    expect_only(rules_broken({}, in_what_the_room_sends(echo)), "the room sends bob his own sound");
}

TEST(WorldCanary, an_echo_in_the_sound_itself_is_found) {
    // The playout says that it made it up, which it may; but not of what Ann herself plays.
    const auto echo = [](HeardPeriod& period) {
        StreamOutput& stream = period.streams[0];
        HeardPeriod::Sound& sound = period.sounds[0];
        for (std::size_t i = 0; i < sound.left.size(); ++i) {
            const StereoSample own = signal_of(ann, SamplePosition{1000 + static_cast<std::int64_t>(i)});
            sound.left[i] = own.left;
            sound.right[i] = own.right;
        }
        stream.pull.concealed = stream.pull.concealed + stream.pull.played;
        stream.pull.played = FrameCount{};
        period.output = sound;
    };
    expect_only(rules_broken({}, in_what_ann_hears(echo)), "hears himself");
}

TEST(WorldCanary, a_room_that_sends_into_another_is_found) {
    const Duo two_rooms{.server = "rooms = 2", .more = "[[player]]\nname = \"cleo\"\nroom = 2\n"};
    const Endpoint cleos_address = ipv4_endpoint({10, 0, 0, 3}, World::player_port);
    const auto leak = [cleos_address](const Endpoint& from, std::vector<Transmit>& sent) {
        for (std::size_t i = 0; i < sent.size(); ++i) {
            if (is_forwarded(sent[i], from)) sent[i].to = cleos_address;
        }
    };
    const auto broken = rules_broken(two_rooms, in_what_the_room_sends(leak));
    EXPECT_THAT(broken, Contains(HasSubstr("a room sends to cleo, who is in another")));
    EXPECT_THAT(broken, Contains(HasSubstr("cleo hears an id that nobody has")));
    EXPECT_THAT(broken, Each(AnyOf(HasSubstr("is in another"), HasSubstr("cleo hears an id"))));
}

TEST(WorldCanary, a_room_that_sends_to_whom_nobody_knows_is_found) {
    const auto astray = [](const Endpoint&, std::vector<Transmit>& sent) {
        for (Transmit& each : sent) each.to = ipv4_endpoint({10, 9, 9, 9}, 9);
    };
    const auto broken = rules_broken({}, in_what_the_room_sends(astray));
    EXPECT_THAT(broken, Contains(HasSubstr("to an address that nobody has sent from")));
}

TEST(WorldCanary, a_room_that_sends_what_is_no_packet_is_found) {
    const auto cut = [](const Endpoint& from, std::vector<Transmit>& sent) {
        for (Transmit& each : sent) {
            if (is_forwarded(each, from)) each.bytes = each.bytes.first(5);
        }
    };
    const auto broken = rules_broken({}, in_what_the_room_sends(cut));
    EXPECT_THAT(broken, Contains(HasSubstr("the room sends what is not a packet")));
}

TEST(WorldCanary, a_stream_of_ones_own_id_is_found) {
    const ClientId own = read_world(text_of(Duo{})).players[ann].id;
    const auto mistaken = [own](HeardPeriod& period) { period.streams[0].id = own; };
    expect_only(rules_broken({}, in_what_ann_hears(mistaken)), "hears a stream of his own id");
}

TEST(WorldCanary, a_datagram_that_vanishes_is_found) {
    Planted bugs;
    bugs.vanishes = [count = 0](std::size_t) mutable { return ++count == 1000; };
    expect_only(rules_broken({}, bugs), "datagrams that are neither delivered nor lost");
}

// Whenever Ann's engine gets Bob's packet of that number, by the order of their coming, it gets it so often.
Planted between_line_and_engine(std::map<int, int> times_of) {
    Planted bugs;
    bugs.received = [times_of = std::move(times_of), count = 0](std::size_t player,
                                                                std::span<const std::byte> datagram) mutable {
        if (player != ann || datagram.size() < 100) return 1;
        const auto found = times_of.find(++count);
        return found == times_of.end() ? 1 : found->second;
    };
    return bugs;
}

TEST(WorldCanary, a_packet_that_gets_lost_between_line_and_engine_is_found) {
    expect_only(rules_broken({}, between_line_and_engine({{500, 0}})), "accounted for");
}

TEST(WorldCanary, a_packet_that_the_engine_gets_twice_is_found) {
    const auto broken = rules_broken({}, between_line_and_engine({{500, 2}}));
    expect_only(broken, "accounted for");
    EXPECT_THAT(broken,
                Contains(HasSubstr("ann <- id 1002: 0 packets delivered again, but 1 accounted for")));
}

TEST(WorldCanary, one_that_gets_lost_where_another_is_doubled_is_found) {
    const auto broken = rules_broken({}, between_line_and_engine({{500, 0}, {700, 2}}));
    expect_only(broken, "ann <- id 1002: 0");
    EXPECT_THAT(broken, Contains(HasSubstr("accounted for as lost")));
    EXPECT_THAT(broken, Contains(HasSubstr("accounted for as duplicates")));
}

TEST(WorldCanary, a_packet_that_got_lost_before_a_crash_is_found) {
    const Duo duo{.ann = "crash = [\"2s\", \"2.5s\"]"};
    expect_only(rules_broken(duo, between_line_and_engine({{500, 0}})), "accounted for");
}

TEST(WorldCanary, a_position_that_jumps_unannounced_is_found) {
    const auto jump = [](HeardPeriod& period) {
        // Made-up sound may be any; but it may not be anywhere.
        PullResult& pull = period.streams[0].pull;
        pull.concealed = pull.concealed + pull.played;
        pull.played = FrameCount{};
        pull.position.frame = pull.position.frame + FrameCount{-64};
    };
    Planted bugs = in_what_ann_hears(jump);
    bugs.heard = [once = false, heard = bugs.heard](std::size_t player, Instant now,
                                                    HeardPeriod& period) mutable {
        if (player == ann && now >= Instant{seconds{3}} && !std::exchange(once, true))
            heard(player, now, period);
    };
    expect_only(rules_broken({}, bugs), "frames that nobody announced");
}

TEST(WorldCanary, frames_that_are_not_those_of_the_position_are_found) {
    const auto shifted = [](HeardPeriod& period) {
        std::rotate(period.sounds[0].left.begin(), period.sounds[0].left.begin() + 1,
                    period.sounds[0].left.end());
        period.output = period.sounds[0];
    };
    expect_only(rules_broken({}, in_what_ann_hears(shifted)), "frames that are not what was sent");
}

TEST(WorldCanary, frames_that_do_not_add_up_are_found) {
    const auto short_of_one = [](HeardPeriod& period) {
        PullResult& pull = period.streams[0].pull;
        pull.played = pull.played - FrameCount{1};
    };
    expect_only(rules_broken({}, in_what_ann_hears(short_of_one)), "do not add up to a period");
}

TEST(WorldCanary, a_sample_that_is_no_number_is_found) {
    // In stream and output alike: infinities add up.
    const auto infinite = [](HeardPeriod& period) {
        period.output.right.back() = std::numeric_limits<float>::infinity();
        period.sounds[0].right.back() = std::numeric_limits<float>::infinity();
        PullResult& pull = period.streams[0].pull;
        pull.concealed = pull.concealed + pull.played;
        pull.played = FrameCount{};
    };
    expect_only(rules_broken({}, in_what_ann_hears(infinite)), "ann puts out samples that are not finite");
}

TEST(WorldCanary, a_mix_that_is_not_the_sum_is_found) {
    const auto louder = [](HeardPeriod& period) { period.output.left[5] += 0.25F; };
    expect_only(rules_broken({}, in_what_ann_hears(louder)), "is not the sum of his streams");
}

TEST(WorldCanary, sound_that_is_kept_for_too_long_is_found) {
    // Half a second late, to the bit what Bob played then, and announced as a new beginning.
    constexpr FrameCount late{24'000};
    const auto hold_back = [late, begun = false](HeardPeriod& period) mutable {
        StreamOutput& stream = period.streams[0];
        if (stream.pull.played != FrameCount{128} || stream.pull.position.fraction != 0) return;
        stream.pull.begins = !std::exchange(begun, true);
        stream.pull.position.frame = stream.pull.position.frame + -late;
        for (std::size_t i = 0; i < period.sounds[0].left.size(); ++i) {
            const SamplePosition frame =
                stream.pull.position.frame + FrameCount{static_cast<std::int64_t>(i)};
            const StereoSample sample = signal_of(1, frame);
            period.sounds[0].left[i] = sample.left;
            period.sounds[0].right[i] = sample.right;
        }
        period.output = period.sounds[0];
    };
    // Bob counts from 0, so that what he plays is at the place that the playout says.
    // By 7 s the new stream no longer slews.
    const Duo duo{.duration = "9s", .bob = "first_sequence = 0"};
    expect_only(rules_broken(duo, in_what_ann_hears(hold_back, Instant{seconds{7}})),
                "later than any line calls for");
}

TEST(WorldCanary, a_room_that_sends_more_than_it_says_is_found) {
    // A member is answered, and the two others hear him.
    const Duo trio{.more = "[[player]]\nname = \"cleo\"\n"};
    Planted bugs;
    bugs.transmits_max = 2;
    expect_only(rules_broken(trio, bugs), "the room sends more than it says that one datagram can make it");
    bugs.transmits_max = 3;
    EXPECT_THAT(rules_broken(trio, bugs), IsEmpty());
}

TEST(WorldCanary, a_room_that_amplifies_is_found) {
    static const std::array<std::byte, 1000> large{};
    const auto amplify = [](const Endpoint& from, std::vector<Transmit>& sent) {
        // Players are in 10.0, the attackers are not.
        if (from.address[12] != 10 || from.address[13] != 0) sent.push_back({.to = from, .bytes = large});
    };
    const Duo attacked{.more = "[[attacker]]\nsizes = [28]\ndatagrams_per_second = 100\n"};
    expect_only(rules_broken(attacked, in_what_the_room_sends(amplify)), "more bytes than he sent");
}

}  // namespace
}  // namespace rtjam::sim
