#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>
#include <vector>

#include "sim/commit.hpp"
#include "sim/recorder.hpp"
#include "sim/report.hpp"
#include "sim/text_table.hpp"

namespace rtjam::sim {
namespace {

std::string count_text(double value) {
    return number_text(value, 0);
}
std::string ms_text(double value) {
    return number_text(value, 2);
}

void print_streams(const Results& results, std::ostream& out) {
    if (results.streams.empty()) return;
    // Of the coded signal neither is measured, and mostly nothing else is played.
    const bool has_sound = std::any_of(results.streams.begin(), results.streams.end(),
                                       [](const StreamResult& each) { return !std::isnan(each.click_dbfs); });
    std::vector<TableRow> rows{{"listener <- sender", "delay ms min", "mean", "max", "heard %", "concealed %",
                                "gaps", "longest ms", "lost", "late", "dup", "skipped", "repeated",
                                "recovery ms"}};
    if (has_sound) rows[0].insert(rows[0].end(), {"level dB", "click dBFS"});
    for (const StreamResult& stream : results.streams) {
        rows.push_back({stream.listener + " <- " + stream.sender, ms_text(stream.delay_min_ms),
                        ms_text(stream.delay_mean_ms), ms_text(stream.delay_max_ms),
                        number_text(stream.heard_percent, 2), number_text(stream.concealed_percent, 3),
                        count_text(stream.gaps), ms_text(stream.gap_longest_ms), count_text(stream.lost),
                        count_text(stream.late), count_text(stream.duplicate),
                        count_text(stream.skipped_frames), count_text(stream.repeated_frames),
                        ms_text(stream.recovery_ms)});
        if (!has_sound) continue;
        rows.back().insert(rows.back().end(),
                           {number_text(stream.level_db, 3), number_text(stream.click_dbfs, 1)});
    }
    print_rows(rows, out);
}

void print_players(const Results& results, std::ostream& out) {
    if (results.players.empty()) return;
    std::vector<TableRow> rows{{"player", "connection", "joined ms", "round trip ms", "hears", "heard by",
                                "late calls", "sent", "received", "lost up", "down"}};
    for (const PlayerResult& player : results.players) {
        rows.push_back({player.name, player.connection, ms_text(player.joined_after_ms),
                        ms_text(player.round_trip_ms), count_text(player.hears), count_text(player.heard_by),
                        count_text(player.callbacks_late), count_text(player.packets_sent),
                        count_text(player.packets_received), count_text(player.lost_up),
                        count_text(player.lost_down)});
    }
    print_rows(rows, out);
}

void print_server(const ServerResult& server, std::ostream& out) {
    const double malformed = server.too_short + server.ragged_audio + server.too_long;
    print_rows({{"server", "members most", "end", "datagrams in", "forwarded", "replies", "challenges",
                 "refused", "malformed", "unanswerable"},
                {"", count_text(server.members_most), count_text(server.members_end),
                 count_text(server.datagrams_in), count_text(server.forwarded), count_text(server.replies),
                 count_text(server.challenges), count_text(server.refused_full + server.refused_id_in_use),
                 count_text(malformed), count_text(server.unanswerable)}},
               out);
}

void print_attackers(const Results& results, std::ostream& out) {
    if (results.attackers.empty()) return;
    std::vector<TableRow> rows{
        {"attacker", "datagrams sent", "bytes", "received", "bytes", "amplification", "slots"}};
    for (const AttackerResult& attacker : results.attackers) {
        rows.push_back({attacker.name, count_text(attacker.datagrams_sent), count_text(attacker.bytes_sent),
                        count_text(attacker.datagrams_received), count_text(attacker.bytes_received),
                        number_text(attacker.amplification, 3), count_text(attacker.slots_taken)});
    }
    print_rows(rows, out);
}

void print_failures(const Results& results, const std::string& program, std::ostream& out) {
    for (const Verdict& verdict : results.verdicts) {
        if (!verdict.passed)
            out << "FAILED " << results.file << ':' << verdict.line << ": " << verdict.text << '\n';
    }
    for (const std::string& text : results.violations.texts()) out << "VIOLATED " << text << '\n';
    if (results.violations.count() > Violations::texts_max) {
        out << "VIOLATED " << results.violations.count() << " times in all\n";
    }
    out << "seed " << results.seed << ", commit " << built_commit() << "; to replay: " << program << " run "
        << results.file << " --seed " << results.seed << '\n';
}

}  // namespace

void print_table(const Results& results, const std::string& program, std::ostream& out) {
    const auto failed = std::count_if(results.verdicts.begin(), results.verdicts.end(),
                                      [](const Verdict& verdict) { return !verdict.passed; });
    out << results.name << ": " << (results.passed() ? "passed" : "FAILED") << ", "
        << results.verdicts.size() - static_cast<std::size_t>(failed) << " of " << results.verdicts.size()
        << " expectations, " << number_text(results.duration_s, 1) << " s, seed " << results.seed << ", "
        << results.events << " events, digest " << digest_text(results.digest) << '\n';
    print_streams(results, out);
    print_players(results, out);
    print_server(results.server, out);
    print_attackers(results, out);
    if (!results.passed()) print_failures(results, program, out);
    out << '\n';
}

}  // namespace rtjam::sim
