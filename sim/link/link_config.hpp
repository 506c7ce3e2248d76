// What one direction of a line does to datagrams. The names are netem's (tc-netem(8)) where netem has one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/base/time.hpp"
#include "sim/link/bit_rate.hpp"
#include "sim/link/delay_table.hpp"
#include "sim/link/line_trace.hpp"

namespace rtjam::sim {

enum class Distribution : std::uint8_t {
    uniform,  // delay − jitter … delay + jitter
    normal,   // for this and the others the jitter is the standard deviation
    pareto,
    paretonormal,
    gamma,
    table  // read from a file
};

// Something that happens to a datagram or not; both from 0 to 1.
struct Chance {
    double probability = 0.0;
    double correlation = 0.0;

    // With a correlation alone nothing happens, but what was drawn is remembered.
    bool exists() const { return probability + correlation > 0.0; }
};

// A line that is good or bad (Gilbert 1960, Elliott 1963), under netem's names; all probabilities.
struct GilbertElliott {
    double p = 0.0;            // that it turns bad with the next datagram
    double r = 1.0;            // that it turns good
    double one_minus_h = 1.0;  // that a datagram is lost while it is bad
    double one_minus_k = 0.0;  // and while it is good
    friend bool operator==(const GilbertElliott&, const GilbertElliott&) = default;
};

// Others who send through the same queue: at that rate, in packets of 1500 bytes, for about `on`, with pauses
// of about `off`. Both are drawn from half as long to half as long again.
struct CompetingTraffic {
    BitRate rate{};
    Duration on{0};
    Duration off{0};
    friend bool operator==(const CompetingTraffic&, const CompetingTraffic&) = default;
};

// The slowest place of a line, with a queue before it. A rate of 0: there is none.
struct BottleneckConfig {
    BitRate rate{};
    std::size_t limit = 1000;  // packets that may wait; what comes then is dropped
    CompetingTraffic cross_traffic{};
};

// A file's content, shared by all the lines that have it.
template <typename Content>
struct FromFile {
    std::string file;  // as written in the scenario
    std::shared_ptr<const Content> content;
};

struct LinkConfig {
    Duration delay{0};
    Duration jitter{0};
    double jitter_correlation = 0.0;
    Distribution distribution = Distribution::uniform;
    Chance loss{};
    std::optional<GilbertElliott> gemodel{};
    Chance duplicate{};
    // One random bit is flipped. UDP's checksum finds that out, and the datagram is gone; without the
    // checksum it arrives.
    Chance corrupt{};
    bool udp_checksum = true;
    Chance reorder{};
    // How much longer a datagram takes that is to be overtaken.
    Duration reorder_extra{0};
    // What is sent later arrives later, in spite of jitter, as in the one queue of a router; only what is
    // drawn for `reorder` is overtaken. When false, jitter alone reorders, as it does in netem.
    bool keep_order = true;
    BottleneckConfig bottleneck{};
    // Delays and losses as recorded, on top of all others.
    FromFile<LineTrace> trace{};
    Duration trace_from{0};  // when it begins; nothing of it before
    // What the trace was generated of, if it is from no file: each line is at a place of its own in it.
    std::string kind{};
    FromFile<DelayTable> table{};  // only of Distribution::table
};

}  // namespace rtjam::sim
