#include "sim/bounds.hpp"

#include <cmath>
#include <sstream>

namespace rtjam::sim {
namespace {

constexpr Range any_limit{-1e15, 1e15};

std::string value_text(double value) {
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

const char* name_of(Bound::Kind kind) {
    switch (kind) {
        case Bound::Kind::at_least:
            return "at_least";
        case Bound::Kind::at_most:
            return "at_most";
        case Bound::Kind::equal:
            return "exactly";
    }
    return "";
}

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

}  // namespace

void read_bound(TomlReader& table, const std::string& key, const std::string& metric, Bound::Kind kind,
                std::vector<Bound>& bounds) {
    if (!table.has(key)) return;
    bounds.push_back({.metric = metric,
                      .kind = kind,
                      .limit = table.number(key, any_limit, 0.0),
                      .line = table.line_of(key)});
}

Verdict judge_bound(const Bound& bound, double value, const std::string& who) {
    return {.text = who + ": " + bound.metric + " " + value_text(value) + ", expected " +
                    words_for(bound.kind) + value_text(bound.limit),
            .line = bound.line,
            .passed = is_within(bound, value),
            .who = who,
            .figure = bound.metric,
            .bound = name_of(bound.kind),
            .limit = bound.limit,
            .value = value};
}

}  // namespace rtjam::sim
