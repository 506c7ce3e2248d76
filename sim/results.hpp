// What a run has shown, in the units in which it is printed. Whatever was never measured is not a number.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "sim/stream_history.hpp"
#include "sim/violations.hpp"

namespace rtjam::sim {

inline constexpr double not_measured = std::numeric_limits<double>::quiet_NaN();

// One sender as one listener heard it.
struct StreamResult {
    std::string listener;
    std::string sender;
    // From the instant at which a frame's sound is at the sender's input to that at which it is at the
    // listener's output, with ideal converters, capture buffer included; over the frames heard as sent.
    double delay_min_ms = not_measured;
    double delay_mean_ms = not_measured;
    double delay_max_ms = not_measured;
    // The mean delay beyond what the fastest packet took, from its first frame at the sender's input until it
    // was at the listener: what the line varies by, and what the playout holds.
    double added_delay_ms = not_measured;
    double heard_percent = not_measured;      // of the output while both play: frames heard as sent
    double concealed_percent = not_measured;  // made-up frames, of all between the first and the last played
    double gaps = 0;                          // runs of made-up frames between played ones
    double gap_longest_ms = 0;
    double skipped_frames = 0;
    double repeated_frames = 0;
    double recovery_ms = not_measured;  // the longest from a fault's end to sound captured after it
    // Of players who play no code: how much louder than it was sent, and the loudest click of a gap or a
    // jump.
    double level_db = not_measured;
    double click_dbfs = not_measured;
    // The playout's own counts, over the whole run.
    double packets = 0;
    double lost = 0;
    double lost_percent = not_measured;
    double late = 0;
    double duplicate = 0;
    double reordered = 0;
    double too_early = 0;
    double stray = 0;
    double resets = 0;
};

struct PlayerResult {
    std::string name;
    std::string connection = "searching";  // when it left, or at the end
    double joined_after_ms = not_measured;
    double round_trip_ms = not_measured;  // as last measured by the player
    double hears = 0;                     // players of whom it heard a frame as sent
    double heard_by = 0;
    double callbacks = 0;
    double callbacks_late = 0;
    double callbacks_missed = 0;
    double packets_sent = 0;
    double packets_received = 0;
    double lost_up = 0;  // by the line, outages included
    double lost_down = 0;
    double malformed = 0;
};

// Over all the rooms that one restarted server has had.
struct ServerResult {
    double members_most = 0;
    double members_end = 0;
    double datagrams_in = 0;
    double bytes_in = 0;
    double bytes_out = 0;
    double forwarded = 0;
    double replies = 0;
    double challenges = 0;
    double joins = 0;
    double leaves = 0;
    double moves = 0;
    double refused_full = 0;
    double refused_id_in_use = 0;
    double too_short = 0;
    double ragged_audio = 0;
    double too_long = 0;
    double unanswerable = 0;
    double restarts = 0;
};

struct AttackerResult {
    std::string name;
    double datagrams_sent = 0;
    double bytes_sent = 0;
    double datagrams_received = 0;
    double bytes_received = 0;
    double amplification = not_measured;  // bytes received / bytes sent
    double slots_taken = 0;
};

// A number, or a word such as a player's connection.
using FigureValue = std::variant<double, std::string>;

// An expectation and what became of it.
struct Verdict {
    std::string text;  // "stream bob <- ann: delay_mean_ms 45.2, expected at most 40"
    int line = 0;      // in the scenario's file
    bool passed = false;
    // The same in pieces, for programs; what is for nobody has none.
    std::string who{};     // "stream bob <- ann"
    std::string figure{};  // "delay_mean_ms"
    std::string bound{};   // "at_least", "at_most" or "exactly"
    FigureValue limit{not_measured};
    FigureValue value{not_measured};
};

struct Results {
    std::string name{};
    std::string file{};
    std::string description{};
    std::uint64_t seed = 0;
    double duration_s = 0;
    std::uint64_t digest = 0;
    std::uint64_t events = 0;
    std::vector<StreamResult> streams{};
    std::vector<StreamHistory> histories{};  // of the same streams, if they were kept
    std::vector<PlayerResult> players{};
    ServerResult server{};
    std::vector<AttackerResult> attackers{};
    std::vector<Verdict> verdicts{};
    Violations violations{};

    bool passed() const {
        return violations.count() == 0 && std::all_of(verdicts.begin(), verdicts.end(),
                                                      [](const Verdict& verdict) { return verdict.passed; });
    }
};

}  // namespace rtjam::sim
