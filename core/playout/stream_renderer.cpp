#include "core/playout/stream_renderer.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <optional>
#include <span>

namespace rtjam {
namespace {

// The resampler looks back 11 frames from where it is.
constexpr FrameCount past_frames{16};
// To foretell costs most of all, and short packets could have it begin with each of them. So in one pull
// that costs its full effort once in so many frames, ...
constexpr FrameCount foretelling_spacing{192};
// ... and what packets shorter than this hold between two gaps nearer than that is made up with them.
constexpr FrameCount always_played{64};
constexpr Duration kept_behind = std::chrono::milliseconds{400};

}  // namespace

StreamRenderer::StreamRenderer(SampleRate rate, FrameCount pull_frames_max)
    : concealment_(rate),
      kept_behind_max_(frames_in(kept_behind, rate)),
      left_((past_frames * 2 + source_frames_max(pull_frames_max)).size()),
      right_(left_.size()),
      kinds_(left_.size()),
      onward_left_(concealment_.onward_frames().size()),
      onward_right_(onward_left_.size()) {
    restart();
}

void StreamRenderer::restart() {
    concealment_.restart();
    end_ = begin_ + past_frames;
    std::fill(left_.begin(), left_.end(), 0.0F);
    std::fill(right_.begin(), right_.end(), 0.0F);
    std::fill(kinds_.begin(), kinds_.end(), Kind::silent);
}

void StreamRenderer::jump_to(SamplePosition position, Effort effort) {
    move(position - end_);
    concealment_.splice(effort);
}

void StreamRenderer::skip(FrameCount frames, PacketStore& store, Effort effort) {
    // Better than anything foretold, which errs most where it begins within a pulse.
    const bool known = read_onward(store);
    store.give_up_before(end_);
    move(frames);
    store.move_to(end_);
    if (known) {
        concealment_.splice({onward_left_, onward_right_}, effort);
    } else {
        concealment_.splice(effort);
    }
}

// True if all of it has come.
bool StreamRenderer::read_onward(const PacketStore& store) {
    for (std::size_t read = 0; read < onward_left_.size();) {
        const PacketStore::Piece piece =
            store.read(end_ + FrameCount{static_cast<std::int64_t>(read)},
                       {std::span{onward_left_}.subspan(read), std::span{onward_right_}.subspan(read)});
        if (!piece.present) return false;
        read += piece.frames.size();
    }
    return true;
}

void StreamRenderer::go_back(FrameCount frames, PacketStore& store) {
    move(-frames);
    if (end_ < store.position()) store.move_to(end_);
}

// What has been made so far is the past of another place.
void StreamRenderer::move(FrameCount frames) {
    begin_ += frames;
    end_ += frames;
}

RenderedFrames StreamRenderer::render(PlayPosition from, PlaySpeed speed, PacketStore& store, Effort effort,
                                      AudioOutput out) {
    const FrameCount frames{static_cast<std::int64_t>(out.left.size())};
    const SourceRange range = source_of(from, speed, frames);
    assert(range.begin >= begin_);
    make_up_to(range.begin + range.frames, store, effort);
    const std::size_t offset = index_of(range.begin);
    const AudioInput source{.left = std::span{left_}.subspan(offset, range.frames.size()),
                            .right = std::span{right_}.subspan(offset, range.frames.size())};
    resample(source, from, speed, out);
    const SamplePosition last = advanced(from, speed, frames - FrameCount{1}).frame;
    const FrameCount ahead = range.begin + range.frames - FrameCount{1} - last;
    const RenderedFrames rendered = count({from.frame + ahead, from.fraction}, speed, frames);
    keep_past_of(advanced(from, speed, frames).frame);
    return rendered;
}

void StreamRenderer::make_up_to(SamplePosition end, PacketStore& store, Effort effort) {
    const SamplePosition first = store.start_of(store.first());
    // Where foretelling has begun last in this pull with its full effort: a jump may have done it.
    std::optional<SamplePosition> began;
    SamplePosition made_up_to = end_;
    const auto note_beginning = [&] {
        if (foretold() == foretold_) return;
        foretold_ = foretold();
        if (!began || end_ >= *began + foretelling_spacing) began = end_;
        made_up_to = nearby_gaps_end(end_, end, store);
    };
    note_beginning();
    while (end_ < end) {
        const std::size_t at = index_of(end_);
        const std::size_t length = (end - end_).size();
        const AudioOutput rest{.left = std::span{left_}.subspan(at, length),
                               .right = std::span{right_}.subspan(at, length)};
        const PacketStore::Piece piece = store.read(end_, rest);
        const std::size_t made = piece.frames.size();
        const AudioOutput part{.left = rest.left.first(made), .right = rest.right.first(made)};
        Kind kind = Kind::played;
        if (piece.present && end_ >= made_up_to) {
            concealment_.play(part);
            store.give_up_before(end_);
            store.move_to(end_ + piece.frames);
        } else {
            const bool just_foretold = began && end_ < *began + foretelling_spacing;
            concealment_.conceal(part, just_foretold ? Effort::reduced : effort);
            kind = end_ < first ? Kind::silent : Kind::concealed;
        }
        std::fill_n(kinds_.begin() + static_cast<std::ptrdiff_t>(at), made, kind);
        note_beginning();
        end_ += piece.frames;
    }
    // What has been missing for so long is not gone back for.
    store.give_up_before(end_ - kept_behind_max_);
}

// Where the last gap of this pull ends before which no foretelling may begin, because it just has.
SamplePosition StreamRenderer::nearby_gaps_end(SamplePosition began, SamplePosition end,
                                               const PacketStore& store) const {
    if (store.packet_frames() >= always_played) return began;
    return store.missing_up_to(began, std::min(end, began + foretelling_spacing));
}

void StreamRenderer::add(RenderedFrames& rendered, Kind kind, FrameCount frames) {
    switch (kind) {
        case Kind::silent:
            rendered.silent += frames;
            break;
        case Kind::played:
            rendered.played += frames;
            break;
        case Kind::concealed:
            rendered.concealed += frames;
            break;
    }
}

// A frame heard is what the latest of the frames that it is made of is: one that is made up spoils it.
RenderedFrames StreamRenderer::count(PlayPosition latest, PlaySpeed speed, FrameCount frames) const {
    RenderedFrames rendered;
    if (frames == FrameCount{0}) return rendered;
    // Nearly always they are all of one kind: then each is the same as the one after it.
    const std::size_t begin = index_of(latest.frame);
    const std::size_t last = index_of(advanced(latest, speed, frames - FrameCount{1}).frame);
    if (std::memcmp(kinds_.data() + begin, kinds_.data() + begin + 1, last - begin) == 0) {
        add(rendered, kinds_[begin], frames);
        return rendered;
    }
    for (FrameCount i; i < frames; i += FrameCount{1}) {
        add(rendered, kinds_[index_of(advanced(latest, speed, i).frame)], FrameCount{1});
    }
    return rendered;
}

void StreamRenderer::keep_past_of(SamplePosition position) {
    const FrameCount gone = position - past_frames - begin_;
    if (gone <= FrameCount{0}) return;
    const auto from = static_cast<std::ptrdiff_t>(gone.count());
    const auto to = static_cast<std::ptrdiff_t>((end_ - begin_).count());
    std::copy(left_.begin() + from, left_.begin() + to, left_.begin());
    std::copy(right_.begin() + from, right_.begin() + to, right_.begin());
    std::copy(kinds_.begin() + from, kinds_.begin() + to, kinds_.begin());
    begin_ += gone;
}

}  // namespace rtjam
