// Has the playout's renderer jump within every sound, on and back, and measures how each splice clicks.
// Deterministic; not for real time.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/quality/sound.hpp"

namespace rtjam::sim::quality {

// On, while all is well, or out of a stall as long as the jump; or back towards where such a stall began.
enum class Jump : std::uint8_t { on, on_from_stall, back };
inline constexpr std::array jumps{Jump::on, Jump::on_from_stall, Jump::back};
inline constexpr std::array<int, 7> jump_lengths_ms{2, 4, 6, 10, 20, 35, 60};

constexpr std::string_view name_of(Jump jump) {
    constexpr std::array<std::string_view, jumps.size()> names{"on", "on from stall", "back"};
    return names[static_cast<std::size_t>(jump)];
}

struct JumpResult {
    Jump jump;
    int length_ms;
    int splices;        // of all channels
    double click_dbfs;  // the worst; see splice_clicks_dbfs in measures.hpp
};

// By jump, then by length. Each of them as often as the sounds are long enough for, of which 4 s are enough
// for once; at full and at reduced effort. The delay is at rest: sound is spliced before it is resampled, and
// the peaks of one that slews are not those that were sent.
std::vector<JumpResult> measure_jumps(std::span<const Sound> sounds);

// Which jumps click louder than the limit: a line of text each.
std::vector<std::string> clicking(std::span<const JumpResult> results, double limit_dbfs);

}  // namespace rtjam::sim::quality
