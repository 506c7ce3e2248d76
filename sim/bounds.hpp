// What a figure may be: bounds by its name, as read from a TOML table, and whether they are kept.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "sim/metrics.hpp"
#include "sim/results.hpp"
#include "sim/toml_reader.hpp"

namespace rtjam::sim {

struct Bound {
    enum class Kind : std::uint8_t { at_least, at_most, equal };
    std::string metric;
    Kind kind = Kind::equal;
    double limit = 0.0;
    int line = 0;
};

// Reads the bound of that key, if it is there.
void read_bound(TomlReader& table, const std::string& key, const std::string& metric, Bound::Kind kind,
                std::vector<Bound>& bounds);
// Not a number is within no bound.
Verdict judge_bound(const Bound& bound, double value, const std::string& who);

// Every metric's name with _min, _max, or alone for an exact value. Any other key of the table is an error.
template <typename Result>
std::vector<Bound> read_bounds(TomlReader& table, std::span<const Metric<Result>> metrics) {
    std::vector<Bound> bounds;
    std::string known = ", and, alone or with _min or _max:";
    for (const Metric<Result>& metric : metrics) {
        const std::string name{metric.name};
        read_bound(table, name + "_min", name, Bound::Kind::at_least, bounds);
        read_bound(table, name + "_max", name, Bound::Kind::at_most, bounds);
        read_bound(table, name, name, Bound::Kind::equal, bounds);
        known += " " + name;
    }
    table.refuse_unread(known);
    return bounds;
}

template <typename Result>
void judge_bounds(std::span<const Bound> bounds, std::span<const Metric<Result>> metrics,
                  const Result& result, const std::string& who, std::vector<Verdict>& verdicts) {
    for (const Bound& bound : bounds) {
        const auto metric =
            std::find_if(metrics.begin(), metrics.end(),
                         [&bound](const Metric<Result>& each) { return each.name == bound.metric; });
        const double value = metric == metrics.end() ? not_measured : result.*(metric->value);
        verdicts.push_back(judge_bound(bound, value, who));
    }
}

}  // namespace rtjam::sim
