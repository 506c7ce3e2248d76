#include <algorithm>

#include "sim/metrics.hpp"
#include "sim/scenario_sections.hpp"

namespace rtjam::sim {
namespace {

template <typename Result>
void read_some_bounds(TomlReader& table, std::span<const Metric<Result>> metrics, Expectation& expectation) {
    expectation.bounds = read_bounds(table, metrics);
    if (expectation.bounds.empty() && !expectation.connection)
        table.refuse("", "a bound in each table of [expect]");
}

template <typename Named>
std::vector<std::string> read_names(TomlReader& table, const char* key, const std::vector<Named>& known) {
    std::vector<std::string> names = table.texts(key);
    for (const std::string& name : names) {
        const bool exists =
            std::any_of(known.begin(), known.end(), [&name](const Named& each) { return each.name == name; });
        if (!exists) table.refuse(key, "names that are in this scenario, unlike \"" + name + "\"");
    }
    return names;
}

Expectation read_streams(TomlReader& table, const Scenario& scenario) {
    Expectation expectation{.subject = Subject::streams};
    expectation.names = read_names(table, "listeners", scenario.players);
    expectation.senders = read_names(table, "senders", scenario.players);
    read_some_bounds(table, stream_metrics(), expectation);
    return expectation;
}

Expectation read_some_players(TomlReader& table, const Scenario& scenario) {
    Expectation expectation{.subject = Subject::players};
    expectation.names = read_names(table, "names", scenario.players);
    const std::vector<std::string_view> connections{"searching", "joined", "id_in_use", "room_full"};
    if (const auto connection = table.choice("connection", connections)) {
        expectation.connection = std::string{connections[*connection]};
    }
    read_some_bounds(table, player_metrics(), expectation);
    return expectation;
}

Expectation read_some_attackers(TomlReader& table, const Scenario& scenario) {
    Expectation expectation{.subject = Subject::attackers};
    expectation.names = read_names(table, "names", scenario.attackers);
    read_some_bounds(table, attacker_metrics(), expectation);
    return expectation;
}

}  // namespace

void read_expectations(TomlReader& root, Scenario& scenario) {
    std::optional<TomlReader> expect = root.table("expect");
    if (!expect) return;
    const auto add = [&scenario](Expectation expectation, const TomlReader& table) {
        expectation.line = table.line();
        scenario.expectations.push_back(std::move(expectation));
    };
    for (TomlReader& table : expect->tables("streams")) add(read_streams(table, scenario), table);
    for (TomlReader& table : expect->tables("players")) add(read_some_players(table, scenario), table);
    for (TomlReader& table : expect->tables("attackers")) add(read_some_attackers(table, scenario), table);
    if (std::optional<TomlReader> table = expect->table("server")) {
        Expectation expectation{.subject = Subject::server};
        read_some_bounds(*table, server_metrics(), expectation);
        add(std::move(expectation), *table);
    }
    expect->refuse_unread();
}

}  // namespace rtjam::sim
