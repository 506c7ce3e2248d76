#include "sim/link/delay_table.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <istream>
#include <sstream>

namespace rtjam::sim {
namespace {

constexpr std::size_t quantiles = 4096;
constexpr int integration_steps = 1 << 16;
constexpr double value_max = 32767.0;

// e^−x for x ≥ 0: a series for x / 1024, squared ten times.
double exp_of_minus(double x) {
    const double part = -x / 1024.0;
    double term = 1.0;
    double sum = 1.0;
    for (int i = 1; i < 12; ++i) {
        term *= part / static_cast<double>(i);
        sum += term;
    }
    for (int i = 0; i < 10; ++i) sum *= sum;
    return sum;
}

struct Support {
    double from;
    double to;
};

struct Scale {
    double mean;
    double deviation;
};

// In the middle of each of so many shares of the probability, less the mean, in deviations.
template <typename Density>
std::vector<double> quantiles_of(Density density, Support support, Scale scale) {
    const double step = (support.to - support.from) / integration_steps;
    std::vector<double> weights;
    weights.reserve(integration_steps);
    double total = 0.0;
    for (int i = 0; i < integration_steps; ++i) {
        const double x = support.from + (static_cast<double>(i) + 0.5) * step;
        weights.push_back(density(x));
        total += weights.back();
    }

    std::vector<double> values;
    values.reserve(quantiles);
    double below = 0.0;
    std::size_t cell = 0;
    for (std::size_t i = 0; i < quantiles; ++i) {
        const double wanted = (static_cast<double>(i) + 0.5) / static_cast<double>(quantiles) * total;
        while (cell + 1 < weights.size() && below + weights[cell] < wanted) below += weights[cell++];
        const double share = (wanted - below) / weights[cell];
        const double x = support.from + (static_cast<double>(cell) + share) * step;
        values.push_back((x - scale.mean) / scale.deviation);
    }
    return values;
}

DelayTable table_of(const std::vector<double>& values) {
    std::vector<std::int16_t> rounded;
    rounded.reserve(values.size());
    for (const double value : values) {
        const double scaled =
            std::clamp(value * static_cast<double>(DelayTable::unit), -value_max, value_max);
        rounded.push_back(static_cast<std::int16_t>(scaled < 0.0 ? scaled - 0.5 : scaled + 0.5));
    }
    return DelayTable{std::move(rounded)};
}

std::vector<double> normal_quantiles() {
    return quantiles_of([](double x) { return exp_of_minus(x * x / 2.0); }, {-6.0, 6.0}, {0.0, 1.0});
}

// iproute2 divides by the variance, which is 0.75, where it means the deviation: so do we, to be like it.
std::vector<double> pareto_quantiles() {
    return quantiles_of([](double x) { return 3.0 / (x * x * x * x); }, {1.0, 65.0}, {1.5, 0.75});
}

DelayTable mixed_table() {
    std::vector<double> values = pareto_quantiles();
    const std::vector<double> normal = normal_quantiles();
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = 0.25 * normal[i] + 0.75 * values[i];
    return table_of(values);
}

}  // namespace

DelayTable::DelayTable(std::vector<std::int16_t> values)
    : values_(std::move(values)), size_(static_cast<double>(values_.size())) {
    assert(!values_.empty());
}

const DelayTable& normal_table() {
    static const DelayTable table = table_of(normal_quantiles());
    return table;
}

const DelayTable& pareto_table() {
    static const DelayTable table = table_of(pareto_quantiles());
    return table;
}

const DelayTable& paretonormal_table() {
    static const DelayTable table = mixed_table();
    return table;
}

const DelayTable& gamma_table() {
    static const DelayTable table = table_of(
        quantiles_of([](double x) { return x * exp_of_minus(x); }, {0.0, 24.0}, {2.0, std::sqrt(2.0)}));
    return table;
}

Expected<DelayTable, std::string> read_delay_table(std::istream& stream) {
    const std::string expected =
        "whole numbers from -32768 to 32767 as in iproute2's tables, at most 65536 of them";
    std::vector<std::int16_t> values;
    std::string line;
    while (std::getline(stream, line)) {
        if (line.starts_with('#')) continue;
        std::istringstream words{line};
        std::string word;
        while (words >> word) {
            std::int16_t value = 0;
            const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
            const bool whole = error == std::errc{} && end == word.data() + word.size();
            if (!whole || values.size() == DelayTable::values_max) return Unexpected{expected};
            values.push_back(value);
        }
    }
    if (values.empty()) return Unexpected{expected};
    return DelayTable{std::move(values)};
}

}  // namespace rtjam::sim
