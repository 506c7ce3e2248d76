// Bends the first made-up samples so that their beginning is no click. A click is what is above a third of
// the highest frequency (8 kHz at 48 kHz; Butterworth, fourth order) and louder there than the last 10 ms
// were: that is the most that the made-up samples may have. They are moved by as little as that takes: each
// sample's excess is projected out (S. Kaczmarz, "Angenäherte Auflösung von Systemen linearer Gleichungen",
// 1937), the moves spread over the high-pass's own shape, so what is below it hardly changes.
// Realtime-safe: yes; never allocates. One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace rtjam {

class SeamLimiter {
public:
    static constexpr std::size_t history_size = 512;
    // The made-up samples that are looked at, and may be moved.
    static constexpr std::size_t reach = 32;

    SeamLimiter();

    // `next` is what comes directly after the history. Samples must be finite.
    void limit(std::span<const float, history_size> history, std::span<float, reach> next);

private:
    static constexpr std::size_t taps = 24;  // what the high-pass answers later is below -70 dB
    static constexpr std::size_t lately = 480;
    // Enough for nearly all seams; the others get so far as they get.
    static constexpr int passes = 8;

    float high_at(std::size_t place) const;
    float loudest_before(float enough) const;
    void project(float loudest);

    std::array<float, taps> high_pass_;  // the newest sample's coefficient last
    // Of the coefficients that meet made-up samples, when that many do: the sum of the squares, inverted.
    std::array<float, reach> inverse_energies_;
    std::array<float, history_size + reach> signal_{};
};

}  // namespace rtjam
