// Traces of lines that never were, but might be: one for each kind and seed, the same on every machine.
#pragma once

#include <cstdint>

#include "core/base/audio_types.hpp"
#include "core/base/time.hpp"
#include "sim/playout/trace.hpp"
#include "sim/playout/trace_kinds.hpp"

namespace rtjam::sim {

struct GeneratorOptions {
    std::uint64_t seed = 1;
    FrameCount packet_frames{128};
    Duration length = std::chrono::seconds{120};  // at most trace_packets_max packets
};

// Named after its kind. In order of arrival as of sending, unless the kind reorders. Each part of a line
// draws from a generator of its own.
Trace generate_trace(const TraceKind& kind, const GeneratorOptions& options);

}  // namespace rtjam::sim
