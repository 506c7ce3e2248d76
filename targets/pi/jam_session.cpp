#include "targets/pi/jam_session.hpp"

#include <sys/resource.h>
#include <sys/time.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "targets/common/clock_pair.hpp"
#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/log.hpp"
#include "targets/common/udp_options.hpp"

namespace rtjam {
namespace {

// A server that does not answer is looked up and tried anew this often: it, or we, may have moved.
constexpr Duration attempt_interval = std::chrono::seconds{2};
constexpr Duration status_line_interval = std::chrono::seconds{10};
// A second of a full room, at 64 frames a packet.
constexpr int receive_buffer_bytes = 1 << 20;

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

JamSession::JamSession(const ClientConfig& config, ClientId id, std::function<Instant()> now)
    : config_(config),
      id_(id),
      now_(std::move(now)),
      resolver_(config.server),
      watch_(to_text(config.server), id, now_()),
      status_line_due_(now_() + status_line_interval) {}

void JamSession::before_audio_starts(Instant now) {
    callback_.discard_received();
    retire(callback_.engines().take_retired());
    retire(callback_.engines().take_current());
    while (callback_.statuses().front() != nullptr) callback_.statuses().commit_pop();
    engine_period_ = FrameCount{0};  // so that there will be a new one
    watch_.restart(now);
}

void JamSession::tick(const AudioState& audio, Instant now) {
    if (!clock_offset_at_start_) clock_offset_at_start_ = clock_offset();
    look_for_server(now);
    retire(callback_.engines().take_retired());
    fit_engine(audio.period);
    fit_priority(audio.realtime_priority);
    read_statuses(now);
    note_second(audio, now);
    tell_status(audio, now);
}

// Asks for the server's addresses at the beginning and whenever it does not answer, and tries one after the
// other, each with a new socket: a connected one stays bound to the address that this machine had then.
void JamSession::look_for_server(Instant now) {
    const auto unanswered = watch_.unanswered_since();
    const bool needed = !network_ || (unanswered && now - *unanswered >= attempt_interval);
    if (needed && (!last_attempt_ || now - *last_attempt_ >= attempt_interval)) {
        last_attempt_ = now;
        resolver_.start();
    }
    const auto resolution = resolver_.poll();
    if (!resolution || !needed) return;
    if (resolution->endpoints.empty()) {
        if (!std::exchange(said_unresolved_, true)) {
            spdlog::warn("{} is not found ({}), still trying", config_.server.host, resolution->error);
        }
        return;
    }
    said_unresolved_ = false;
    connect(resolution->endpoints[attempts_++ % resolution->endpoints.size()]);
}

void JamSession::connect(const Endpoint& server) {
    network_.reset();
    auto socket = open_connected_udp(
        server, {.receive_buffer_bytes = receive_buffer_bytes, .receive_timestamps = true});
    if (!socket) {
        spdlog::debug("{}: {}", to_text(server), to_text(socket.error()));
        return;
    }
    server_ = server;
    network_ = std::make_unique<NetworkThread>(std::move(*socket), callback_, counters_, backend_now_);
    network_priority_ = 0;
}

// A new engine whenever the audio's period or the server's address is another than it was built for.
void JamSession::fit_engine(FrameCount period) {
    if (period == engine_period_ && server_ == engine_server_) return;
    engine_period_ = period;
    engine_server_ = server_;
    if (!packet_frames_of(period)) {
        spdlog::error("periods of {} frames cannot be cut into packets; choose another period",
                      period.count());
        return;
    }
    const EngineConfig config{
        .id = id_,
        .server = server_.value_or(Endpoint{}),
        .period = period,
        // Without a server there is nobody to hear. Streams are most of an engine, and take long to lock in
        // memory.
        .streams_max = server_ ? engine_streams_limit : 0,
        .first_sequence = SequenceNumber{random_()},
        .monitor = config_.monitor,
        .input_gain_db = config_.input_gain_db,
    };
    callback_.engines().offer(std::make_unique<PreparedEngine>(config, server_.has_value()));
}

void JamSession::retire(std::unique_ptr<PreparedEngine> engine) {
    if (!engine) return;
    EngineStatus last;
    engine->engine.read_status(last);
    totals_.retire(last);
    status_ = {};
}

void JamSession::read_statuses(Instant now) {
    while (const EngineStatus* fresh = callback_.statuses().front()) {
        status_ = *fresh;
        callback_.statuses().commit_pop();
        tell(watch_.update(status_.connection, now));
    }
}

void JamSession::tell(const std::optional<ConnectionNews>& news) const {
    if (news) spdlog::log(news->good ? spdlog::level::info : spdlog::level::warn, "{}", news->text);
}

void JamSession::note_second(const AudioState& audio, Instant now) {
    if (!second_log_.is_due(now)) return;
    std::uint64_t concealed_frames = 0;
    for (const StreamTotals& stream : totals_.streams(status_)) {
        concealed_frames += stream.playout.concealed_frames;
    }
    second_log_.note(
        now, {.xruns = audio.xruns, .concealed_frames = concealed_frames, .playout_delay = playout_delay()});
}

void JamSession::tell_status(const AudioState& audio, Instant now) {
    if (now < status_line_due_) return;
    status_line_due_ = now + status_line_interval;
    spdlog::info("{}", status_line(status_, loss_.percent(totals_.streams(status_)), audio.xruns));
}

// The network thread runs just below the audio thread: what has arrived waits for nobody but the audio.
void JamSession::fit_priority(int audio_priority) {
    const int wanted = std::max(audio_priority - 1, 0);
    if (wanted == 0 && !std::exchange(said_not_realtime_, true)) {
        spdlog::warn("audio has no real-time priority: expect dropouts");
    }
    if (!network_ || wanted == network_priority_) return;
    network_priority_ = wanted;
    const int error = network_->set_priority(wanted);
    if (error != 0 && !std::exchange(said_not_realtime_, true)) {
        spdlog::warn("no real-time priority for the network: {}", std::system_category().message(error));
    }
}

// From the backend's clock to ours, now.
Duration JamSession::clock_offset() const {
    const auto reading = ClockPair{backend_now_, now_}.read();
    return reading.second - reading.first;
}

Duration JamSession::playout_delay() const {
    Duration longest{0};
    for (const StreamStatus& stream : status_.streams) {
        if (stream.present) longest = std::max(longest, stream.delay);
    }
    return longest;
}

ClientReport JamSession::finish(const AudioState& audio) {
    network_.reset();
    retire(callback_.engines().take_retired());
    read_statuses(now_());
    if (PreparedEngine* current = callback_.engines().current()) current->engine.read_status(status_);
    ClientReport report;
    report.id = id_;
    report.name = config_.name;
    report.period = audio.period;
    report.periods = callback_.periods();
    if (report.periods > 0 && clock_offset_at_start_) {
        report.audio_start = callback_.first_period() + *clock_offset_at_start_;
        const Instant stop = callback_.last_period() + duration_of(audio.period, sample_rate_48k);
        report.audio_stop = stop + clock_offset();
    }
    report.xruns = audio.xruns;
    report.joined = watch_.has_ever_joined();
    report.packets_sent = counters_.datagrams_sent.load();
    report.packets_received = totals_.packets_received(status_);
    report.round_trip = status_.round_trip;
    report.cpu_seconds = cpu_seconds();
    report.send_errors = counters_.send_errors.load();
    report.ring_drops = counters_.receive_ring_full.load() + callback_.outgoing_dropped();
    report.streams = totals_.streams(status_);
    report.seconds.assign(second_log_.seconds().begin(), second_log_.seconds().end());
    return report;
}

}  // namespace rtjam
