#include "sim/capture/evening_scenario.hpp"

#include <algorithm>

namespace rtjam::sim {
namespace {

constexpr std::size_t senders_max = 63;
// A scenario is neither shorter nor longer.
constexpr Duration length_min = std::chrono::milliseconds{1};
constexpr Duration length_max = std::chrono::hours{24};
constexpr const char* listener_name = "listener";
// Beyond that a trace says too little, and cannot be read as one.
constexpr std::size_t packets_min = 2;

std::vector<const CapturedLine*> longest_of_each(const CapturedLines& lines) {
    std::vector<const CapturedLine*> longest;
    for (const CapturedLine& line : lines.lines()) {
        if (line.trace.packets.size() < packets_min) continue;
        const auto known = std::find_if(longest.begin(), longest.end(), [&line](const CapturedLine* each) {
            return each->client == line.client;
        });
        if (known == longest.end()) {
            if (longest.size() < senders_max) longest.push_back(&line);
        } else if (line.trace.packets.size() > (*known)->trace.packets.size()) {
            *known = &line;
        }
    }
    return longest;
}

}  // namespace

Scenario evening_scenario(const CapturedLines& lines, const EveningOptions& options) {
    Scenario scenario;
    scenario.name = options.name;
    scenario.description =
        "Made by rtjam-sim replay: the lines of a capture, on the senders' way to the server.";
    if (options.length > length_max) scenario.description += " Of a longer capture, the first 24 hours.";
    scenario.duration =
        std::chrono::ceil<std::chrono::milliseconds>(std::clamp(options.length, length_min, length_max));
    // As in rtjam-sim playout.
    scenario.measure_from = std::min(Instant{settling_time}, Instant{scenario.duration / 2});
    const Instant end{scenario.duration};
    if (options.kind == CaptureKind::client) {
        PlayerConfig listener;
        listener.name = listener_name;
        listener.id = options.listener;
        listener.period = options.period;
        listener.plays = {.from = Instant{}, .to = end};
        listener.up.delay = listener.down.delay = options.round_trip_min.value_or(Duration{0}) / 2;
        scenario.players.push_back(listener);
    }
    for (const CapturedLine* line : longest_of_each(lines)) {
        const TracePacket& last = line->trace.packets.back();
        PlayerConfig sender;
        sender.name = line->trace.name;
        sender.id = line->client;
        sender.period = line->trace.packet_frames;
        sender.plays = {.from = line->begin, .to = std::min(end, line->begin + last.sent.time_since_epoch())};
        sender.up.trace.file = options.trace_file(line->trace);
        sender.up.trace_from = line->begin.time_since_epoch();
        sender.up.keep_order = false;  // what was overtaken is to be overtaken again
        sender.up.delay = sender.down.delay = line->round_trip_min.value_or(Duration{0}) / 2;
        if (sender.plays.from < sender.plays.to) scenario.players.push_back(sender);
    }
    return scenario;
}

}  // namespace rtjam::sim
