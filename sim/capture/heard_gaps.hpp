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
    Duration last_callback;  // from the one before to that: a period, or more if callbacks were missed
    FrameCount concealed;    // made up in it and in those right after it
    // The first packet that it needed and that was not there; nothing if all were, as they may be when a
    // stream begins.
    std::optional<SequenceNumber> missing;
    // How long after that callback the packet arrived, if it did within 10 s; below 0, if it had arrived by
    // then but was handed on later.
    std::optional<Duration> came_after;
};

// Is told what the engine is given and what came of it, in that order.
class GapFinder {
public:
    // Of more streams, and of more gaps, the first ones are kept.
    static constexpr std::size_t streams_max = 256;
    static constexpr std::size_t gaps_max = 1'000'000;

    void arrived(ClientId client, SequenceNumber sequence, FrameCount packet_frames, Instant at);
    void called(Instant callback);
    // What the last callback heard of the client.
    void heard(ClientId client, const PullResult& pull);

    std::vector<HeardGap> finish() && { return std::move(gaps_); }

private:
    struct Stream {
        ClientId client{};
        FrameCount packet_frames{};
        FrameCount last_frames{};  // of the last packet
        // The last ones, each at its number modulo their count: more than a playout keeps.
        std::array<std::optional<SequenceNumber>, 4096> arrived{};
        std::optional<std::size_t> goes_on;  // the gap in which the last callback ended
    };

    Stream* stream_of(ClientId client);
    static std::optional<SequenceNumber> first_missing(const Stream& stream, const PullResult& pull);

    std::vector<Stream> streams_;
    std::vector<HeardGap> gaps_;
    std::optional<Instant> callback_;
    Duration last_callback_{0};
};

// A CSV file: the line `client,callback_us,last_callback_us,concealed_frames,missing_seq,came_after_us`, then
// a row a gap; the last two are empty where there is nothing to say.
void write_gaps(const std::vector<HeardGap>& gaps, std::ostream& out);

}  // namespace rtjam::sim
