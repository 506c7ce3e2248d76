#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "sim/commit.hpp"
#include "sim/json_number.hpp"
#include "sim/metrics.hpp"
#include "sim/recorder.hpp"
#include "sim/report.hpp"

namespace rtjam::sim {
namespace {

using Json = nlohmann::ordered_json;

// Grows when a field that was there is gone, or means something else.
constexpr int schema_version = 1;

template <typename Result>
void add_metrics(Json& object, const Result& result, std::span<const Metric<Result>> metrics) {
    for (const Metric<Result>& metric : metrics) {
        object[std::string{metric.name}] = json_number(result.*(metric.value));
    }
}

Json milliseconds_of(const std::optional<Duration>& duration) {
    if (!duration) return nullptr;
    return json_number(static_cast<double>(duration->count()) / 1e6);
}

Json ppm_of(const std::optional<std::int64_t>& ppb) {
    if (!ppb) return nullptr;
    return json_number(static_cast<double>(*ppb) / 1e3);
}

// Each figure is a list over the steps.
Json json_of(const StreamHistory& history) {
    Json object{{"listener", history.listener()}, {"sender", history.sender()}};
    object["step_ms"] = milliseconds_of(history.step());
    for (const char* name : {"delay_ms", "margin_ms", "clock_ppm", "clock_true_ppm", "concealed_frames",
                             "skipped_frames", "repeated_frames", "lost", "late"}) {
        object[name] = Json::array();
    }
    for (const HistoryStep& step : history.steps()) {
        object["delay_ms"].push_back(milliseconds_of(step.delay));
        object["margin_ms"].push_back(milliseconds_of(step.margin));
        object["clock_ppm"].push_back(ppm_of(step.clock_ppb));
        object["clock_true_ppm"].push_back(ppm_of(step.clock_true_ppb));
        object["concealed_frames"].push_back(step.concealed_frames);
        object["skipped_frames"].push_back(step.skipped_frames);
        object["repeated_frames"].push_back(step.repeated_frames);
        object["lost"].push_back(step.lost);
        object["late"].push_back(step.late);
    }
    object["jitter_step_ms"] = milliseconds_of(StreamHistory::jitter_step);
    object["jitter_packets"] = history.jitter();
    return object;
}

Json json_of(const FigureValue& value) {
    if (const auto* word = std::get_if<std::string>(&value)) return *word;
    return json_number(std::get<double>(value));
}

Json json_of(const Verdict& verdict) {
    return {{"text", verdict.text},
            {"line", verdict.line},
            {"passed", verdict.passed},
            {"who", verdict.who},
            {"figure", verdict.figure},
            {"bound", verdict.bound},
            {"limit", json_of(verdict.limit)},
            {"value", json_of(verdict.value)}};
}

Json json_of(const Results& results) {
    Json object;
    object["name"] = results.name;
    object["file"] = results.file;
    object["description"] = results.description;
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
    if (!results.histories.empty()) {
        object["histories"] = Json::array();
        for (const StreamHistory& history : results.histories)
            object["histories"].push_back(json_of(history));
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
        object["expectations"].push_back(json_of(verdict));
    }
    object["violations"] = results.violations.texts();
    object["violations_count"] = results.violations.count();
    return object;
}

}  // namespace

void print_json(std::span<const Results> all, std::ostream& out) {
    Json document;
    document["schema"] = schema_version;
    document["commit"] = built_commit();
    document["passed"] =
        std::all_of(all.begin(), all.end(), [](const Results& results) { return results.passed(); });
    document["scenarios"] = Json::array();
    for (const Results& results : all) document["scenarios"].push_back(json_of(results));
    // Names come from files: what is not UTF-8 in them is replaced rather than refused.
    out << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace rtjam::sim
