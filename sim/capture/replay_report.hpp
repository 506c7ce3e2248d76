// What a replay has shown, for people and for programs.
#pragma once

#include <iosfwd>
#include <optional>
#include <span>
#include <string>

#include "sim/capture/client_replay.hpp"
#include "sim/capture/room_replay.hpp"
#include "sim/playout/playout_report.hpp"

namespace rtjam::sim {

struct CaptureFacts {
    std::string file;
    CaptureHeader header;
    std::size_t bytes = 0;
    std::optional<std::string> trouble;  // why it ends where it does, if not as it should
};

// One table after the other: what was counted, and how the lines were (those that can be measured).
void print_replay(const CaptureFacts& facts, const ClientReplay& replay, std::span<const TraceReport> lines,
                  std::ostream& out);
void print_replay(const CaptureFacts& facts, const RoomReplay& replay, std::span<const TraceReport> lines,
                  std::ostream& out);

// One object. core/capture/CAPTURE.md has its keys.
void print_replay_json(const CaptureFacts& facts, const ClientReplay& replay,
                       std::span<const TraceReport> lines, std::ostream& out);
void print_replay_json(const CaptureFacts& facts, const RoomReplay& replay,
                       std::span<const TraceReport> lines, std::ostream& out);

}  // namespace rtjam::sim
