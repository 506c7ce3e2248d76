#include "sim/judge.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <sstream>

#include "sim/metrics.hpp"

namespace rtjam::sim {
namespace {

std::string number_text(double value) {
    if (std::isnan(value)) return "not measured";
    std::ostringstream text;
    text.precision(10);
    text << value;
    return text.str();
}

const char* words_for(Bound::Kind kind) {
    switch (kind) {
        case Bound::Kind::at_least:
            return "at least ";
        case Bound::Kind::at_most:
            return "at most ";
        case Bound::Kind::equal:
            return "exactly ";
    }
    return "";
}

// Not a number is within no bound.
bool is_within(const Bound& bound, double value) {
    switch (bound.kind) {
        case Bound::Kind::at_least:
            return value >= bound.limit;
        case Bound::Kind::at_most:
            return value <= bound.limit;
        case Bound::Kind::equal:
            return value == bound.limit;
    }
    return false;
}

template <typename Result>
void judge_one(const Expectation& expectation, std::span<const Metric<Result>> metrics, const Result& result,
               const std::string& who, std::vector<Verdict>& verdicts) {
    for (const Bound& bound : expectation.bounds) {
        const auto metric =
            std::find_if(metrics.begin(), metrics.end(),
                         [&bound](const Metric<Result>& each) { return each.name == bound.metric; });
        const double value = metric == metrics.end() ? not_measured : result.*(metric->value);
        verdicts.push_back({.text = who + ": " + bound.metric + " " + number_text(value) + ", expected " +
                                    words_for(bound.kind) + number_text(bound.limit),
                            .line = bound.line,
                            .passed = is_within(bound, value)});
    }
}

void judge_connection(const Expectation& expectation, const PlayerResult& player,
                      std::vector<Verdict>& verdicts) {
    if (!expectation.connection) return;
    verdicts.push_back({.text = "player " + player.name + ": connection " + player.connection +
                                ", expected " + *expectation.connection,
                        .line = expectation.line,
                        .passed = player.connection == *expectation.connection});
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
                judge_one(expectation, stream_metrics(), stream, who, verdicts);
            }
            return;
        case Subject::players:
            for (const PlayerResult& player : results.players) {
                if (!is_meant(expectation.names, player.name)) continue;
                judge_connection(expectation, player, verdicts);
                judge_one(expectation, player_metrics(), player, "player " + player.name, verdicts);
            }
            return;
        case Subject::server:
            return judge_one(expectation, server_metrics(), results.server, "server", verdicts);
        case Subject::attackers:
            for (const AttackerResult& attacker : results.attackers) {
                if (!is_meant(expectation.names, attacker.name)) continue;
                judge_one(expectation, attacker_metrics(), attacker, "attacker " + attacker.name, verdicts);
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
