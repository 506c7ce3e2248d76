#include "sim/capture/replay_report.hpp"

#include <array>
#include <ostream>

#include "sim/json_number.hpp"
#include "sim/recorder.hpp"
#include "sim/text_table.hpp"

namespace rtjam::sim {
namespace {

using Json = nlohmann::ordered_json;

double milliseconds(Duration duration) {
    return std::chrono::duration<double, std::milli>{duration}.count();
}

struct StreamCount {
    const char* name;
    std::uint64_t PlayoutStats::*value;
};
constexpr std::array<StreamCount, 9> stream_counts{{
    {"packets", &PlayoutStats::packets},
    {"lost", &PlayoutStats::lost},
    {"late", &PlayoutStats::late},
    {"duplicate", &PlayoutStats::duplicate},
    {"reordered", &PlayoutStats::reordered},
    {"stray", &PlayoutStats::stray},
    {"concealed_frames", &PlayoutStats::concealed_frames},
    {"skipped_frames", &PlayoutStats::skipped_frames},
    {"played_frames", &PlayoutStats::played_frames},
}};

void print_head(const CaptureFacts& facts, const ReplayedCapture& capture, std::ostream& out) {
    const bool client = facts.header.kind == CaptureKind::client;
    out << facts.file << ": of a " << (client ? "client" : "server") << ", "
        << number_text(milliseconds(capture.length) / 1000.0, 1) << " s, " << capture.records << " records, "
        << facts.bytes << " bytes, digest " << digest_text(capture.digest) << '\n';
    if (facts.trouble) out << "it " << *facts.trouble << "; what comes before is played\n";
    if (capture.missing > 0)
        out << capture.missing << " records are missing: what was counted need not come out again\n";
}

void print_lines(std::span<const TraceReport> lines, std::ostream& out) {
    if (lines.empty()) {
        out << "no line is long enough to be measured\n";
    } else {
        print_playout_table(lines, out);
    }
}

Json head_json(const CaptureFacts& facts, const ReplayedCapture& capture) {
    Json trouble = nullptr;
    if (facts.trouble) trouble = *facts.trouble;
    return {{"file", facts.file},
            {"kind", facts.header.kind == CaptureKind::client ? "client" : "server"},
            {"audio", facts.header.has_audio},
            {"started_unix_us", facts.header.started.count()},
            {"seconds", milliseconds(capture.length) / 1000.0},
            {"records", capture.records},
            {"missing", capture.missing},
            {"trouble", trouble},
            {"digest", digest_text(capture.digest)}};
}

Json lines_json(std::span<const TraceReport> lines) {
    Json list = Json::array();
    for (const TraceReport& line : lines) {
        Json object{{"trace", line.trace}, {"file", line.file}};
        for (const Metric<TraceFigures>& figure : trace_metrics())
            object[std::string{figure.name}] = json_number(line.figures.*(figure.value));
        list.push_back(std::move(object));
    }
    return list;
}

void write(const Json& document, std::ostream& out) {
    out << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace

void print_replay(const CaptureFacts& facts, const ClientReplay& replay, std::span<const TraceReport> lines,
                  std::ostream& out) {
    print_head(facts, replay.capture, out);
    TableRow head{"sender"};
    for (const StreamCount& count : stream_counts) head.emplace_back(count.name);
    head.emplace_back("delay ms");
    std::vector<TableRow> rows{head};
    for (const ReplayedStream& stream : replay.streams) {
        TableRow row{std::to_string(stream.id.value())};
        for (const StreamCount& count : stream_counts)
            row.push_back(std::to_string(stream.playout.*count.value));
        row.push_back(number_text(milliseconds(stream.delay), 2));
        rows.push_back(std::move(row));
    }
    print_rows(rows, out);
    print_lines(lines, out);
}

void print_replay(const CaptureFacts& facts, const RoomReplay& replay, std::span<const TraceReport> lines,
                  std::ostream& out) {
    print_head(facts, replay.capture, out);
    std::vector<TableRow> rows{{"counter", "room", "replayed"}};
    for (const RoomCounterName& counter : captured_counters) {
        rows.push_back({counter.name, replay.recorded ? std::to_string(*replay.recorded.*counter.value) : "-",
                        std::to_string(replay.replayed.*counter.value)});
    }
    print_rows(rows, out);
    rows = {{"member", "packets", "lost", "duplicate", "reordered", "restarts", "over rate", "jitter ms"}};
    for (const ReplayedMember& member : replay.members) {
        const MemberStats& stats = member.stats;
        rows.push_back({std::to_string(member.id.value()), std::to_string(stats.packets()),
                        std::to_string(stats.lost()), std::to_string(stats.duplicate()),
                        std::to_string(stats.reordered()), std::to_string(stats.restarts()),
                        std::to_string(stats.over_rate()), number_text(milliseconds(stats.jitter()), 3)});
    }
    print_rows(rows, out);
    print_lines(lines, out);
    if (replay.difference) out << "not as it was: " << *replay.difference << '\n';
    if (replay.excuse) out << "that may be so: " << *replay.excuse << ", which a capture does not have\n";
}

void print_replay_json(const CaptureFacts& facts, const ClientReplay& replay,
                       std::span<const TraceReport> lines, std::ostream& out) {
    Json document = head_json(facts, replay.capture);
    document["frames_per_period"] = replay.period.count();
    document["callbacks"] = replay.callbacks.size();
    document["packets_received"] = replay.packets_received;
    document["malformed"] = replay.malformed;
    document["round_trip_min_ms"] = nullptr;
    if (replay.round_trip_min) document["round_trip_min_ms"] = milliseconds(*replay.round_trip_min);
    document["streams"] = Json::array();
    for (const ReplayedStream& stream : replay.streams) {
        Json object{{"id", stream.id.value()}};
        for (const StreamCount& count : stream_counts) object[count.name] = stream.playout.*count.value;
        object["delay_ms"] = milliseconds(stream.delay);
        document["streams"].push_back(std::move(object));
    }
    document["traces"] = lines_json(lines);
    write(document, out);
}

void print_replay_json(const CaptureFacts& facts, const RoomReplay& replay,
                       std::span<const TraceReport> lines, std::ostream& out) {
    Json document = head_json(facts, replay.capture);
    Json difference = nullptr;
    if (replay.difference) difference = *replay.difference;
    document["difference"] = difference;
    Json excuse = nullptr;
    if (replay.excuse) excuse = *replay.excuse;
    document["excuse"] = excuse;
    document["recorded"] = nullptr;
    for (const RoomCounterName& counter : captured_counters) {
        document["replayed"][counter.name] = replay.replayed.*counter.value;
        if (replay.recorded) document["recorded"][counter.name] = *replay.recorded.*counter.value;
    }
    document["members"] = Json::array();
    for (const ReplayedMember& member : replay.members) {
        const MemberStats& stats = member.stats;
        Json round_trip = nullptr;
        if (stats.round_trip()) round_trip = milliseconds(stats.round_trip()->min);
        document["members"].push_back({{"id", member.id.value()},
                                       {"packets", stats.packets()},
                                       {"lost", stats.lost()},
                                       {"duplicate", stats.duplicate()},
                                       {"reordered", stats.reordered()},
                                       {"restarts", stats.restarts()},
                                       {"over_rate", stats.over_rate()},
                                       {"jitter_ms", milliseconds(stats.jitter())},
                                       {"round_trip_min_ms", round_trip}});
    }
    document["traces"] = lines_json(lines);
    write(document, out);
}

}  // namespace rtjam::sim
