#include "targets/server/recording/recording_writer.hpp"

#include <algorithm>
#include <utility>

namespace rtjam {
namespace {

constexpr FrameCount block_frames{4096};

}  // namespace

RecordingWriter::RecordingWriter(std::string path_prefix, Instant begin)
    : path_prefix_(std::move(path_prefix)), begin_(begin), block_(2 * block_frames.size()) {}

bool RecordingWriter::add(const RecordedPacket& packet) {
    if (!error_.empty()) return false;
    const SamplePosition arrived = SamplePosition{} + frames_in(packet.arrived - begin_, sample_rate_48k);
    newest_ = std::max(newest_, arrived);
    Track* track = track_of(packet.client);
    if (track == nullptr) return error_.empty();
    const SamplePosition start = track->placement.place(packet.sequence, packet.frames, newest_);
    switch (track->sound.put(start, packet.left(), packet.right())) {
        case TrackSound::Put::stored:
            break;
        case TrackSound::Put::late:
            ++counters_.late_packets;
            break;
        case TrackSound::Put::full:
            ++counters_.unheld_packets;
            break;
    }
    return true;
}

RecordingWriter::Track* RecordingWriter::track_of(ClientId client) {
    const auto known = tracks_.find(client);
    if (known != tracks_.end()) return &known->second;
    if (tracks_.size() == tracks_max) {
        ++counters_.untracked_packets;
        return nullptr;
    }
    auto file = FlacFile::create(path_prefix_ + std::to_string(client.value()) + ".flac");
    if (!file) {
        fail(file.error());
        return nullptr;
    }
    return &tracks_.emplace(client, Track{std::move(*file), {}, {}}).first->second;
}

bool RecordingWriter::advance() {
    const SamplePosition until = newest_ - window;
    behind_ = false;
    for (auto& [client, track] : tracks_) {
        if (!write(track, until, advance_max)) return false;
        if (track.sound.taken() < until) behind_ = true;
    }
    return error_.empty();
}

bool RecordingWriter::finish() {
    SamplePosition end = newest_;
    for (const auto& [client, track] : tracks_) end = std::max(end, track.sound.end());
    for (auto& [client, track] : tracks_) {
        write(track, end, end - track.sound.taken());
        if (!track.file.close()) fail(track.file.error());
    }
    return error_.empty();
}

bool RecordingWriter::write(Track& track, SamplePosition until, FrameCount frames_max) {
    if (!error_.empty()) return false;
    const SamplePosition stop = std::min(until, track.sound.taken() + frames_max);
    while (const std::size_t frames = track.sound.take(stop, block_).size()) {
        if (!track.file.write(std::span{block_}.first(2 * frames))) return fail(track.file.error());
    }
    return true;
}

bool RecordingWriter::fail(const std::string& error) {
    if (error_.empty()) error_ = error;
    return false;
}

RecordingWriter::Counters RecordingWriter::counters() const {
    Counters counters = counters_;
    for (const auto& [client, track] : tracks_) counters.moves += track.placement.moves();
    return counters;
}

}  // namespace rtjam
