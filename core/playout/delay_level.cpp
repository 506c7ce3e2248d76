#include "core/playout/delay_level.hpp"

#include <algorithm>
#include <cassert>

#include "core/base/float4.hpp"

namespace rtjam {
namespace {

// What a gap weighs, in milliseconds of holding as much delay instead. Less than the objective's 2000: a
// level that is let go can often be had back, by slewing, before it is needed.
constexpr float gap_price_ms = 1500.0F;

// The horizons are worked on four at a time.
constexpr std::size_t horizon_fours = DelayLevel::horizons_ms.size() / float4_lanes;
static_assert(DelayLevel::horizons_ms.size() % float4_lanes == 0);

// Pauses are told apart by bounds that double: what matters of one is its order of magnitude.
constexpr std::array<float, 13> bounds_ms{0.0F,    31.25F,  62.5F,   125.0F,   250.0F,   500.0F,  1000.0F,
                                          2000.0F, 4000.0F, 8000.0F, 16000.0F, 32000.0F, 64000.0F};

// Before anything is known of a level: needs come in bursts, and the longer none has come, the longer none
// will. As if six pauses had been seen, of which 80 % outlast each further bound.
constexpr std::array<float, 12> pauses_expected = [] {
    std::array<float, 12> pauses{};
    float left = 6.0F;
    for (float& share : pauses) {
        share = 0.2F * left;
        left *= 0.8F;
    }
    return pauses;
}();

// What has been seen weighs 1/e after 160 s: pauses of seconds are rare, and each tells something of a line
// whose habits last. A level that was not needed for longer is forgotten with one stroke, where the table
// ends. Brought up to date in whole epochs.
constexpr Duration epoch_length = std::chrono::seconds{1};
constexpr float kept_per_epoch = 0.99377F;  // e^(-1/160)
constexpr std::array<float, 160> kept_after_epochs = [] {
    std::array<float, 160> kept{};
    float left = 1.0F;
    for (float& share : kept) {
        share = left;
        left *= kept_per_epoch;
    }
    return kept;
}();
constexpr float forgotten_below = 1e-6F;
static_assert(DelayLevel::forgotten_after == epoch_length * kept_after_epochs.size());

float kept_since(std::int64_t epoch, std::int64_t now) {
    const auto passed = static_cast<std::size_t>(std::max<std::int64_t>(now - epoch, 0));
    return passed < kept_after_epochs.size() ? kept_after_epochs[passed] : 0.0F;
}

std::int64_t epoch_of(Instant instant) {
    return instant.time_since_epoch() / epoch_length;
}

float ms_of(Duration duration) {
    return static_cast<float>(duration.count()) * 1e-6F;
}

std::size_t bound_of(float pause_ms) {
    std::size_t index = 0;
    while (index + 2 < bounds_ms.size() && pause_ms >= bounds_ms[index + 1]) ++index;
    return index;
}

// What is left of a share of pauses, spread evenly between two bounds, when so much of a pause has passed.
struct Remainder {
    float from_ms;
    float to_ms;
    float weight;
};

Remainder remainder_of(std::size_t index, float weight, float age_ms) {
    const float from = std::max(bounds_ms[index], age_ms);
    const float to = std::max(bounds_ms[index + 1], age_ms);
    const bool last = index + 2 == bounds_ms.size();
    const float width = bounds_ms[index + 1] - bounds_ms[index];
    // Longer than everything: it may last for ever.
    if (last && age_ms >= bounds_ms[index]) return {age_ms, age_ms + width, weight};
    return {from, to, weight * (to - from) / width};
}

}  // namespace

DelayLevel::Gains DelayLevel::gains_expected() {
    DelayLevel level;
    level.ever_needed_ = true;
    level.judge(Instant{});
    return level.gains_;
}

void DelayLevel::need(Instant now, const Gains& expected) {
    const std::int64_t epoch = epoch_of(now);
    const float pause_ms = ms_of(now - needed_at_);
    if (ever_needed_) {
        if (epoch != epoch_) {
            const float kept = kept_since(epoch_, epoch);
            // Not down to where numbers become denormal, and slow to reckon with.
            for (float& count : pauses_) count = count > forgotten_below ? count * kept : 0.0F;
        }
        pauses_[bound_of(pause_ms)] += 1.0F;
    }
    if (!ever_needed_ || pause_ms >= bounds_ms[1]) {
        gains_ = expected;
        judged_ = false;
    }
    epoch_ = epoch;
    needed_at_ = now;
    ever_needed_ = true;
}

void DelayLevel::judge(Instant now) {
    assert(ever_needed_);
    const float age_ms = ms_of(now - needed_at_);
    const float kept = kept_since(epoch_, epoch_of(now));
    // The horizons four at a time: most of what a quiet playout costs is done here.
    std::array<Float4, horizon_fours> needed{};  // chance, as yet times all the weight that is left
    std::array<Float4, horizon_fours> held{};    // time
    float left = 0.0F;
    for (std::size_t index = bound_of(age_ms); index < pauses_count; ++index) {
        const Remainder rest = remainder_of(index, pauses_[index] * kept + pauses_expected[index], age_ms);
        left += rest.weight;
        const float width = std::max(rest.to_ms - rest.from_ms, 1.0F);
        const auto add_four = [&](std::size_t i) {
            const Float4 horizons = load4(&horizons_ms[i * float4_lanes]);
            // Beyond the longest of them all is still to come.
            if (rest.from_ms >= age_ms + horizons_ms[i * float4_lanes + float4_lanes - 1]) {
                held[i] += rest.weight * horizons;
                return;
            }
            const Float4 end = clamp4(horizons + age_ms, rest.from_ms, rest.to_ms);
            const Float4 before = (end - rest.from_ms) * rest.weight / width;
            needed[i] += before;
            held[i] += before * ((end + rest.from_ms) * 0.5F - age_ms) + (rest.weight - before) * horizons;
        };
        // Not a loop, for which the sums would go to memory and back.
        static_assert(horizon_fours == 2);
        add_four(0);
        add_four(1);
    }
    for (std::size_t i = 0; i < horizon_fours; ++i)
        store4(&gains_[i * float4_lanes], (needed[i] * gap_price_ms - held[i]) / left);
    judged_at_ = now;
    judged_ = true;
}

}  // namespace rtjam
