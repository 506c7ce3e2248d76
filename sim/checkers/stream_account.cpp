#include "sim/checkers/stream_account.hpp"

#include <algorithm>

#include "core/playout/resampler_taps.hpp"

namespace rtjam::sim {
namespace {

// By the resampler.
constexpr FrameCount read_ahead_max{taps_after + 1};

// By the renderer, if they come in time.
constexpr FrameCount always_played{64};

// A playout that goes back by more forgets what lies beyond.
constexpr FrameCount kept_ahead{sample_rate_48k.hertz()};

}  // namespace

void StreamAccount::deliver(SequenceNumber sequence, FrameCount frames) {
    const bool is_first = life_.delivered == 0;
    const std::int64_t number = sequence.unwrap(is_first ? std::int64_t{sequence.value()} : life_.highest);
    if (is_first) {
        life_.first = life_.lowest = life_.highest = number;
        life_.packet_frames = frames;
    }
    if (frames != life_.packet_frames) life_.remembers_all = false;
    life_.lowest = std::min(life_.lowest, number);
    life_.highest = std::max(life_.highest, number);
    ++life_.delivered;
    if (!life_.numbers.insert(number)) return;
    ++life_.distinct;
    note_lateness(number);
}

void StreamAccount::note_lateness(std::int64_t number) {
    const SamplePosition begin{number * life_.packet_frames.count()};
    if (!life_.begun) {
        if (number < life_.first) ++life_.may_be_late;
        return;
    }
    if (begin + life_.packet_frames <= life_.passed) ++life_.must_be_late;
    if (begin < life_.end) ++life_.may_be_late;
}

void StreamAccount::pull(const PullResult& pulled, FrameCount frames) {
    const bool rests = pulled.silent == frames;
    if (life_.begun && (pulled.begins || rests || pulled.repeated > kept_ahead)) life_.remembers_all = false;
    if (rests) return;
    // What was passed before may come in time after all.
    if (pulled.repeated > FrameCount{}) life_.passed = std::min(life_.passed, pulled.position.frame);
    life_.begun = true;
    const SamplePosition end = advanced(pulled.position, pulled.speed, frames).frame + read_ahead_max;
    life_.end = std::max(life_.end, end);
    if (pulled.played > FrameCount{}) life_.passed = std::max(life_.passed, pulled.position.frame);
}

void StreamAccount::check_life(const PlayoutStats& stats, const std::string& stream,
                               Violations& violations) const {
    if (stats.packets != life_.delivered)
        violations.add(stream + ": " + std::to_string(life_.delivered) + " packets delivered, but " +
                       std::to_string(stats.packets) + " accounted for");
    check_repeats(stats, stream, violations);
    check_late(stats, stream, violations);
    check_lost(stats, stream, violations);
}

// Only what has come before is a duplicate, and whatever has is one, but for such as were of no use the first
// time either, or are forgotten.
void StreamAccount::check_repeats(const PlayoutStats& stats, const std::string& stream,
                                  Violations& violations) const {
    const std::uint64_t repeats = life_.delivered - life_.distinct;
    const bool all_known = life_.remembers_all && stats.resets == 0;
    if (stats.duplicate > repeats || (all_known && stats.duplicate + stats.stray + stats.too_early < repeats))
        violations.add(stream + ": " + std::to_string(repeats) + " packets delivered again, but " +
                       std::to_string(stats.duplicate) + " accounted for as duplicates");
}

// Late is what comes when its place has been played, or made up and given up: nothing that comes before, but
// for packets so short that those between near gaps are made up with the gaps.
void StreamAccount::check_late(const PlayoutStats& stats, const std::string& stream,
                               Violations& violations) const {
    const bool all_known = life_.remembers_all && stats.resets + stats.stray + stats.too_early == 0;
    if (!life_.begun || !all_known || life_.packet_frames < always_played) return;
    if (stats.late < life_.must_be_late || stats.late > life_.may_be_late)
        violations.add(stream + ": " + std::to_string(life_.must_be_late) + " to " +
                       std::to_string(life_.may_be_late) + " packets delivered too late, but " +
                       std::to_string(stats.late) + " accounted for as late");
}

// Whatever has not come though its place has been passed, and later ones have come. What is made up is not
// passed yet: the playout may go back for it.
void StreamAccount::check_lost(const PlayoutStats& stats, const std::string& stream,
                               Violations& violations) const {
    const bool all_known = life_.remembers_all && stats.resets + stats.stray + stats.too_early == 0;
    if (!life_.begun || !all_known) return;
    const std::int64_t frames = life_.packet_frames.count();
    const std::int64_t least = missing(life_.first, life_.passed.frames() / frames);
    const std::int64_t most = missing(life_.lowest, (life_.end.frames() + frames - 1) / frames);
    const auto lost = static_cast<std::int64_t>(stats.lost);
    if (lost < least || lost > most)
        violations.add(stream + ": " + std::to_string(least) + " to " + std::to_string(most) +
                       " packets not delivered, but " + std::to_string(lost) + " accounted for as lost");
}

std::int64_t StreamAccount::missing(std::int64_t from, std::int64_t end) const {
    const std::int64_t before = std::min(end, life_.highest);
    return std::max<std::int64_t>(0, before - from) - life_.numbers.count(from, before);
}

}  // namespace rtjam::sim
