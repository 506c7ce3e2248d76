#include "sim/stream_meter.hpp"

#include <algorithm>
#include <cmath>

#include "sim/test_signal.hpp"

namespace rtjam::sim {
namespace {

// After a gap or a jump the playout may fade into the sound; from so many frames on it must be as sent.
constexpr std::int64_t splice_frames_max = 1024;
// So many frames in a row that are a player's own are no chance: that is his echo.
constexpr std::int64_t echo_frames_min = 8;

Duration time_of_fraction(std::uint32_t fraction) {
    return Duration{(std::int64_t{fraction} * 1'000'000'000 / sample_rate_48k.hertz()) >> 32};
}

double milliseconds_of(Duration duration) {
    return static_cast<double>(duration.count()) / 1e6;
}

double percent_of(std::int64_t part, std::int64_t whole) {
    return whole <= 0 ? not_measured : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string pair_text(const StreamSetup& setup) {
    return "player " + std::to_string(setup.listener + 1) + " hearing player " +
           std::to_string(setup.sender + 1);
}

}  // namespace

StreamMeter::StreamMeter(const StreamSetup& setup)
    : expected_(setup.sound.value_or(SoundSource{setup.sender})),
      measured_{.from = std::max(setup.measure_from, setup.both_play.from), .to = setup.both_play.to},
      recovered_after_(setup.faults.size()),
      setup_(setup),
      name_(pair_text(setup)),
      forgiven_(setup.faults.size()) {}

void StreamMeter::hear(const StreamOutput& heard, const OutputFrame& first, const AudioTimeline& listener,
                       const AudioTimeline& sender, const PacketNumbering& numbering,
                       Violations& violations) {
    const PlayPosition own_first{numbering.own_frame(heard.pull.position.frame),
                                 heard.pull.position.fraction};
    Matches matches = match(heard, own_first);
    // A recording may be silent, as is what has been made up for long: that is not he.
    if (heard.pull.played == FrameCount{}) matches.frames = 0;
    check(heard, matches, violations);
    order_.note(heard.pull, listener.period(), name_, violations);

    const bool measured = measured_.contains(first.at);
    if (!expected_.is_code())
        sound_.hear(heard, own_first, matches.frames == listener.period().count(), measured, expected_);
    if (matches.frames > 0) {
        const Instant played =
            matches.first == 0 ? first.at : listener.at_output(first.frame + FrameCount{matches.first});
        const PlayPosition place = advanced(own_first, heard.pull.speed, FrameCount{matches.first});
        const Instant captured = sender.at_input(place.frame) + time_of_fraction(place.fraction);
        ever_heard_ = true;
        if (matches.frames == listener.period().count()) note_recovery(captured, played);
        if (measured) measure_delay(matches, captured, played);
    }
    if (!measured) return;
    output_frames_ += listener.period().count();
    measure_gaps(heard.pull);
}

void StreamMeter::hear_nothing(const OutputFrame& first, const AudioTimeline& listener) {
    end_gap_unheard();
    order_.forget();
    sound_.hear_nothing();
    clean_frames_ = 0;
    if (measured_.contains(first.at)) output_frames_ += listener.period().count();
}

StreamMeter::Matches StreamMeter::match(const StreamOutput& heard, PlayPosition own_first) {
    Matches matches;
    if (expected_.is(heard.audio, own_first, heard.pull.speed)) {
        matches.frames = static_cast<std::int64_t>(heard.audio.left.size());
        return matches;
    }
    const AudioInput expected = expected_.at(own_first, heard.pull.speed, heard.audio.left.size());
    std::int64_t echo_run = 0;
    for (std::size_t i = 0; i < heard.audio.left.size(); ++i) {
        const StereoSample sample{heard.audio.left[i], heard.audio.right[i]};
        const auto offset = static_cast<std::int64_t>(i);
        if (sample == StereoSample{expected.left[i], expected.right[i]}) {
            if (matches.frames == 0) matches.first = offset;
            ++matches.frames;
            echo_run = 0;
        } else {
            const bool is_own = setup_.listener_plays_code && signal_player(sample) == setup_.listener &&
                                sample != StereoSample{};
            echo_run = is_own ? echo_run + 1 : 0;
            matches.echo_run = std::max(matches.echo_run, echo_run);
        }
    }
    return matches;
}

void StreamMeter::check(const StreamOutput& heard, const Matches& matches, Violations& violations) {
    const PullResult& pull = heard.pull;
    const auto period_frames = static_cast<std::int64_t>(heard.audio.left.size());
    const FrameCount sum = pull.silent + pull.played + pull.concealed;
    if (sum != FrameCount{period_frames} ||
        std::min({pull.silent, pull.played, pull.concealed}) < FrameCount{0}) {
        violations.add(name_ + ": silent, played and concealed frames do not add up to a period");
    }
    if (matches.echo_run >= echo_frames_min) {
        violations.add(name_ + ": hears himself");
    }
    const bool whole = pull.played == FrameCount{period_frames} && pull.skipped == FrameCount{} &&
                       pull.repeated == FrameCount{};
    if (whole && clean_frames_ >= splice_frames_max && matches.frames != period_frames) {
        violations.add(name_ + ": " + std::to_string(period_frames - matches.frames) +
                       " frames that are not what was sent at position " +
                       std::to_string(pull.position.frame.frames()));
    }
    clean_frames_ = whole ? clean_frames_ + period_frames : 0;
}

void StreamMeter::note_recovery(Instant captured, Instant played) {
    for (std::size_t i = 0; i < setup_.faults.size(); ++i) {
        const Instant fault_end = setup_.faults[i].span.to;
        if (!recovered_after_[i] && captured >= fault_end) recovered_after_[i] = played - fault_end;
    }
}

void StreamMeter::measure_delay(const Matches& matches, Instant captured, Instant played) {
    const Duration delay = played - captured;
    heard_frames_ += matches.frames;
    delay_sum_ns_ += delay.count() * matches.frames;
    delay_min_ = std::min(delay_min_.value_or(delay), delay);
    delay_max_ = std::max(delay_max_.value_or(delay), delay);
}

// Concealment counts once something is played after it: what is made up after a sender has left, until the
// engine gives up on him, is no gap in anything.
void StreamMeter::measure_gaps(const PullResult& pull) {
    skipped_frames_ += pull.skipped.count();
    repeated_frames_ += pull.repeated.count();
    if (pull.silent > FrameCount{} || pull.begins) end_gap_unheard();
    if (pull.played > FrameCount{}) {
        if (open_gap_frames_ > 0 && gap_frames_ == 0) ++gaps_;
        gap_frames_ += open_gap_frames_;
        gap_longest_frames_ = std::max(gap_longest_frames_, gap_frames_);
        concealed_frames_ += open_gap_frames_;
        open_gap_frames_ = 0;
        if (pull.concealed == FrameCount{}) gap_frames_ = 0;
    }
    played_frames_ += pull.played.count();
    open_gap_frames_ += pull.concealed.count();
}

void StreamMeter::end_gap_unheard() {
    open_gap_frames_ = 0;
    gap_frames_ = 0;
}

void StreamMeter::take_counts(const PlayoutStats& stats) {
    if (stats.packets < counts_.packets) counted_ += counts_;
    counts_ = stats;
}

StreamResult StreamMeter::result(const std::string& listener, const std::string& sender) const {
    StreamResult result{.listener = listener, .sender = sender};
    if (heard_frames_ > 0) {
        result.delay_min_ms = milliseconds_of(*delay_min_);
        result.delay_mean_ms = milliseconds_of(Duration{delay_sum_ns_ / heard_frames_});
        result.delay_max_ms = milliseconds_of(*delay_max_);
        if (fastest_) result.added_delay_ms = result.delay_mean_ms - milliseconds_of(*fastest_);
    }
    result.heard_percent = percent_of(heard_frames_, output_frames_);
    result.concealed_percent = percent_of(concealed_frames_, played_frames_ + concealed_frames_);
    result.gaps = static_cast<double>(gaps_);
    result.gap_longest_ms = milliseconds_of(duration_of(FrameCount{gap_longest_frames_}, sample_rate_48k));
    result.skipped_frames = static_cast<double>(skipped_frames_);
    result.repeated_frames = static_cast<double>(repeated_frames_);
    result.recovery_ms = recovery_ms();
    result.level_db = sound_.level_db();
    result.click_dbfs = sound_.click_dbfs();

    PlayoutStats counts = counted_;
    counts += counts_;
    result.packets = static_cast<double>(counts.packets);
    result.lost = static_cast<double>(counts.lost);
    result.lost_percent =
        percent_of(static_cast<std::int64_t>(counts.lost),
                   static_cast<std::int64_t>(counts.lost + counts.packets - counts.duplicate));
    result.late = static_cast<double>(counts.late);
    result.duplicate = static_cast<double>(counts.duplicate);
    result.reordered = static_cast<double>(counts.reordered);
    result.too_early = static_cast<double>(counts.too_early);
    result.stray = static_cast<double>(counts.stray);
    result.resets = static_cast<double>(counts.resets);
    return result;
}

double StreamMeter::recovery_ms() const {
    double longest = not_measured;
    for (std::size_t i = 0; i < recovered_after_.size(); ++i) {
        if (forgiven_[i]) continue;
        if (!recovered_after_[i]) return not_measured;
        longest = std::fmax(longest, milliseconds_of(*recovered_after_[i]));
    }
    return longest;
}

}  // namespace rtjam::sim
