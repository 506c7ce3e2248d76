// How a stream's sound comes out beside what was sent: how loud it is, and whether it clicks. Not of the
// coded test signal, which is full of jumps by nature.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "core/engine.hpp"
#include "sim/expected_sound.hpp"
#include "sim/quality/clicks.hpp"

namespace rtjam::sim {

class SoundMeter {
public:
    // One period. `own_first`: of its first frame, as the sender counts; `counts`: else it is only what comes
    // before something that does. `as_sent`: it is known to be what `sound` says, to the bit.
    void hear(const StreamOutput& heard, PlayPosition own_first, bool as_sent, bool counts,
              ExpectedSound& sound);
    // A period in which there is no stream.
    void hear_nothing();

    // By how much what was heard is louder than what was sent at the same places, over the periods of which
    // something was played: 20 log10 of the ratio of their root mean squares. Not a number if there were
    // none.
    double level_db() const;
    // The loudest click where something was made up, or the position jumped. Not a number before a period was
    // heard.
    double click_dbfs() const;

private:
    // Periods that are not just as sent, with less than a click's length between them: places in what is
    // kept.
    struct Seam {
        std::size_t begin;
        std::size_t end;
        // The loudest above 8 kHz that is sent around them, and around the last one, for each channel.
        std::array<double, 2> sent_high{};
        std::array<double, 2> sent_high_last{};
    };

    void measure_level(const StreamOutput& heard, PlayPosition own_first, bool as_sent, ExpectedSound& sound);
    void note_seam(const StreamOutput& heard, PlayPosition own_first, ExpectedSound& sound);
    void note_sent_around(PlayPosition place, PlaySpeed speed, std::size_t frames, ExpectedSound& sound);
    void judge_seam();
    void forget();
    void drop_what_is_old();

    double heard_power_ = 0.0;
    double sent_power_ = 0.0;
    bool ever_counted_ = false;
    double click_dbfs_ = quality::click_least_dbfs;

    // What was heard without a break, the latest of it.
    std::array<std::vector<float>, 2> kept_;
    std::optional<Seam> seam_;
    std::optional<PlayPosition> next_;  // where it goes on if nothing jumps
};

}  // namespace rtjam::sim
