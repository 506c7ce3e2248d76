// How values are written into a scenario's file, and the keys that they belong to.
#pragma once

#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include "sim/scenario.hpp"
#include "sim/toml_reader.hpp"

namespace rtjam::sim {

inline std::string number(double value) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), value, std::chars_format::general, 9).ptr;
    return {digits.begin(), end};
}

inline std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return result + "\"";
}

inline std::string time(Duration duration) {
    return quoted(duration_text(duration));
}
inline std::string time(Instant at) {
    return time(at.time_since_epoch());
}
inline std::string span(const Span& span) {
    return "[" + time(span.from) + ", " + time(span.to) + "]";
}
inline std::string ppm(Skew skew) {
    return number(static_cast<double>(skew.parts_per_billion()) / 1000.0);
}
inline std::string percent(double probability) {
    return number(probability * 100.0);
}

// Lines of `key = value`, or parts of a table in one line.
class Keys {
public:
    explicit Keys(std::string_view separator) : separator_(separator) {}

    void add(std::string_view key, const std::string& value) {
        if (!text_.empty()) text_ += separator_;
        text_ += std::string{key} + " = " + value;
    }
    template <typename Value, typename Text>
    void add_if_not(std::string_view key, const Value& value, const Value& fallback, Text text_of) {
        if (value != fallback) add(key, text_of(value));
    }
    bool empty() const { return text_.empty(); }
    const std::string& text() const { return text_; }

private:
    std::string_view separator_;
    std::string text_;
};

}  // namespace rtjam::sim
