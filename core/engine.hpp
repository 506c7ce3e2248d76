// The whole client side: datagrams and audio in, datagrams and audio out.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time: the audio callback's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/base/endpoint.hpp"
#include "core/base/expected.hpp"
#include "core/base/ids.hpp"
#include "core/base/static_vector.hpp"
#include "core/base/transmit_list.hpp"
#include "core/mix/click_track.hpp"
#include "core/mix/mixer.hpp"
#include "core/playout/playout.hpp"
#include "core/wire/packet.hpp"

namespace rtjam {

inline constexpr std::size_t engine_streams_limit = 63;
inline constexpr std::int64_t packets_per_period_max = 64;

// Frames of each packet when a period is cut into the fewest equal ones that the wire takes. Empty when that
// takes more than packets_per_period_max (a prime number of frames above 249, say).
std::optional<FrameCount> packet_frames_of(FrameCount period);

struct EngineConfig {
    ClientId id{};
    Endpoint server{};
    SampleRate sample_rate = sample_rate_48k;
    FrameCount period{128};  // frames of every process(); packet_frames_of() it has a value
    std::size_t streams_max = engine_streams_limit;  // other jammers heard at once
    // Random, so that a client that comes back is not taken for its own past.
    SequenceNumber first_sequence{};
    // A jammer, or the server, that has not been heard for this long is gone.
    Duration silence_timeout = std::chrono::seconds{1};
    bool monitor = true;
    float input_gain_db = 0.0F;  // of what is sent and monitored
};

// Settings, as small values that fit into a ring.
struct SetMasterGain {
    float gain_db = 0.0F;
};
struct SetMonitor {
    bool on = true;
};
struct SetClick {
    bool on = false;
    float gain_db = 0.0F;
};
struct SetStrip {
    ClientId id{};            // one's own for the monitor
    std::size_t channel = 0;  // 0 or 1
    StripSettings settings{};
};
using EngineCommand = std::variant<SetMasterGain, SetMonitor, SetClick, SetStrip>;

enum class Connection : std::uint8_t { searching, joined, id_in_use, room_full };
const char* name_of(Connection connection);

struct EngineCounters {
    std::uint64_t periods = 0;
    std::uint64_t packets_sent = 0;
    std::uint64_t packets_received = 0;  // valid ones, bare headers included
    std::uint64_t malformed = 0;
    std::uint64_t own_audio = 0;         // audio under our own id: dropped, never heard
    std::uint64_t streams_refused = 0;   // packets of a jammer for whom there was no place
    std::uint64_t other_rates = 0;       // packets of a reserved sample rate code: dropped
    std::uint64_t commands_unknown = 0;  // settings for a jammer who is not here
};

struct StreamStatus {
    ClientId id{};
    bool present = false;  // heard within the timeout
    PlayoutStats playout{};
    Duration delay{0};
    std::int64_t clock_ppb = 0;  // how much faster than ours the jammer's clock runs, as far as it is known
    std::array<MeterReading, 2> meters{};
};

// Everything a person may want to see, as one value that can be copied out.
struct EngineStatus {
    Connection connection = Connection::searching;
    std::optional<Duration> round_trip;  // to the server and back, last measured
    std::uint8_t beat = 0;
    EngineCounters counters;
    std::array<MeterReading, 2> input_meters{};
    std::array<MeterReading, 2> master_meters{};
    // Also of jammers who have left, until another takes their place.
    StaticVector<StreamStatus, engine_streams_limit> streams;
};

// What the last process() played of one jammer, before the mix.
struct StreamOutput {
    ClientId id;
    PullResult pull;
    AudioInput audio;
};

class Engine {
public:
    // The config's period must have packet_frames_of() and its streams_max be within engine_streams_limit.
    explicit Engine(const EngineConfig& config);

    void apply(const EngineCommand& command);

    // A datagram from the server, with the time at which the network had it.
    void receive(std::span<const std::byte> datagram, Instant arrived);

    // One period: sends the input, plays what the others sent. All four spans are config.period long. The
    // datagrams in `out` live in its storage, which must hold packets_per_period() × packet_size_max bytes.
    void process(AudioInput input, AudioOutput output, Instant now, TransmitList& out);

    std::size_t packets_per_period() const;
    // Valid until the next process().
    std::span<const StreamOutput> heard() const { return {heard_.begin(), heard_.size()}; }
    void read_status(EngineStatus& status) const;

private:
    struct Stream {
        explicit Stream(const EngineConfig& config);

        bool taken = false;
        ClientId id;
        Instant last_heard;
        bool resting = false;  // its jammer has gone, and what he left in the playout is forgotten
        Playout playout;
        std::vector<float> left;
        std::vector<float> right;
    };

    void receive_answer(const PacketHeader& header, Instant arrived);
    void receive_stream(const PacketView& packet, Instant arrived);
    PullResult pull_stream(Stream& stream, Instant now, Effort effort);
    Stream* stream_of(ClientId id);
    Stream* place_for(ClientId id, Instant arrived);
    std::size_t mixer_pair_of(const Stream& stream) const;
    bool is_present(const Stream& stream) const;

    void take_input(AudioInput input);
    void send(Instant now, TransmitList& out);
    void play(AudioOutput output, Instant now);

    EngineConfig config_;
    FrameCount packet_frames_;
    float input_gain_;
    Instant now_;  // of the last process()

    SequenceNumber next_sequence_;
    ServerTime server_time_;  // the last one heard, to be looped
    Connection connection_ = Connection::searching;
    Instant last_answer_;
    std::optional<Duration> round_trip_;
    std::uint8_t beat_ = 0;
    EngineCounters counters_;

    std::vector<float> input_left_;
    std::vector<float> input_right_;
    std::array<Meter, 2> input_meters_;
    std::vector<Stream> streams_;
    StaticVector<StreamOutput, engine_streams_limit> heard_;
    Mixer mixer_;  // pair 0 is the monitor, pair i + 1 stream i
    ClickTrack click_track_;
};

}  // namespace rtjam
