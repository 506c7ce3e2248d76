#include "sim/link/bit_rate.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace rtjam::sim {
namespace {

struct Unit {
    std::string_view name;
    std::int64_t bits_per_second;
};
// As tc has them: thousands, not 1024s.
constexpr std::array<Unit, 4> units{
    {{"gbit", 1'000'000'000}, {"mbit", 1'000'000}, {"kbit", 1'000}, {"bit", 1}}};
constexpr std::string_view none = "none";

}  // namespace

std::optional<BitRate> parse_bit_rate(std::string_view text) {
    if (text == none) return BitRate{};
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) return std::nullopt;
    const std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
    const auto unit =
        std::find_if(units.begin(), units.end(), [name](const Unit& each) { return each.name == name; });
    if (unit == units.end()) return std::nullopt;
    const double bits = value * static_cast<double>(unit->bits_per_second) + 0.5;
    if (!(bits >= 1.0 && bits <= static_cast<double>(BitRate::bits_per_second_max))) return std::nullopt;
    return BitRate{static_cast<std::int64_t>(bits)};
}

std::string bit_rate_text(BitRate rate) {
    if (rate == BitRate{}) return std::string{none};
    const auto unit = std::find_if(units.begin(), units.end(), [rate](const Unit& each) {
        return rate.bits_per_second() % each.bits_per_second == 0;
    });
    return std::to_string(rate.bits_per_second() / unit->bits_per_second) + std::string{unit->name};
}

}  // namespace rtjam::sim
