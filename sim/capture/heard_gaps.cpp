#include "sim/capture/heard_gaps.hpp"

#include <algorithm>
#include <ostream>

#include "core/playout/resampler.hpp"

namespace rtjam::sim {
namespace {

constexpr Duration waited_for_max = std::chrono::seconds{10};

}  // namespace

void GapFinder::arrived(ClientId client, SequenceNumber sequence, FrameCount packet_frames, Instant at) {
    if (packet_frames == FrameCount{0}) return;
    Stream* stream = stream_of(client);
    if (stream == nullptr) return;
    // One of another length is stray, as it is for a playout, unless the next one is as long.
    const bool is_stray = stream->last_frames != FrameCount{0} && packet_frames != stream->packet_frames &&
                          packet_frames != stream->last_frames;
    stream->last_frames = packet_frames;
    if (is_stray) return;
    stream->packet_frames = packet_frames;
    stream->arrived[sequence.value() % stream->arrived.size()] = sequence;
    for (auto gap = gaps_.rbegin(); gap != gaps_.rend() && at - gap->callback <= waited_for_max; ++gap) {
        if (gap->client != client || gap->missing != sequence || gap->came_after) continue;
        gap->came_after = at - gap->callback;
        break;
    }
}

void GapFinder::called(Instant callback) {
    if (callback_) last_callback_ = callback - *callback_;
    callback_ = callback;
}

void GapFinder::heard(ClientId client, const PullResult& pull) {
    Stream* stream = stream_of(client);
    if (stream == nullptr) return;
    if (pull.concealed == FrameCount{0}) {
        stream->goes_on.reset();
        return;
    }
    if (!stream->goes_on) {
        if (!callback_ || gaps_.size() == gaps_max) return;
        stream->goes_on = gaps_.size();
        gaps_.push_back({.client = client,
                         .callback = *callback_,
                         .last_callback = last_callback_,
                         .concealed = FrameCount{0},
                         .missing = first_missing(*stream, pull),
                         .came_after = std::nullopt});
    }
    gaps_[*stream->goes_on].concealed += pull.concealed;
}

GapFinder::Stream* GapFinder::stream_of(ClientId client) {
    const auto known = std::find_if(streams_.begin(), streams_.end(),
                                    [client](const Stream& each) { return each.client == client; });
    if (known != streams_.end()) return &*known;
    if (streams_.size() == streams_max) return nullptr;
    streams_.emplace_back().client = client;
    return &streams_.back();
}

std::optional<SequenceNumber> GapFinder::first_missing(const Stream& stream, const PullResult& pull) {
    const std::int64_t packet_frames = stream.packet_frames.count();
    if (packet_frames == 0) return std::nullopt;
    const FrameCount heard = pull.silent + pull.played + pull.concealed;
    const SourceRange needed = source_of(pull.position, pull.speed, heard);
    const std::int64_t end = (needed.begin + needed.frames).frames();
    std::int64_t number = pull.position.frame.frames() / packet_frames;
    for (; number * packet_frames < end; ++number) {
        const SequenceNumber sequence{static_cast<std::uint32_t>(number)};
        if (stream.arrived[sequence.value() % stream.arrived.size()] != sequence) return sequence;
    }
    return std::nullopt;
}

void write_gaps(const std::vector<HeardGap>& gaps, std::ostream& out) {
    out << "client,callback_us,last_callback_us,concealed_frames,missing_seq,came_after_us\n";
    for (const HeardGap& gap : gaps) {
        out << gap.client.value() << ',' << microseconds_of(gap.callback) << ','
            << microseconds_of(Instant{gap.last_callback}) << ',' << gap.concealed.count() << ',';
        if (gap.missing) out << gap.missing->value();
        out << ',';
        if (gap.came_after) out << microseconds_of(Instant{*gap.came_after});
        out << '\n';
    }
}

}  // namespace rtjam::sim
