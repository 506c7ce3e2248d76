#include "sim/capture/captured_lines.hpp"

#include <algorithm>

namespace rtjam::sim {
namespace {

// As in a playout: what is further off, either way, is another timeline.
constexpr Duration jump_max = std::chrono::seconds{2};

Instant due(const Trace& trace, std::int64_t number) {
    return Instant{} + duration_of(trace.packet_frames * number, sample_rate_48k);
}

std::string name_of(const std::vector<CapturedLine>& lines, ClientId client) {
    const auto before = std::count_if(lines.begin(), lines.end(),
                                      [client](const CapturedLine& each) { return each.client == client; });
    const std::string name = "client-" + std::to_string(client.value());
    return before == 0 ? name : name + "-" + std::to_string(before + 1);
}

}  // namespace

FrameCount frames_of(const CapturedDatagram& packet) {
    return FrameCount{static_cast<std::int64_t>((packet.size - header_size) / 4)};
}

void CapturedLines::add(const CapturedDatagram& packet, Instant begin) {
    if (too_many_lost_ || frames_of(packet) == FrameCount{0} || packet.header.sample_rate_code != 0) return;
    const Instant arrived = Instant{packet.at - begin};
    for (std::size_t i = lines_.size(); i-- > 0;) {
        if (lines_[i].client != packet.header.client_id || lines_[i].from != packet.from) continue;
        if (add_to(i, packet, arrived)) return;
        break;
    }
    if (lines_.size() < lines_max) begin_line(packet, arrived);
}

void CapturedLines::begin_line(const CapturedDatagram& packet, Instant arrived) {
    CapturedLine line{.client = packet.header.client_id,
                      .from = packet.from,
                      .begin = arrived,
                      .trace = {.name = name_of(lines_, packet.header.client_id),
                                .packet_frames = frames_of(packet),
                                .first_number = packet.header.sequence.value(),
                                .packets = {{.sent = Instant{}, .arrived = arrived}}},
                      .round_trip_min = std::nullopt};
    lines_.push_back(std::move(line));
    places_.push_back({.first = packet.header.sequence});
}

// False if it is not of that line.
bool CapturedLines::add_to(std::size_t index, const CapturedDatagram& packet, Instant arrived) {
    Trace& trace = lines_[index].trace;
    Place& place = places_[index];
    if (frames_of(packet) != trace.packet_frames) return false;
    const std::int64_t number =
        place.highest +
        distance(SequenceNumber{place.first.value() + static_cast<std::uint32_t>(place.highest)},
                 packet.header.sequence);
    const Duration jump = due(trace, number) - due(trace, place.highest);
    const Duration passed = arrived - lines_[index].begin;
    const Duration off = (due(trace, number) - Instant{}) - passed;
    const bool goes_on = (jump <= jump_max && jump >= -jump_max) ||
                         (jump > Duration{0} && jump <= pause_max && off <= jump_max && off >= -jump_max);
    if (!goes_on || number >= static_cast<std::int64_t>(trace_packets_max)) return false;
    if (number < 0) return true;  // overtaken by the first
    if (number > place.highest) {
        const auto lost = static_cast<std::size_t>(number - place.highest - 1);
        too_many_lost_ = lost > lost_limit_ - lost_;
        if (too_many_lost_) return true;
        lost_ += lost;
    }
    for (; place.highest < number; ++place.highest) {
        trace.packets.push_back({.sent = due(trace, place.highest + 1), .arrived = std::nullopt});
    }
    TracePacket& here = trace.packets[static_cast<std::size_t>(number)];
    if (!here.arrived) here.arrived = arrived;  // else a duplicate
    return true;
}

}  // namespace rtjam::sim
