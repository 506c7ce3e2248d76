// Where a listener heard what was made up, and for want of which packet.
#pragma once

#include <array>
#include <cstddef>
#include <iosfwd>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/base/ids.hpp"
#include "core/base/sequence_number.hpp"
#include "core/base/time.hpp"
#include "core/playout/playout.hpp"

namespace rtjam::sim {

struct HeardGap {
    ClientId client;         // who was not heard
    Instant callback;        // the first that made something up
    Duration last_callback;  // since the one before: a period, or more if callbacks were missed
    FrameCount concealed;    // made up in it and in those right after it
    std::optional<SequenceNumber> missing;  // the first packet of it that was not there
    // That callback; below 0, it had arrived and was not yet handed on. Nothing if it never came, or more
    // than 10 s later.
    std::optional<Duration> came_after;
};

// All in the order in which the engine was given it.
class GapFinder {
public:
    void arrived(ClientId client, SequenceNumber sequence, FrameCount packet_frames, Instant at);
    void called(Instant callback);
    // By the last callback.
    void heard(ClientId client, const PullResult& pull);

    std::vector<HeardGap> take() { return std::move(gaps_); }

private:
    struct Stream {
        ClientId client{};
        FrameCount packet_frames{};
        // The last ones, each at its number modulo their count: more than a playout keeps.
        std::array<std::optional<SequenceNumber>, 4096> arrived{};
        std::optional<std::size_t> goes_on;  // the gap in which the last callback ended
    };

    Stream& stream_of(ClientId client);
    static std::optional<SequenceNumber> first_missing(const Stream& stream, const PullResult& pull);

    std::vector<Stream> streams_;
    std::vector<HeardGap> gaps_;
    Instant callback_;
    Duration last_callback_{0};
};

// A CSV file: the line `client,callback_us,last_callback_us,concealed_frames,missing_seq,came_after_us`, then
// a row a gap; the last two are empty where there is nothing to say.
void write_gaps(const std::vector<HeardGap>& gaps, std::ostream& out);

}  // namespace rtjam::sim
