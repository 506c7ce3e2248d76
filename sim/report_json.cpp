#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "sim/json_number.hpp"
#include "sim/metrics.hpp"
#include "sim/recorder.hpp"
#include "sim/report.hpp"

namespace rtjam::sim {
namespace {

using Json = nlohmann::ordered_json;

template <typename Result>
void add_metrics(Json& object, const Result& result, std::span<const Metric<Result>> metrics) {
    for (const Metric<Result>& metric : metrics) {
        object[std::string{metric.name}] = json_number(result.*(metric.value));
    }
}

Json json_of(const Results& results) {
    Json object;
    object["name"] = results.name;
    object["file"] = results.file;
    object["seed"] = results.seed;
    object["duration_s"] = json_number(results.duration_s);
    object["digest"] = digest_text(results.digest);
    object["events"] = results.events;
    object["passed"] = results.passed();
    object["streams"] = Json::array();
    for (const StreamResult& stream : results.streams) {
        Json each{{"listener", stream.listener}, {"sender", stream.sender}};
        add_metrics(each, stream, stream_metrics());
        object["streams"].push_back(std::move(each));
    }
    object["players"] = Json::array();
    for (const PlayerResult& player : results.players) {
        Json each{{"name", player.name}, {"connection", player.connection}};
        add_metrics(each, player, player_metrics());
        object["players"].push_back(std::move(each));
    }
    object["server"] = Json::object();
    add_metrics(object["server"], results.server, server_metrics());
    object["attackers"] = Json::array();
    for (const AttackerResult& attacker : results.attackers) {
        Json each{{"name", attacker.name}};
        add_metrics(each, attacker, attacker_metrics());
        object["attackers"].push_back(std::move(each));
    }
    object["expectations"] = Json::array();
    for (const Verdict& verdict : results.verdicts) {
        object["expectations"].push_back(
            {{"text", verdict.text}, {"line", verdict.line}, {"passed", verdict.passed}});
    }
    object["violations"] = results.violations.texts();
    object["violations_count"] = results.violations.count();
    return object;
}

}  // namespace

void print_json(std::span<const Results> all, std::ostream& out) {
    Json document;
    document["passed"] =
        std::all_of(all.begin(), all.end(), [](const Results& results) { return results.passed(); });
    document["scenarios"] = Json::array();
    for (const Results& results : all) document["scenarios"].push_back(json_of(results));
    // Names come from files: what is not UTF-8 in them is replaced rather than refused.
    out << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace rtjam::sim
