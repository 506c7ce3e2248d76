#include "targets/pi/client_stats.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace rtjam {
namespace {

void merge(std::vector<StreamTotals>& streams, const EngineStatus& status, std::size_t streams_max) {
    for (const StreamStatus& stream : status.streams) {
        auto known = std::find_if(streams.begin(), streams.end(),
                                  [&stream](const StreamTotals& other) { return other.id == stream.id; });
        if (known == streams.end()) {
            if (streams.size() >= streams_max) continue;
            known = streams.insert(streams.end(), StreamTotals{});
            known->id = stream.id;
        }
        known->playout += stream.playout;
        known->present = stream.present;
        known->delay = stream.delay;
    }
}

double milliseconds_of(Duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

nlohmann::ordered_json json_of(const StreamTotals& stream) {
    return {
        {"id", stream.id.value()},
        {"packets", stream.playout.packets},
        {"lost", stream.playout.lost},
        {"late", stream.playout.late},
        {"duplicate", stream.playout.duplicate},
        {"reordered", stream.playout.reordered},
        {"stray", stream.playout.stray},
        {"concealed_frames", stream.playout.concealed_frames},
        {"skipped_frames", stream.playout.skipped_frames},
        {"played_frames", stream.playout.played_frames},
        {"delay_ms", milliseconds_of(stream.delay)},
    };
}

nlohmann::ordered_json json_of(const SecondFigures& second) {
    return {{"xruns", second.xruns},
            {"concealed_frames", second.concealed_frames},
            {"playout_delay_ms", milliseconds_of(second.playout_delay)}};
}

template <typename List>
nlohmann::ordered_json json_list(const List& all) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& each : all) list.push_back(json_of(each));
    return list;
}

}  // namespace

void EngineTotals::retire(const EngineStatus& last) {
    for (StreamTotals& stream : retired_streams_) stream.present = false;
    merge(retired_streams_, last, remembered_max);
    for (StreamTotals& stream : retired_streams_) stream.present = false;
    retired_packets_received_ += last.counters.packets_received;
}

std::vector<StreamTotals> EngineTotals::streams(const EngineStatus& current) const {
    std::vector<StreamTotals> all = retired_streams_;
    merge(all, current, remembered_max + engine_streams_limit);
    return all;
}

std::uint64_t EngineTotals::packets_received(const EngineStatus& current) const {
    return retired_packets_received_ + current.counters.packets_received;
}

std::string to_json(const ClientReport& report) {
    nlohmann::ordered_json json{
        {"id", report.id.value()},
        {"name", report.name},
        {"sample_rate", report.sample_rate.hertz()},
        {"frames_per_period", report.period.count()},
        {"audio_start_monotonic_ns", report.audio_start.time_since_epoch().count()},
        {"audio_stop_monotonic_ns", report.audio_stop.time_since_epoch().count()},
        {"periods", report.periods},
        {"xruns", report.xruns},
        {"joined", report.joined},
        {"packets_sent", report.packets_sent},
        {"packets_received", report.packets_received},
        {"round_trip_ms", nullptr},
        {"cpu_seconds", report.cpu_seconds},
        {"send_errors", report.send_errors},
        {"ring_drops", report.ring_drops},
        {"streams", json_list(report.streams)},
        {"seconds", json_list(report.seconds)},
    };
    if (report.round_trip) json["round_trip_ms"] = milliseconds_of(*report.round_trip);
    // A name that is not UTF-8 becomes one that is: no text from outside may stop the figures.
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::optional<double> LossSince::percent(const std::vector<StreamTotals>& streams) {
    std::uint64_t lost = 0;
    std::uint64_t packets = 0;
    for (const StreamTotals& stream : streams) {
        lost += stream.playout.lost;
        packets += stream.playout.packets;
    }
    // A packet that is found to be late after all is not lost any more: the difference may be below 0.
    const double lost_now = lost > lost_ ? static_cast<double>(lost - lost_) : 0.0;
    const double packets_now = packets > packets_ ? static_cast<double>(packets - packets_) : 0.0;
    lost_ = lost;
    packets_ = packets;
    if (lost_now + packets_now == 0.0) return std::nullopt;
    return 100.0 * lost_now / (lost_now + packets_now);
}

std::string status_line(const EngineStatus& current, std::optional<double> loss_percent,
                        std::uint64_t xruns) {
    const auto others = std::count_if(current.streams.begin(), current.streams.end(),
                                      [](const StreamStatus& stream) { return stream.present; });
    std::string line = fmt::format("{}, {} others", name_of(current.connection), others);
    if (loss_percent) line += fmt::format(", loss {:.2f} %", *loss_percent);
    if (current.round_trip)
        line += fmt::format(", round trip {:.1f} ms", milliseconds_of(*current.round_trip));
    return line + fmt::format(", {} xruns", xruns);
}

}  // namespace rtjam
