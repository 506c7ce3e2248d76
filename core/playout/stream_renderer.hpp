// Makes a stream out of packets: reads what has come, makes up what has not, and resamples both to the
// listener's clock.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/playout/concealment.hpp"
#include "core/playout/packet_store.hpp"
#include "core/playout/play_position.hpp"
#include "core/playout/resampler.hpp"

namespace rtjam {

struct RenderedFrames {
    FrameCount silent, played, concealed;
};

class StreamRenderer {
public:
    StreamRenderer(SampleRate rate, FrameCount pull_frames_max);

    // As if after a long silence.
    void restart();

    // The next frame to be made is the one at that position, and does not continue the last one.
    void jump_to(SamplePosition position, Effort effort);
    // So many of the sender's frames are not to be heard. Those of them that have come are cross-faded from.
    void skip(FrameCount frames, PacketStore& store, Effort effort);
    // So many frames that were made up are not to stand for any of the sender's: at most come_since(), but
    // any number once the stream has ended.
    void go_back(FrameCount frames, PacketStore& store);

    // Plays from there on. The store's position is then behind the last frame that was played.
    RenderedFrames render(PlayPosition from, PlaySpeed speed, PacketStore& store, Effort effort,
                          AudioOutput out);
    // Silence, as long as there is no stream.
    void render_nothing(AudioOutput out) { concealment_.conceal(out); }

    // How often what is missing, or jumped over, had to be foretold.
    std::uint64_t foretold() const { return concealment_.beginnings(); }

    // Frames just before the next one to be made that were made up, while what they stand for has come since.
    FrameCount come_since(const PacketStore& store) const { return end_ - store.first_readable(end_); }
    // Nothing has come for longer than it would be gone back for: what comes now is a new beginning.
    bool has_ended(const PacketStore& store) const { return end_ - store.position() >= kept_behind_max_; }

private:
    enum class Kind : std::uint8_t { silent, played, concealed };

    void move(FrameCount frames);
    bool read_onward(const PacketStore& store);
    void make_up_to(SamplePosition end, PacketStore& store, Effort effort);
    SamplePosition nearby_gaps_end(SamplePosition began, SamplePosition end, const PacketStore& store) const;
    static void add(RenderedFrames& rendered, Kind kind, FrameCount frames);
    RenderedFrames count(PlayPosition latest, PlaySpeed speed, FrameCount frames) const;
    void keep_past_of(SamplePosition position);
    std::size_t index_of(SamplePosition position) const { return (position - begin_).size(); }

    Concealment concealment_;
    FrameCount kept_behind_max_;
    // The frames from begin_ to end_ of the sender's timeline, as made: some past for the resampler, and the
    // few that it has looked ahead to.
    SamplePosition begin_;
    SamplePosition end_;
    std::vector<float> left_;
    std::vector<float> right_;
    std::vector<Kind> kinds_;
    // What would have been made next, had there been no skip.
    std::vector<float> onward_left_;
    std::vector<float> onward_right_;
    std::uint64_t foretold_ = 0;  // by the end of the last piece that was rendered
};

}  // namespace rtjam
