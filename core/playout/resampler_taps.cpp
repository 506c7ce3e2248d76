// Each row has the least mean square error for a stationary signal of the spectrum below: the weights h solve
// R·h = r, where R has the autocorrelations between the 16 frames and r those with the wanted place between
// them (Laakso, Välimäki, Karjalainen, Laine, "Splitting the unit delay", IEEE Signal Processing Magazine
// 13(1), 1996, general least squares design; in geostatistics, simple kriging). No symmetry is asked for, so
// that the frames still to come may be few. All is computed by the compiler, in double and without libm: the
// same on every machine.
#include "core/playout/resampler_taps.hpp"

#include <cstdint>

namespace rtjam {
namespace {

// The spectrum is music's, exaggerated: the density of power, and with it the care taken, is highest where
// there is most to hear. Each band goes from 0 to its edge, at 48 kHz in units of 2 kHz, and adds to the
// narrower ones.
struct Band {
    std::int64_t edge;
    double density;
};
constexpr std::int64_t nyquist = 12;
constexpr std::array<Band, 6> spectrum{{{1, 1e8}, {3, 1e5}, {6, 1e2}, {8, 1.0}, {10, 1e-2}, {nyquist, 1e-4}}};

// Distances on the timeline are in units of 1/128 frame, so that every angle below is a whole part of a turn.
constexpr std::int64_t unit = tap_phases;
constexpr std::int64_t turn = 2 * nyquist * unit;
constexpr double two_pi = 6.283185307179586476925;

constexpr double angle_of(std::int64_t turn_parts) {
    return two_pi * static_cast<double>(turn_parts) / static_cast<double>(turn);
}

// The first quarter of a turn, by the series.
constexpr auto quarter_sine = [] {
    std::array<double, turn / 4 + 1> sines{};
    for (std::size_t i = 0; i < sines.size(); ++i) {
        const double x = angle_of(static_cast<std::int64_t>(i));
        double term = x;
        for (int k = 3; k <= 25; k += 2) {
            sines[i] += term;
            term *= -x * x / (k * (k - 1));
        }
    }
    return sines;
}();

constexpr double sine(std::int64_t turn_parts) {
    const std::int64_t half = turn_parts % (turn / 2);
    const double value = quarter_sine[static_cast<std::size_t>(half <= turn / 4 ? half : turn / 2 - half)];
    return turn_parts % turn < turn / 2 ? value : -value;
}

// Up to a factor, which the weights do not depend on.
constexpr double autocorrelation(std::int64_t distance) {
    if (distance < 0) distance = -distance;
    double sum = 0.0;
    for (const Band& band : spectrum) {
        sum += band.density * (distance == 0 ? angle_of(band.edge)
                                             : sine(band.edge * distance) / static_cast<double>(distance));
    }
    return sum;
}

using Vector = std::array<double, taps>;

constexpr std::int64_t place_of(std::size_t tap) {
    return (static_cast<std::int64_t>(tap) - static_cast<std::int64_t>(taps_before)) * unit;
}

// R = L·D·Lᵀ, with L below the diagonal of `lower` and 1 on it.
struct Factors {
    std::array<Vector, taps> lower{};
    Vector diagonal{};
};

constexpr Factors factorize() {
    Vector correlations{};
    for (std::size_t i = 0; i < taps; ++i) correlations[i] = autocorrelation(place_of(i) - place_of(0));
    Factors factors;
    for (std::size_t row = 0; row < taps; ++row) {
        for (std::size_t column = 0; column <= row; ++column) {
            double rest = correlations[row - column];
            for (std::size_t k = 0; k < column; ++k) {
                rest -= factors.lower[row][k] * factors.diagonal[k] * factors.lower[column][k];
            }
            if (column == row) {
                factors.diagonal[row] = rest;
            } else {
                factors.lower[row][column] = rest / factors.diagonal[column];
            }
        }
    }
    return factors;
}

constexpr Vector solve(const Factors& factors, Vector x) {
    for (std::size_t row = 0; row < taps; ++row) {
        for (std::size_t k = 0; k < row; ++k) x[row] -= factors.lower[row][k] * x[k];
    }
    for (std::size_t row = 0; row < taps; ++row) x[row] /= factors.diagonal[row];
    for (std::size_t row = taps; row-- > 0;) {
        for (std::size_t k = row + 1; k < taps; ++k) x[row] -= factors.lower[k][row] * x[k];
    }
    return x;
}

constexpr Taps row_for(const Factors& factors, std::int64_t place) {
    Vector correlations{};
    for (std::size_t i = 0; i < taps; ++i) correlations[i] = autocorrelation(place_of(i) - place);
    const Vector weights = solve(factors, correlations);
    double gain = 0.0;
    for (const double weight : weights) gain += weight;
    Taps row{};
    for (std::size_t i = 0; i < taps; ++i) row[i] = static_cast<float>(weights[i] / gain);
    return row;
}

constexpr TapTable design() {
    const Factors factors = factorize();
    TapTable table{};
    table.front()[taps_before] = 1.0F;
    table.back()[taps_before + 1] = 1.0F;
    for (std::size_t phase = 1; phase < tap_phases; ++phase) {
        table[phase] = row_for(factors, static_cast<std::int64_t>(phase));
    }
    return table;
}

}  // namespace

constexpr TapTable tap_table = design();

}  // namespace rtjam
