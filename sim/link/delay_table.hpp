// The distribution of a delay as iproute2 and netem have it: a table of quantiles, in units of the jitter.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "core/base/expected.hpp"
#include "core/base/time.hpp"

namespace rtjam::sim {

class DelayTable {
public:
    // What one jitter is in the table, and the most that a file may hold: both iproute2's.
    static constexpr std::int64_t unit = 8192;
    static constexpr std::size_t values_max = 65'536;

    // Not empty; rising, if correlation is to mean something.
    explicit DelayTable(std::vector<std::int16_t> values);

    // Of a uniform number in [0, 1); the jitter is at most 10 s.
    Duration offset(double uniform, Duration jitter) const {
        const std::int64_t value = values_[static_cast<std::size_t>(uniform * size_)];
        return Duration{jitter.count() * value / unit};
    }
    const std::vector<std::int16_t>& values() const { return values_; }

private:
    std::vector<std::int16_t> values_;
    double size_;
};

// All have mean 0; normal and gamma have deviation 1, the other two 0.8, as iproute2's have. They are
// integrated with nothing but +, −, ×, ÷ and square roots, which are the same on every machine; libm's exp()
// and pow() are not. What lies beyond ±4 is cut off, as in netem.
const DelayTable& normal_table();
// Density 3/x⁴ from 1 on.
const DelayTable& pareto_table();
// A quarter normal and three quarters Pareto, by quantiles.
const DelayTable& paretonormal_table();
// Density x·e^−x: steep from below, a tail above.
const DelayTable& gamma_table();

// iproute2's format (tc-netem(8), maketable): whole numbers from −32768 to 32767, 8192 to the jitter, between
// white space; a line that begins with # is a comment. The error says what was expected.
Expected<DelayTable, std::string> read_delay_table(std::istream& stream);

}  // namespace rtjam::sim
