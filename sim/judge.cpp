#include "sim/judge.hpp"

#include <algorithm>

#include "sim/metrics.hpp"

namespace rtjam::sim {
namespace {

void judge_connection(const Expectation& expectation, const PlayerResult& player,
                      std::vector<Verdict>& verdicts) {
    if (!expectation.connection) return;
    verdicts.push_back({.text = "player " + player.name + ": connection " + player.connection +
                                ", expected " + *expectation.connection,
                        .line = expectation.line,
                        .passed = player.connection == *expectation.connection,
                        .who = "player " + player.name,
                        .figure = "connection",
                        .bound = "exactly",
                        .limit = *expectation.connection,
                        .value = player.connection});
}

bool is_meant(const std::vector<std::string>& names, const std::string& name) {
    return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

void judge_subject(const Results& results, const Expectation& expectation, std::vector<Verdict>& verdicts) {
    switch (expectation.subject) {
        case Subject::streams:
            for (const StreamResult& stream : results.streams) {
                if (!is_meant(expectation.names, stream.listener)) continue;
                if (!is_meant(expectation.senders, stream.sender)) continue;
                const std::string who = "stream " + stream.listener + " <- " + stream.sender;
                judge_bounds(expectation.bounds, stream_metrics(), stream, who, verdicts);
            }
            return;
        case Subject::players:
            for (const PlayerResult& player : results.players) {
                if (!is_meant(expectation.names, player.name)) continue;
                judge_connection(expectation, player, verdicts);
                judge_bounds(expectation.bounds, player_metrics(), player, "player " + player.name, verdicts);
            }
            return;
        case Subject::server:
            return judge_bounds(expectation.bounds, server_metrics(), results.server, "server", verdicts);
        case Subject::attackers:
            for (const AttackerResult& attacker : results.attackers) {
                if (!is_meant(expectation.names, attacker.name)) continue;
                judge_bounds(expectation.bounds, attacker_metrics(), attacker, "attacker " + attacker.name,
                             verdicts);
            }
            return;
    }
}

}  // namespace

std::vector<Verdict> judge(const Results& results, const std::vector<Expectation>& expectations) {
    std::vector<Verdict> verdicts;
    for (const Expectation& expectation : expectations) {
        const std::size_t before = verdicts.size();
        judge_subject(results, expectation, verdicts);
        if (verdicts.size() == before) {
            verdicts.push_back({.text = "an expectation that is for nobody in this scenario",
                                .line = expectation.line,
                                .passed = false});
        }
    }
    return verdicts;
}

}  // namespace rtjam::sim
