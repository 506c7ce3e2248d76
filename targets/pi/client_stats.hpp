// What the client has counted: over all engines that have run, as a line for a person and as JSON for a
// program. Realtime-safe: no. The control thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/engine.hpp"
#include "targets/pi/second_log.hpp"

namespace rtjam {

struct StreamTotals {
    ClientId id;
    bool present = false;
    PlayoutStats playout;
    Duration delay{0};
};

// Adds up what the engines counted, each of which starts from 0.
class EngineTotals {
public:
    // So many jammers are remembered; of any more, those that engines in use know are still listed.
    static constexpr std::size_t remembered_max = 1024;

    // The last status of an engine that will not run again.
    void retire(const EngineStatus& last);

    // Together with the engine in use.
    std::vector<StreamTotals> streams(const EngineStatus& current) const;
    std::uint64_t packets_received(const EngineStatus& current) const;

private:
    std::vector<StreamTotals> retired_streams_;
    std::uint64_t retired_packets_received_ = 0;
};

// At the end of the program; the field names of its JSON are a contract.
struct ClientReport {
    ClientId id;
    std::string name;
    SampleRate sample_rate = sample_rate_48k;
    FrameCount period;
    Instant audio_start{};  // CLOCK_MONOTONIC at frame 0
    Instant audio_stop{};   // and after the last frame; the same if there was no audio
    std::uint64_t periods = 0;
    std::uint64_t xruns = 0;
    bool joined = false;                 // ever
    std::uint64_t packets_sent = 0;      // that the system took
    std::uint64_t packets_received = 0;  // valid ones
    std::optional<Duration> round_trip;
    double cpu_seconds = 0.0;
    std::uint64_t send_errors = 0;
    std::uint64_t ring_drops = 0;  // datagrams for which one of the two rings had no place
    std::vector<StreamTotals> streams;
    std::vector<SecondFigures> seconds;  // of the last hour, the oldest first
};

std::string to_json(const ClientReport& report);

// Packets that were lost among those that should have come, in percent, since the last look.
class LossSince {
public:
    // Empty if nothing should have come.
    std::optional<double> percent(const std::vector<StreamTotals>& streams);

private:
    std::uint64_t lost_ = 0;
    std::uint64_t packets_ = 0;
};

// "joined, 2 others, loss 0.31 %, round trip 23.4 ms, 0 xruns"
std::string status_line(const EngineStatus& current, std::optional<double> loss_percent, std::uint64_t xruns);

}  // namespace rtjam
