// The canaries of slots, recovery and memory, in whole worlds.
#include <cmath>
#include <set>

#include "core/testing/allocation_counter.hpp"
#include "sim/checkers/world_canary.hpp"
#include "sim/explore/draw_scenario.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::seconds;
using testing::IsEmpty;

TEST(WorldCanary, a_slot_that_is_never_free_again_is_found) {
    Planted bugs;
    bugs.never_ticks = true;
    const auto broken = rules_broken({.ann = "leave_at = \"1s\"", .bob = "leave_at = \"1s\""}, bugs);
    expect_only(broken, "a silent member keeps his slot");
}

// From 2 s on.
Planted without_bobs_sound() {
    return in_what_the_room_sends([](const Endpoint& from, std::vector<Transmit>& sent) {
        if (from == bobs_address)
            std::erase_if(sent, [&](const Transmit& each) { return is_forwarded(each, from); });
    });
}

TEST(WorldCanary, a_member_who_is_not_heard_again_after_an_outage_is_found) {
    const Duo duo{.duration = "6s", .bob = "outage = [\"2s\", \"2.5s\"]"};
    expect_only(rules_broken(duo, without_bobs_sound()), "ann <- bob: not heard within 2 s");
}

// Bob's line is changed in that at 2 s, and in that at 2.5 s.
std::string phases_of_bob(const std::string& at_2_s, const std::string& at_2_5_s) {
    const auto phase = [](const std::string& at, const std::string& change) {
        return "[[phase]]\nat = \"" + at + "\"\nplayers = [\"bob\"]\n" + change + "\n";
    };
    return phase("2s", at_2_s) + phase("2.5s", at_2_5_s);
}

TEST(WorldCanary, a_member_who_is_not_heard_again_when_his_line_is_good_again_is_found) {
    const Duo duo{.duration = "6s",
                  .more = phases_of_bob("up = { loss_percent = 100 }", "up = { loss_percent = 0 }")};
    expect_only(rules_broken(duo, without_bobs_sound()), "ann <- bob: not heard within 2 s");
}

TEST(WorldCanary, a_member_who_is_not_heard_again_when_his_line_is_slower_is_found) {
    const Duo duo{.duration = "6s",
                  .more = phases_of_bob("up = { delay = \"200ms\" }", "down = { loss_percent = 20 }")};
    expect_only(rules_broken(duo, without_bobs_sound()), "ann <- bob: not heard within 2 s");
}

// Cleo's sound is more than Bob's line can carry.
TEST(WorldCanary, what_a_queue_drops_seconds_later_excuses_nobody_for_not_being_heard) {
    const Duo duo{.duration = "6s",
                  .bob = "outage = [\"2s\", \"2.5s\"]\ndown = { rate = \"2500kbit\", limit = 10 }",
                  .more = "[[player]]\nname = \"cleo\"\njoin_at = \"5s\""};
    EXPECT_GT(run_world(duo).players[1].lost_down, 600.0) << "some 430 of them in the outage";
    expect_only(rules_broken(duo, without_bobs_sound()), "ann <- bob: not heard within 2 s");
}

TEST(WorldCanary, what_a_queue_drops_just_after_an_outage_excuses_who_is_not_heard) {
    const Duo duo{.duration = "6s",
                  .bob = "outage = [\"2s\", \"2.5s\"]\ndown = { rate = \"2500kbit\", limit = 10 }",
                  .more = "[[player]]\nname = \"cleo\"\njoin_at = \"3s\""};
    EXPECT_THAT(rules_broken(duo, without_bobs_sound()), IsEmpty());
}

// By then it may lose four of five, as it has from the beginning on.
TEST(WorldCanary, a_change_of_the_line_seconds_later_excuses_nobody_for_not_being_heard) {
    const Duo duo{.duration = "6s",
                  .bob = "outage = [\"2s\", \"2.5s\"]\nup = { loss_percent = 80 }",
                  .more = "[[phase]]\nat = \"5.5s\"\nplayers = [\"bob\"]\nup = { loss_percent = 0 }\n"};
    expect_only(rules_broken(duo, without_bobs_sound()), "ann <- bob: not heard within 2 s");
}

// Without a bug: a line over which nobody can be heard is no fault's end.
TEST(WorldCanary, on_a_line_that_carries_no_sound_nobody_has_to_be_heard) {
    struct Bad {
        const char* line;
        const char* deaf;  // who need not hear the other
    };
    for (const Bad& bad :
         {Bad{"up = { loss_percent = 100 }", "ann"}, Bad{"down = { loss_percent = 60 }", "bob"},
          Bad{"up = { delay = \"3s\" }", "ann"}, Bad{"down = { rate = \"100kbit\" }", "bob"},
          Bad{"up = { gemodel = { p = 2, r = 0.3 } }", "ann"}}) {
        const Duo duo{.duration = "6s", .more = phases_of_bob(bad.line, "up = { jitter = \"1ms\" }")};
        for (const StreamResult& stream : run_world(duo).streams) {
            if (stream.listener != bad.deaf) continue;
            EXPECT_TRUE(std::isnan(stream.recovery_ms)) << bad.line;
        }
    }
}

TEST(WorldCanary, recovery_is_measured_from_the_phase_that_makes_a_line_good_again) {
    const Duo duo{.duration = "6s",
                  .more = phases_of_bob("up = { loss_percent = 100 }", "up = { loss_percent = 0 }")};
    const Results results = run_world(duo);
    // 10 ms each way, and what the playouts hold.
    for (const StreamResult& stream : results.streams) EXPECT_NEAR(stream.recovery_ms, 40.0, 20.0);
}

Planted room_that_is(std::function<void(RoomConfig&)> change) {
    Planted bugs;
    bugs.configured = std::move(change);
    return bugs;
}

TEST(WorldCanary, a_slot_without_a_proof_of_address_is_found) {
    const auto open = [](RoomConfig& room) { room.admission = Admission::Mode::open; };
    expect_only(rules_broken({}, room_that_is(open)), "somebody gets a slot who has not proven his address");
}

TEST(WorldCanary, a_slot_that_is_kept_for_too_long_is_found_when_it_is_free) {
    const auto patient = [](RoomConfig& room) { room.member_timeout = seconds{3}; };
    const Duo duo{.duration = "6s", .bob = "leave_at = \"1s\""};
    expect_only(rules_broken(duo, room_that_is(patient)), "a silent member kept his slot for too long");
}

TEST(WorldCanary, a_slot_that_is_taken_from_who_was_heard_is_found) {
    const auto hasty = [](RoomConfig& room) { room.member_timeout = std::chrono::milliseconds{500}; };
    const Duo duo{.bob = "outage = [\"2s\", \"2.7s\"]"};
    expect_only(rules_broken(duo, room_that_is(hasty)), "a member lost his slot though he was heard");
}

TEST(WorldCanary, a_deadline_that_stays_where_it_is_is_found) {
    Planted bugs;
    bugs.ticks_in_vain = true;
    expect_only(rules_broken({}, bugs), "the room's deadline does not move on");
}

TEST(WorldCanary, a_player_who_sends_more_or_less_than_his_packets_is_found) {
    for (const std::size_t copies : {std::size_t{0}, std::size_t{2}}) {
        Planted bugs;
        bugs.sent = [copies, callbacks = 0](std::size_t player, std::vector<Transmit>& sent) mutable {
            if (player == 1 && ++callbacks == 500) sent.resize(copies, sent.front());
        };
        expect_only(rules_broken({}, bugs), "bob sends more, or fewer, than the packets of a period");
    }
}

TEST(WorldCanary, an_engine_or_a_room_that_allocates_is_found) {
    World world{read_world(text_of({.duration = "1s"})), 1, nullptr};
    world.watch_allocations([] {
        static std::uint64_t count = 0;
        return ++count;
    });
    const auto broken = world.run().violations.texts();
    ASSERT_FALSE(broken.empty());
    const std::set<std::string> kinds(broken.begin(), broken.end());
    EXPECT_EQ(kinds,
              (std::set<std::string>{"a room allocates while running", "an engine allocates while running"}));
}

TEST(WorldMemory, in_no_world_does_a_room_or_an_engine_allocate) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        World world{draw_scenario(seed), seed, nullptr};
        world.watch_allocations(allocations_so_far);
        const Results results = world.run();
        EXPECT_THAT(results.violations.texts(), IsEmpty()) << "seed " << seed;
    }
}

}  // namespace
}  // namespace rtjam::sim
