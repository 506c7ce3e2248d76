// The files of one room's recording: one for each client id that was heard, each beginning when the recording
// does and as long as all the others once it is finished. Packets come in the order of their arrival; those
// that are reordered or late still find their place until the files have gone past it, half a second behind
// the newest. Realtime-safe: no. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "targets/server/recording/flac_file.hpp"
#include "targets/server/recording/packet_placement.hpp"
#include "targets/server/recording/recording_feed.hpp"
#include "targets/server/recording/track_sound.hpp"

namespace rtjam {

class RecordingWriter {
public:
    // More ids than a room has members come and go in an evening. What is sent under others is counted.
    static constexpr std::size_t tracks_max = 128;
    static constexpr FrameCount window{24'000};
    // What one advance() writes to each track at most, so that a track that begins after hours of silence
    // does not keep the others. What comes meanwhile is held, up to TrackSound::held_max.
    static constexpr FrameCount advance_max = FrameCount{48'000} * 5;

    // A track's path is the prefix, the client's id and ".flac". Position 0 is at that time.
    RecordingWriter(std::string path_prefix, Instant begin);

    // All return false once something cannot be written; error() then says what, in a line for the user, and
    // nothing more is done.
    bool add(const RecordedPacket& packet);
    bool advance();
    // Writes all that is held, and closes the files: after that, nothing more.
    bool finish();

    // True if the last advance() has left something for another.
    bool is_behind() const { return behind_; }
    const std::string& error() const { return error_; }
    std::size_t tracks() const { return tracks_.size(); }

    struct Counters {
        std::uint64_t late_packets = 0;
        std::uint64_t unheld_packets = 0;  // while the silence before a late joiner was still being written
        std::uint64_t untracked_packets = 0;  // of clients beyond tracks_max
        std::uint64_t moves = 0;              // see PacketPlacement
    };
    Counters counters() const;

private:
    struct Track {
        FlacFile file;
        PacketPlacement placement;
        TrackSound sound;
    };

    Track* track_of(ClientId client);
    bool write(Track& track, SamplePosition until, FrameCount frames_max);
    bool fail(const std::string& error);

    std::string path_prefix_;
    Instant begin_;
    std::map<ClientId, Track> tracks_;
    SamplePosition newest_;
    std::vector<std::int16_t> block_;
    bool behind_ = false;
    Counters counters_;
    std::string error_;
};

}  // namespace rtjam
