#include "targets/server/room_report.hpp"

#include <utility>

#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/log.hpp"

namespace rtjam {

namespace {

double milliseconds(Duration duration) {
    return std::chrono::duration<double, std::milli>{duration}.count();
}

std::int64_t microseconds(Duration duration) {
    return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

bool is_refusal(RoomEvent::Kind kind) {
    return kind == RoomEvent::Kind::refused_full || kind == RoomEvent::Kind::refused_id_in_use;
}

const char* text_of(RoomEvent::Kind kind) {
    switch (kind) {
        case RoomEvent::Kind::joined:
            return "joined from";
        case RoomEvent::Kind::left:
            return "left";
        case RoomEvent::Kind::moved:
            return "moved to";
        case RoomEvent::Kind::kicked:
            return "was kicked from";
        case RoomEvent::Kind::refused_full:
            return "refused, the room is full:";
        case RoomEvent::Kind::refused_id_in_use:
            return "refused, its id is in use:";
    }
    return "";
}

}  // namespace

std::string counters_line(const RoomSnapshot& snapshot) {
    const RoomCounters& c = snapshot.counters;
    const SocketCounters& socket = snapshot.socket;
    std::string line =
        fmt::format("members={} datagrams={} bytes_in={} forwarded={} replies={} bytes_out={}",
                    snapshot.members.size(), c.datagrams, c.bytes_in, c.forwarded, c.replies, c.bytes_out);
    line += fmt::format(" joins={} leaves={} moves={} challenges={} refused_full={} refused_id_in_use={}",
                        c.joins, c.leaves, c.moves, c.challenges, c.refused_full, c.refused_id_in_use);
    line += fmt::format(" too_short={} ragged_audio={} too_long={} unanswerable={} events_lost={}",
                        c.too_short, c.ragged_audio, c.too_long, c.unanswerable, c.events_lost);
    line += fmt::format(" over_rate={} challenges_limited={} joins_limited={} banned={} kicks={}",
                        c.over_rate, c.challenges_limited, c.joins_limited, c.banned, c.kicks);
    line += fmt::format(" sent={} send_full={} send_errors={} receive_errors={}", socket.send.sent,
                        socket.send.send_full, socket.send.send_errors, socket.receive_errors);
    line += fmt::format(" segmented={} segmentation_refusals={} residence_p99_us={}",
                        socket.send.segmented_messages, socket.send.segmentation_refusals,
                        microseconds(socket.residence.quantile_bound(0.99)));
    return line;
}

std::string member_line(const Member& member) {
    const MemberStats& stats = member.stats;
    std::string line = fmt::format(
        "{} at {}: packets={} lost={} late={} duplicate={} reordered={} restarts={} jitter_ms={:.3f} "
        "over_rate={} unsent_full={} unsent_error={}",
        member.id.value(), to_text(member.endpoint), stats.packets(), stats.lost(), stats.late(),
        stats.duplicate(), stats.reordered(), stats.restarts(), milliseconds(stats.jitter()),
        stats.over_rate(), stats.unsent_full(), stats.unsent_error());
    if (stats.round_trip()) {
        line +=
            fmt::format(" round_trip_ms={:.3f} round_trip_min_ms={:.3f}",
                        milliseconds(stats.round_trip()->smoothed), milliseconds(stats.round_trip()->min));
    }
    return line;
}

void EventLog::write(const RoomEvent& event) {
    const bool refusal = is_refusal(event.kind);
    std::size_t& lines = refusal ? refusal_lines_ : membership_lines_;
    if (lines == (refusal ? refusal_lines_max : membership_lines_max)) {
        ++unwritten_;
        return;
    }
    ++lines;
    spdlog::info("room {}: {} {} {}", room_number_, event.id.value(), text_of(event.kind),
                 to_text(event.endpoint));
}

void EventLog::begin_interval() {
    if (unwritten_ > 0) {
        spdlog::info("room {}: {} more joins, leaves, moves and refusals", room_number_, unwritten_);
    }
    membership_lines_ = 0;
    refusal_lines_ = 0;
    unwritten_ = 0;
}

void RoomReporter::write_start() const {
    spdlog::info("listening on {} (room {})", to_text(local_), number_);
}

void RoomReporter::write_events() {
    RoomEvent event;
    // No more than the board holds: a worker that adds them faster than a log can take them keeps nobody
    // here.
    for (std::size_t i = 0; i < RoomBoard::events_max && board_.take_event(event); ++i)
        event_log_.write(event);
}

void RoomReporter::report() {
    write_events();
    event_log_.begin_interval();
    const RoomSnapshot& snapshot = board_.latest();
    std::string counters = counters_line(snapshot);
    if (counters == last_counters_) return;
    spdlog::info("room {}: {}", number_, counters);
    last_counters_ = std::move(counters);
    for (const Member& member : snapshot.members) spdlog::info("room {}: {}", number_, member_line(member));
}

void RoomReporter::report_end() {
    last_counters_.clear();
    report();
}

}  // namespace rtjam
