#include "sim/quality/concealment_trial.hpp"

#include <algorithm>
#include <cassert>
#include <cstdio>

#include "sim/quality/measures.hpp"

namespace rtjam::sim::quality {
namespace {

SamplePosition end_of(const Sound& sound) {
    const auto frames = static_cast<std::int64_t>(sound.left.size());
    return SamplePosition{frames - frames % trial_packet.count()};
}

// Each sound has its own losses, the same for all methods.
std::vector<Stretch> gaps_of(const Sound& sound, LossKind kind, int loss_percent, const Rng& rng) {
    return lose(kind, loss_percent / 100.0, trial_packet, trial_begin, end_of(sound), rng);
}

Scores score(std::span<const float> sent, std::span<const float> played, std::span<const Stretch> gaps) {
    const SentAndPlayed signals{.sent = sent, .played = played};
    const SamplePosition end = position_of(sent.size());
    const std::array whole{Stretch{trial_begin, end}};
    return {.ser_db = signal_to_error_db(signals, damaged_parts(gaps, end)),
            .ser_whole_db = signal_to_error_db(signals, whole),
            .lsd_db = log_spectral_distance_db(signals, gaps),
            .click_dbfs = worst_click_dbfs(signals, gaps)};
}

double median(std::span<const Scores> all, double Scores::*value) {
    std::vector<double> values;
    for (const Scores& each : all) values.push_back(each.*value);
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
}

Scores summary_of(std::span<const Scores> all) {
    Scores summary{.ser_db = median(all, &Scores::ser_db),
                   .ser_whole_db = median(all, &Scores::ser_whole_db),
                   .lsd_db = median(all, &Scores::lsd_db),
                   .click_dbfs = click_least_dbfs};
    for (const Scores& each : all) summary.click_dbfs = std::max(summary.click_dbfs, each.click_dbfs);
    return summary;
}

LineResult measure_line(std::span<const Sound> sounds, LossKind kind, int loss_percent, const Rng& rng) {
    LineResult line{.kind = kind, .loss_percent = loss_percent, .by_method = {}};
    for (const Method method : methods) {
        LineResult::OfMethod result{.method = method, .summary = {}, .by_channel = {}};
        for (std::size_t i = 0; i < sounds.size(); ++i) {
            const std::vector<Stretch> gaps = gaps_of(sounds[i], kind, loss_percent, rng.fork(i));
            const auto concealer = make_concealer(method);
            const Sound played = play_with_gaps(*concealer, sounds[i], gaps);
            result.by_channel.push_back(score(sounds[i].left, played.left, gaps));
            result.by_channel.push_back(score(sounds[i].right, played.right, gaps));
        }
        result.summary = summary_of(result.by_channel);
        line.by_method.push_back(std::move(result));
    }
    return line;
}

std::vector<float> part_of(const std::vector<float>& samples, Stretch part) {
    const auto begin = samples.begin();
    return {begin + part.begin.frames(), begin + part.end.frames()};
}

std::string decibels(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
}

}  // namespace

Sound play_with_gaps(Concealer& concealer, const Sound& sent, std::span<const Stretch> gaps) {
    Sound played = sent;
    auto gap = gaps.begin();
    for (SamplePosition at{0}; at + trial_packet <= end_of(sent); at += trial_packet) {
        const AudioOutput packet{.left = std::span{played.left}.subspan(index_of(at), trial_packet.size()),
                                 .right = std::span{played.right}.subspan(index_of(at), trial_packet.size())};
        while (gap != gaps.end() && gap->end <= at) ++gap;
        if (gap != gaps.end() && gap->begin <= at) {
            // What is lost must not be there to be peeped at.
            std::fill(packet.left.begin(), packet.left.end(), 0.0F);
            std::fill(packet.right.begin(), packet.right.end(), 0.0F);
            concealer.conceal(packet);
        } else {
            concealer.play(packet);
        }
    }
    return played;
}

std::vector<LineResult> measure_concealment(std::span<const Sound> sounds, std::uint64_t seed) {
    assert(!sounds.empty());
    const Rng rng{seed};
    std::vector<LineResult> lines;
    for (const LossKind kind : trial_loss_kinds) {
        for (const int percent : trial_loss_percents) {
            lines.push_back(measure_line(sounds, kind, percent, rng.fork(lines.size())));
        }
    }
    return lines;
}

CloseUp close_up(const Sound& sound, std::uint64_t seed) {
    constexpr FrameCount before{480};
    constexpr FrameCount after{720};
    const std::vector<Stretch> gaps = gaps_of(sound, LossKind::bursty, 5, Rng{seed});
    auto gap = std::find_if(gaps.begin(), gaps.end(),
                            [](Stretch each) { return each.end - each.begin >= trial_packet * 2; });
    if (gap == gaps.end()) gap = gaps.begin();
    const Stretch chosen = gap == gaps.end() ? Stretch{trial_begin, trial_begin} : *gap;
    const Stretch seen{chosen.begin - before, std::min(chosen.end + after, end_of(sound))};
    CloseUp result{.sound = sound.name, .begin = seen.begin, .gap = chosen, .sent = {}, .played = {}};
    result.sent = part_of(sound.left, seen);
    for (const Method method : methods) {
        const auto concealer = make_concealer(method);
        result.played.push_back(part_of(play_with_gaps(*concealer, sound, gaps).left, seen));
    }
    return result;
}

std::vector<std::string> defeats(std::span<const LineResult> lines, double limit_dbfs) {
    std::vector<std::string> found;
    for (const LineResult& line : lines) {
        const std::string where =
            std::to_string(line.loss_percent) + " % " + std::string{name_of(line.kind)} + ": ";
        const Scores& ours = line.by_method.back().summary;
        for (const LineResult::OfMethod& rival : line.by_method) {
            if (rival.method != Method::repetition && rival.method != Method::burg_255_256) continue;
            if (ours.ser_db > rival.summary.ser_db) continue;
            found.push_back(where + "rtjam does not beat " + std::string{name_of(rival.method)});
        }
        if (ours.click_dbfs > limit_dbfs) {
            found.push_back(where + "rtjam clicks at " + decibels(ours.click_dbfs) + " dBFS, more than " +
                            decibels(limit_dbfs));
        }
    }
    return found;
}

}  // namespace rtjam::sim::quality
