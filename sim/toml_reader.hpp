// Reads one TOML table strictly: every value has a type and bounds, and a key that nobody asked for is an
// error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/time.hpp"

// Only named: toml++ itself would be compiled again in every file that knows of a scenario.
namespace toml {
inline namespace v3 {
class node;
class table;
}  // namespace v3
}  // namespace toml

namespace rtjam::sim {

// Keeps the first error; from then on readers return their fallbacks, so that a parser can read straight on.
class TomlErrors {
public:
    explicit TomlErrors(std::string file) : file_(std::move(file)) {}

    void add(int line, std::string_view message);
    bool any() const { return first_.has_value(); }
    // Only when there is one.
    const std::string& first() const { return *first_; }

private:
    std::string file_;
    std::optional<std::string> first_;
};

struct Range {
    double min;
    double max;
};
struct DurationRange {
    Duration min;
    Duration max;
};

// As in "20ms", "1.5s", "250us", "2min".
std::optional<Duration> parse_duration(std::string_view text);
// Of a whole nanosecond number as such a text, in the largest unit that has no fraction.
std::string duration_text(Duration duration);

class TomlReader {
public:
    // `path` is the table's name as a person would write it: "player.up". Both arguments outlive the reader.
    TomlReader(const toml::table& table, std::string path, TomlErrors& errors)
        : table_(&table), path_(std::move(path)), errors_(&errors) {}

    int line() const;
    bool has(std::string_view key) const;
    TomlErrors& errors() const { return *errors_; }

    std::optional<std::string> text(std::string_view key);
    bool flag(std::string_view key, bool fallback);
    double number(std::string_view key, Range range, double fallback);
    std::optional<std::int64_t> integer(std::string_view key, std::int64_t min, std::int64_t max);
    std::optional<Duration> duration(std::string_view key, DurationRange range);
    std::vector<Duration> durations(std::string_view key, DurationRange range);
    // Two durations, the second after the first.
    std::optional<std::pair<Duration, Duration>> duration_pair(std::string_view key, DurationRange range);
    // Which of the choices it is.
    std::optional<std::size_t> choice(std::string_view key, const std::vector<std::string_view>& choices);
    std::vector<std::int64_t> integers(std::string_view key, std::int64_t min, std::int64_t max);
    std::vector<std::string> texts(std::string_view key);
    // A table below this one, and the tables of an array.
    std::optional<TomlReader> table(std::string_view key);
    std::vector<TomlReader> tables(std::string_view key);

    // The keys that are still unread, for who knows what else they may be.
    std::vector<std::string> unread() const;
    void mark_read(std::string_view key) { known_.emplace_back(key); }
    // An error for the first key that was never asked for.
    void refuse_unread(std::string_view also_known = {});
    void refuse(std::string_view key, std::string_view expected);
    int line_of(std::string_view key) const;

private:
    const toml::node* find(std::string_view key);

    const toml::table* table_;
    std::string path_;
    TomlErrors* errors_;
    std::vector<std::string> known_;
};

}  // namespace rtjam::sim
