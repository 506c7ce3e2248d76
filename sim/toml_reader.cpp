#include "sim/toml_reader.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <sstream>

namespace rtjam::sim {
namespace {

struct Unit {
    std::string_view name;
    std::int64_t nanoseconds;
};
constexpr std::array<Unit, 5> units{
    {{"min", 60'000'000'000}, {"s", 1'000'000'000}, {"ms", 1'000'000}, {"us", 1'000}, {"ns", 1}}};
constexpr double duration_ns_max = 1e15;  // eleven days: no sum of two overflows

std::string number_text(double value) {
    std::ostringstream text;
    text << value;
    return text.str();
}

std::string range_text(DurationRange range) {
    return "a time from \"" + duration_text(range.min) + "\" to \"" + duration_text(range.max) + "\"";
}

}  // namespace

void TomlErrors::add(int line, std::string_view message) {
    if (first_) return;
    std::string text = file_ + ":" + std::to_string(line) + ": " + std::string{message};
    // One line, whatever a quoted key holds.
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    first_ = text;
}

std::optional<Duration> parse_duration(std::string_view text) {
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) return std::nullopt;
    const std::string_view unit_name = text.substr(static_cast<std::size_t>(end - text.data()));
    const auto unit = std::find_if(units.begin(), units.end(),
                                   [unit_name](const Unit& each) { return each.name == unit_name; });
    if (unit == units.end()) return std::nullopt;
    const double ns = value * static_cast<double>(unit->nanoseconds);
    if (!(ns >= 0.0 && ns <= duration_ns_max)) return std::nullopt;
    return Duration{std::llround(ns)};
}

std::string duration_text(Duration duration) {
    if (duration == Duration{0}) return "0s";
    const auto unit = std::find_if(units.begin(), units.end(), [duration](const Unit& each) {
        return duration.count() % each.nanoseconds == 0;
    });
    return std::to_string(duration.count() / unit->nanoseconds) + std::string{unit->name};
}

int TomlReader::line() const {
    return static_cast<int>(table_->source().begin.line);
}

bool TomlReader::has(std::string_view key) const {
    return table_->contains(key);
}

const toml::node* TomlReader::find(std::string_view key) {
    mark_read(key);
    return errors_->any() ? nullptr : table_->get(key);
}

int TomlReader::line_of(std::string_view key) const {
    const toml::node* node = table_->get(key);
    return node == nullptr ? line() : static_cast<int>(node->source().begin.line);
}

void TomlReader::refuse(std::string_view key, std::string_view expected) {
    const std::string full =
        path_.empty() || key.empty() ? path_ + std::string{key} : path_ + "." + std::string{key};
    errors_->add(line_of(key), full + ": expected " + std::string{expected});
}

std::optional<std::string> TomlReader::text(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    if (!node->is_string()) {
        refuse(key, "a string");
        return std::nullopt;
    }
    return node->value<std::string>();
}

bool TomlReader::flag(std::string_view key, bool fallback) {
    const toml::node* node = find(key);
    if (node == nullptr) return fallback;
    if (!node->is_boolean()) refuse(key, "true or false");
    return node->value_or(fallback);
}

double TomlReader::number(std::string_view key, Range range, double fallback) {
    const toml::node* node = find(key);
    if (node == nullptr) return fallback;
    const std::optional<double> value = node->is_number() ? node->value<double>() : std::nullopt;
    if (!value || !(*value >= range.min && *value <= range.max)) {
        refuse(key, "a number from " + number_text(range.min) + " to " + number_text(range.max));
        return fallback;
    }
    return *value;
}

std::optional<std::int64_t> TomlReader::integer(std::string_view key, std::int64_t min, std::int64_t max) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    const std::optional<std::int64_t> value = node->is_integer() ? node->value<std::int64_t>() : std::nullopt;
    if (!value || *value < min || *value > max) {
        refuse(key, "an integer from " + std::to_string(min) + " to " + std::to_string(max));
        return std::nullopt;
    }
    return value;
}

std::optional<Duration> TomlReader::duration(std::string_view key, DurationRange range) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    const std::optional<std::string> written = node->value<std::string>();
    const std::optional<Duration> value = written ? parse_duration(*written) : std::nullopt;
    if (!value || *value < range.min || *value > range.max) {
        refuse(key, range_text(range));
        return std::nullopt;
    }
    return value;
}

std::vector<Duration> TomlReader::durations(std::string_view key, DurationRange range) {
    std::vector<Duration> values;
    for (const std::string& written : texts(key)) {
        const std::optional<Duration> value = parse_duration(written);
        const bool rises = values.empty() || (value && *value > values.back());
        if (!value || *value < range.min || *value > range.max || !rises) {
            refuse(key, "a list, each later than the one before, each " + range_text(range));
            return {};
        }
        values.push_back(*value);
    }
    return values;
}

std::optional<std::pair<Duration, Duration>> TomlReader::duration_pair(std::string_view key,
                                                                       DurationRange range) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    std::vector<Duration> values;
    if (const toml::array* array = node->as_array()) {
        for (const toml::node& element : *array) {
            const std::optional<std::string> written = element.value<std::string>();
            const std::optional<Duration> value = written ? parse_duration(*written) : std::nullopt;
            if (value && *value >= range.min && *value <= range.max) values.push_back(*value);
        }
        if (array->size() == 2 && values.size() == 2 && values[0] < values[1])
            return {{values[0], values[1]}};
    }
    refuse(key, "[from, to], the second after the first, each " + range_text(range));
    return std::nullopt;
}

std::optional<std::size_t> TomlReader::choice(std::string_view key,
                                              const std::vector<std::string_view>& choices) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    const std::optional<std::string> written = node->value<std::string>();
    const auto chosen = std::find(choices.begin(), choices.end(), written.value_or(""));
    if (written && chosen != choices.end()) return static_cast<std::size_t>(chosen - choices.begin());
    std::string expected = "one of";
    for (const std::string_view each : choices) expected += " \"" + std::string{each} + "\"";
    refuse(key, expected);
    return std::nullopt;
}

std::vector<std::int64_t> TomlReader::integers(std::string_view key, std::int64_t min, std::int64_t max) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    std::vector<std::int64_t> values;
    if (const toml::array* array = node->as_array()) {
        for (const toml::node& element : *array) {
            const std::optional<std::int64_t> value =
                element.is_integer() ? element.value<std::int64_t>() : std::nullopt;
            if (value && *value >= min && *value <= max) values.push_back(*value);
        }
        if (!values.empty() && values.size() == array->size()) return values;
    }
    refuse(key, "a list of integers from " + std::to_string(min) + " to " + std::to_string(max));
    return {};
}

std::vector<std::string> TomlReader::texts(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    std::vector<std::string> values;
    if (const toml::array* array = node->as_array()) {
        for (const toml::node& element : *array) {
            if (element.is_string()) values.push_back(element.value_or(std::string{}));
        }
        if (!values.empty() && values.size() == array->size()) return values;
    }
    refuse(key, "a list of strings");
    return {};
}

std::optional<TomlReader> TomlReader::table(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    if (!node->is_table()) {
        refuse(key, "a table");
        return std::nullopt;
    }
    const std::string path = path_.empty() ? std::string{key} : path_ + "." + std::string{key};
    return TomlReader{*node->as_table(), path, *errors_};
}

std::vector<TomlReader> TomlReader::tables(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    std::vector<TomlReader> readers;
    const std::string path = path_.empty() ? std::string{key} : path_ + "." + std::string{key};
    if (const toml::array* array = node->as_array()) {
        for (const toml::node& element : *array) {
            if (element.is_table()) readers.emplace_back(*element.as_table(), path, *errors_);
        }
        if (!readers.empty() && readers.size() == array->size()) return readers;
    }
    refuse(key, "tables, each headed [[" + path + "]]");
    return {};
}

std::vector<std::string> TomlReader::unread() const {
    std::vector<std::string> keys;
    for (const auto& [key, node] : *table_) {
        const std::string name{key.str()};
        if (std::find(known_.begin(), known_.end(), name) == known_.end()) keys.push_back(name);
    }
    return keys;
}

void TomlReader::refuse_unread(std::string_view also_known) {
    if (errors_->any()) return;
    const std::vector<std::string> keys = unread();
    if (keys.empty()) return;
    const auto first = std::min_element(
        keys.begin(), keys.end(), [this](const auto& a, const auto& b) { return line_of(a) < line_of(b); });
    std::vector<std::string> known = known_;
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    std::string expected = "one of the known keys:";
    for (const std::string& each : known) expected += " " + each;
    refuse(*first, expected + std::string{also_known});
}

}  // namespace rtjam::sim
