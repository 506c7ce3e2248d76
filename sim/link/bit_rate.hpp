// How fast a line sends, in whole bits a second, and as netem writes it: "64kbit", "2mbit", "1gbit".
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/time.hpp"

namespace rtjam::sim {

class BitRate {
public:
    static constexpr std::int64_t bits_per_second_max = 100'000'000'000;

    constexpr BitRate() = default;
    constexpr explicit BitRate(std::int64_t bits_per_second) : bits_per_second_(bits_per_second) {}
    constexpr std::int64_t bits_per_second() const { return bits_per_second_; }

    // How long so many bytes take, rounded down to a nanosecond. Only for a rate that is not 0.
    constexpr Duration time_of(std::size_t bytes) const {
        return Duration{static_cast<std::int64_t>(bytes) * 8'000'000'000 / bits_per_second_};
    }
    friend constexpr auto operator<=>(BitRate, BitRate) = default;

private:
    std::int64_t bits_per_second_ = 0;
};

// "none" is a rate of 0. Nothing for what is no such text, for another 0, and for more than the maximum.
std::optional<BitRate> parse_bit_rate(std::string_view text);
// In the largest unit that has no fraction.
std::string bit_rate_text(BitRate rate);

}  // namespace rtjam::sim
