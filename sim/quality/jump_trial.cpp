#include "sim/quality/jump_trial.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/playout/stream_renderer.hpp"
#include "core/wire/packet.hpp"
#include "sim/quality/measures.hpp"

namespace rtjam::sim::quality {
namespace {

constexpr FrameCount packet_frames{128};
// Not as long as a packet: the splices come at all places of one.
constexpr FrameCount pull_frames{96};
// What is heard between two jumps, as sent.
constexpr FrameCount calm_frames = pull_frames * 60;

// A listener to one sound, whose packets come just before they are played, or do not come for a while.
class Listener {
public:
    Listener(const Sound& sent, Effort effort) : sent_(sent), effort_(effort) {
        store_.begin(PacketNumber{0}, packet_frames);
        store_.move_to(position_);
        renderer_.jump_to(position_, effort_);
    }

    bool can_hear(FrameCount frames) const { return position_ + frames < position_of(sent_.left.size()); }

    void hear(FrameCount frames) {
        for (FrameCount heard; heard < frames; heard += pull_frames) {
            receive_up_to(position_ + pull_frames);
            pull();
        }
    }

    // Nothing comes, until more than that is made up.
    void stall(FrameCount frames) {
        const SamplePosition came = came_up_to();
        while (position_ - came <= frames) pull();
        receive_up_to(position_);
    }

    // What is jumped over has come: why else would one.
    void jump_on(FrameCount frames) {
        receive_up_to(position_ + frames);
        splice(frames);
        renderer_.skip(frames, store_, effort_);
    }

    void jump_back(FrameCount frames) {
        const FrameCount back = std::min(frames, renderer_.come_since(store_));
        splice(-back);
        renderer_.go_back(back, store_);
    }

    const Sound& heard() const { return heard_; }
    const std::vector<Splice>& splices() const { return splices_; }

private:
    SamplePosition came_up_to() const { return store_.start_of(PacketNumber{came_}); }

    void receive_up_to(SamplePosition end) {
        for (; came_up_to() < end; ++came_) {
            const std::size_t from = index_of(came_up_to());
            const AudioInput audio{.left = std::span{sent_.left}.subspan(from, packet_frames.size()),
                                   .right = std::span{sent_.right}.subspan(from, packet_frames.size())};
            std::array<std::byte, packet_size_max> bytes{};
            store_.put(PacketNumber{came_}, parse(encode({}, audio, bytes)).value());
        }
    }

    void pull() {
        const std::size_t at = heard_.left.size();
        heard_.left.resize(at + pull_frames.size());
        heard_.right.resize(at + pull_frames.size());
        renderer_.render({position_, 0}, {}, store_, effort_,
                         {std::span{heard_.left}.subspan(at), std::span{heard_.right}.subspan(at)});
        position_ += pull_frames;
    }

    void splice(FrameCount move) {
        const SamplePosition from = position_;
        position_ += move;
        splices_.push_back({.at = position_of(heard_.left.size()), .from = from, .to = position_});
    }

    const Sound& sent_;
    Effort effort_;
    Sound heard_;
    PacketStore store_{sample_rate_48k, pull_frames};
    StreamRenderer renderer_{sample_rate_48k, pull_frames};
    SamplePosition position_{0};
    std::int64_t came_ = 0;
    std::vector<Splice> splices_;
};

void jump(Listener& listener, Jump kind, FrameCount length) {
    if (kind != Jump::on) listener.stall(length);
    if (kind == Jump::back) {
        listener.jump_back(length);
    } else {
        listener.jump_on(length);
    }
}

void keep_worst(JumpResult& result, double click_dbfs) {
    ++result.splices;
    result.click_dbfs = std::max(result.click_dbfs, click_dbfs);
}

// Jumps in the order of the results, again and again.
void add_jumps_in(const Sound& sound, Listener&& listener, std::vector<JumpResult>& results) {
    listener.hear(calm_frames);
    std::size_t count = 0;
    for (;; ++count) {
        const JumpResult& next = results[count % results.size()];
        const FrameCount length = frames_in(std::chrono::milliseconds{next.length_ms}, sample_rate_48k);
        if (!listener.can_hear(length * 2 + calm_frames + packet_frames * 4)) break;
        jump(listener, next.jump, length);
        listener.hear(calm_frames);
    }
    const Sound& heard = listener.heard();
    const auto left = splice_clicks_dbfs({sound.left, heard.left}, listener.splices());
    const auto right = splice_clicks_dbfs({sound.right, heard.right}, listener.splices());
    for (std::size_t i = 0; i < count; ++i) {
        keep_worst(results[i % results.size()], left[i]);
        keep_worst(results[i % results.size()], right[i]);
    }
}

}  // namespace

std::vector<JumpResult> measure_jumps(std::span<const Sound> sounds) {
    std::vector<JumpResult> results;
    for (const Jump kind : jumps) {
        for (const int length_ms : jump_lengths_ms) {
            results.push_back(
                {.jump = kind, .length_ms = length_ms, .splices = 0, .click_dbfs = click_least_dbfs});
        }
    }
    for (const Sound& sound : sounds) {
        for (const Effort effort : {Effort::full, Effort::reduced})
            add_jumps_in(sound, {sound, effort}, results);
    }
    return results;
}

std::vector<std::string> clicking(std::span<const JumpResult> results, double limit_dbfs) {
    std::vector<std::string> found;
    for (const JumpResult& each : results) {
        if (each.click_dbfs <= limit_dbfs) continue;
        std::array<char, 120> text{};
        std::snprintf(text.data(), text.size(), "a jump %s by %d ms clicks at %.1f dBFS, more than %.1f",
                      std::string{name_of(each.jump)}.c_str(), each.length_ms, each.click_dbfs, limit_dbfs);
        found.emplace_back(text.data());
    }
    return found;
}

}  // namespace rtjam::sim::quality
