#include "sim/sound_meter.hpp"

#include <algorithm>
#include <cmath>

#include "sim/results.hpp"

namespace rtjam::sim {
namespace {

// The filter has forgotten how it began after so many frames.
constexpr std::size_t warm_up = 240;
constexpr std::size_t around = quality::around_seam.size();
constexpr std::size_t after = quality::after_seam.size();
// Of a longer one the parts are judged by themselves: what is loud in one hides no click in another.
constexpr std::size_t seam_frames_max = 4800;
constexpr std::size_t kept_frames_max = 4096;  // before a seam

double power_of(AudioInput audio) {
    double sum = 0.0;
    for (std::size_t i = 0; i < audio.left.size(); ++i) {
        const auto left = static_cast<double>(audio.left[i]);
        const auto right = static_cast<double>(audio.right[i]);
        sum += left * left + right * right;
    }
    return sum;
}

double loudest_high(std::span<const float> samples, std::size_t begin, std::size_t end) {
    return quality::largest(quality::high_part(samples.first(end)),
                            {quality::position_of(begin), quality::position_of(end)});
}

}  // namespace

void SoundMeter::hear(const StreamOutput& heard, PlayPosition own_first, bool as_sent, bool counts,
                      ExpectedSound& sound) {
    const PullResult& pull = heard.pull;
    const auto frames = static_cast<std::int64_t>(heard.audio.left.size());
    if (pull.silent > FrameCount{} || pull.begins) forget();
    if (pull.silent > FrameCount{}) return;
    if (counts) {
        ever_counted_ = true;
        if (pull.played > FrameCount{}) measure_level(heard, own_first, as_sent, sound);
        const bool jumps = pull.skipped > FrameCount{} || pull.repeated > FrameCount{};
        // Before the filter has anything to begin with there is nothing to go on from, either.
        const bool has_past = kept_[0].size() >= warm_up + quality::before_seam.size();
        if ((pull.concealed > FrameCount{} || jumps) && has_past) note_seam(heard, own_first, sound);
    }
    kept_[0].insert(kept_[0].end(), heard.audio.left.begin(), heard.audio.left.end());
    kept_[1].insert(kept_[1].end(), heard.audio.right.begin(), heard.audio.right.end());
    next_ = advanced(own_first, pull.speed, FrameCount{frames});

    if (seam_ && kept_[0].size() >= seam_->end + after) {
        judge_seam();
        seam_.reset();
    } else if (seam_ && seam_->end - seam_->begin >= seam_frames_max) {
        judge_seam();
        seam_->begin = seam_->end;
        seam_->sent_high = seam_->sent_high_last;
    }
    drop_what_is_old();
}

void SoundMeter::hear_nothing() {
    forget();
}

void SoundMeter::measure_level(const StreamOutput& heard, PlayPosition own_first, bool as_sent,
                               ExpectedSound& sound) {
    const double power = power_of(heard.audio);
    heard_power_ += power;
    sent_power_ += as_sent ? power : power_of(sound.at(own_first, heard.pull.speed, heard.audio.left.size()));
}

void SoundMeter::note_seam(const StreamOutput& heard, PlayPosition own_first, ExpectedSound& sound) {
    const std::size_t frames = heard.audio.left.size();
    const std::size_t begin = kept_[0].size();
    if (!seam_) seam_ = Seam{.begin = begin, .end = begin};
    seam_->end = begin + frames;
    seam_->sent_high_last = {};
    note_sent_around(own_first, heard.pull.speed, frames, sound);
    if (next_ && *next_ != own_first) note_sent_around(*next_, heard.pull.speed, frames, sound);
}

// From 10 ms before the place until 10 ms after the frames that begin there.
void SoundMeter::note_sent_around(PlayPosition place, PlaySpeed speed, std::size_t frames,
                                  ExpectedSound& sound) {
    constexpr FrameCount before{static_cast<std::int64_t>(warm_up + around)};
    const std::size_t length = before.size() + frames + around;
    const AudioInput sent = sound.at(advanced(place, speed, -before), speed, length);
    const std::array channels{sent.left, sent.right};
    for (std::size_t i = 0; i < channels.size(); ++i) {
        const double high = loudest_high(channels[i], warm_up, length);
        seam_->sent_high_last[i] = std::max(seam_->sent_high_last[i], high);
        seam_->sent_high[i] = std::max(seam_->sent_high[i], high);
    }
}

void SoundMeter::judge_seam() {
    const std::size_t begin = seam_->begin - std::min(seam_->begin, quality::before_seam.size());
    const std::size_t end = std::min(seam_->end + after, kept_[0].size());
    for (std::size_t channel = 0; channel < kept_.size(); ++channel) {
        const double excess = loudest_high(kept_[channel], begin, end) - seam_->sent_high[channel];
        click_dbfs_ = std::max(click_dbfs_, quality::click_dbfs(excess));
    }
}

// What is heard next does not go on where this ends.
void SoundMeter::forget() {
    if (seam_) judge_seam();
    seam_.reset();
    next_.reset();
    for (auto& channel : kept_) channel.clear();
}

void SoundMeter::drop_what_is_old() {
    const std::size_t needed_from = seam_ ? seam_->begin : kept_[0].size();
    if (needed_from < kept_frames_max) return;
    const std::size_t old = needed_from - (warm_up + quality::before_seam.size());
    for (auto& channel : kept_)
        channel.erase(channel.begin(), channel.begin() + static_cast<std::ptrdiff_t>(old));
    if (!seam_) return;
    seam_->begin -= old;
    seam_->end -= old;
}

double SoundMeter::level_db() const {
    if (sent_power_ == 0.0) return not_measured;
    return 10.0 * std::log10(heard_power_ / sent_power_);
}

double SoundMeter::click_dbfs() const {
    return ever_counted_ ? click_dbfs_ : not_measured;
}

}  // namespace rtjam::sim
