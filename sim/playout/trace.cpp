#include "sim/playout/trace.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "core/wire/packet.hpp"

namespace rtjam::sim {
namespace {

constexpr std::string_view header = "seq,send_us,recv_us";
constexpr std::size_t line_bytes_max = 200;
// A year: far beyond any trace, and nanoseconds still fit.
constexpr double time_us_max = 3.2e13;

constexpr std::int64_t rounded(double value) {
    return static_cast<std::int64_t>(value < 0.0 ? value - 0.5 : value + 0.5);
}

struct Row {
    std::int64_t number = 0;
    TracePacket packet;
};

std::optional<Instant> parse_time(std::string_view text) {
    double us = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), us);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (!(us >= -time_us_max && us <= time_us_max)) return std::nullopt;
    return Instant{Duration{rounded(us * 1000.0)}};
}

Expected<Row, std::string> parse_row(std::string_view line) {
    const std::size_t first = line.find(',');
    const std::size_t second = first == std::string_view::npos ? first : line.find(',', first + 1);
    if (second == std::string_view::npos) return Unexpected{std::string{"expected seq,send_us,recv_us"}};
    const std::string_view number = line.substr(0, first);
    const std::string_view sent = line.substr(first + 1, second - first - 1);
    const std::string_view arrived = line.substr(second + 1);

    Row row;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), row.number);
    if (error != std::errc{} || end != number.data() + number.size() || row.number < 0) {
        return Unexpected{std::string{"seq: expected a whole number from 0 on"}};
    }
    const std::optional<Instant> sent_at = parse_time(sent);
    if (!sent_at) return Unexpected{std::string{"send_us: expected microseconds"}};
    row.packet.sent = *sent_at;
    if (arrived.empty()) return row;
    row.packet.arrived = parse_time(arrived);
    if (!row.packet.arrived) return Unexpected{std::string{"recv_us: expected microseconds, or nothing"}};
    return row;
}

// Reads on where the header ended; complains in the words of an error without file and line.
class TraceBuilder {
public:
    std::optional<std::string> add(const Row& row) {
        if (!packets_.empty()) {
            if (row.number <= number_) return "seq: expected one above the row before";
            if (row.packet.sent < packets_.back().sent)
                return "send_us: expected no earlier than the row before";
        }
        const std::int64_t left_out = packets_.empty() ? 0 : row.number - number_ - 1;
        if (left_out >= static_cast<std::int64_t>(trace_packets_max - packets_.size()))
            return "expected at most 4000000 packets";
        fill_in(left_out, row.packet.sent);
        if (packets_.empty()) first_number_ = row.number;
        packets_.push_back(row.packet);
        number_ = row.number;
        return std::nullopt;
    }
    std::int64_t first_number() const { return first_number_; }
    std::vector<TracePacket>& packets() { return packets_; }

private:
    void fill_in(std::int64_t left_out, Instant next) {
        if (left_out == 0) return;
        const Instant before = packets_.back().sent;
        for (std::int64_t i = 1; i <= left_out; ++i) {
            const double share = static_cast<double>(i) / static_cast<double>(left_out + 1);
            const Duration passed{rounded(static_cast<double>((next - before).count()) * share)};
            packets_.push_back({.sent = before + passed, .arrived = std::nullopt});
        }
    }

    std::vector<TracePacket> packets_;
    std::int64_t first_number_ = 0;
    std::int64_t number_ = 0;
};

std::optional<FrameCount> packet_frames_of(const std::vector<TracePacket>& packets) {
    std::vector<Duration> spacings;
    spacings.reserve(packets.size());
    for (std::size_t i = 1; i < packets.size(); ++i) {
        spacings.push_back(packets[i].sent - packets[i - 1].sent);
    }
    if (spacings.empty()) return std::nullopt;
    const auto median = spacings.begin() + static_cast<std::ptrdiff_t>(spacings.size() / 2);
    std::nth_element(spacings.begin(), median, spacings.end());
    const FrameCount frames = frames_in(*median, sample_rate_48k);
    if (frames < FrameCount{1} || frames > packet_frames_max) return std::nullopt;
    return frames;
}

}  // namespace

Expected<Trace, std::string> read_trace(std::istream& stream, const std::string& file) {
    std::array<char, line_bytes_max + 1> buffer{};
    std::size_t line_number = 0;
    const auto complain = [&](const std::string& what) {
        return Unexpected{file + ":" + std::to_string(line_number) + ": " + what};
    };
    TraceBuilder builder;
    while (stream.getline(buffer.data(), buffer.size())) {
        ++line_number;
        std::string_view line{buffer.data()};
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line_number == 1) {
            if (line != header) return complain("expected the line " + std::string{header});
            continue;
        }
        const Expected<Row, std::string> row = parse_row(line);
        if (!row) return complain(row.error());
        if (const auto mistake = builder.add(*row)) return complain(*mistake);
    }
    if (stream.bad()) return Unexpected{file + ": cannot be read"};
    ++line_number;
    if (!stream.eof()) return complain("expected a shorter line");
    if (line_number == 1) return complain("expected the line " + std::string{header});

    Trace trace{.name = std::filesystem::path{file}.stem().string(),
                .packet_frames = {},
                .first_number = builder.first_number(),
                .packets = std::move(builder.packets())};
    const std::optional<FrameCount> frames = packet_frames_of(trace.packets);
    if (!frames) return complain("expected two packets or more, sent 1 to 249 frames of 48 kHz apart");
    trace.packet_frames = *frames;
    return trace;
}

Expected<Trace, std::string> load_trace(const std::string& file) {
    std::ifstream stream{file, std::ios::binary};
    if (!stream || std::filesystem::is_directory(file)) return Unexpected{file + ": cannot be read"};
    return read_trace(stream, file);
}

void write_trace(const Trace& trace, std::ostream& out) {
    const auto us = [](Instant at) { return microseconds_of(at + std::chrono::nanoseconds{500}); };
    out << header << '\n';
    for (std::size_t i = 0; i < trace.packets.size(); ++i) {
        const TracePacket& packet = trace.packets[i];
        out << trace.first_number + static_cast<std::int64_t>(i) << ',' << us(packet.sent) << ',';
        if (packet.arrived) out << us(*packet.arrived);
        out << '\n';
    }
}

Trace with_listener_skew(const Trace& trace, double ppm) {
    Trace stretched = trace;
    const Instant origin = trace.packets.front().sent;
    for (TracePacket& packet : stretched.packets) {
        if (!packet.arrived) continue;
        const auto passed = static_cast<double>((*packet.arrived - origin).count());
        *packet.arrived += Duration{rounded(passed * ppm * 1e-6)};
    }
    return stretched;
}

std::size_t first_judged(const Trace& trace) {
    const Instant from = trace.packets.front().sent + settling_time;
    const auto first = std::partition_point(trace.packets.begin(), trace.packets.end(),
                                            [from](const TracePacket& packet) { return packet.sent < from; });
    return static_cast<std::size_t>(first - trace.packets.begin());
}

double lost_percent(const Trace& trace) {
    const auto judged = trace.packets.begin() + static_cast<std::ptrdiff_t>(first_judged(trace));
    const auto lost =
        std::count_if(judged, trace.packets.end(), [](const TracePacket& each) { return !each.arrived; });
    const auto all = trace.packets.end() - judged;
    return all == 0 ? 0.0 : 100.0 * static_cast<double>(lost) / static_cast<double>(all);
}

}  // namespace rtjam::sim
