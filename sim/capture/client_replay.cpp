#include "sim/capture/client_replay.hpp"

#include <algorithm>
#include <memory>

#include "sim/capture/captured_bytes.hpp"
#include "sim/recorder.hpp"

namespace rtjam::sim {
namespace {

// An engine with what it plays into.
struct EngineAtWork {
    explicit EngineAtWork(const EngineConfig& config)
        : engine(config),
          transmits(engine.packets_per_period(), engine.packets_per_period() * packet_size_max),
          silence(config.period.size()),
          left(config.period.size()),
          right(config.period.size()) {}

    Engine engine;
    TransmitList transmits;
    std::vector<float> silence;
    std::vector<float> left;
    std::vector<float> right;
};

class Replayer {
public:
    void operator()(const CapturedEngine& begun) {
        retire();
        id_ = begun.id;
        if (replay_.engines > 0 && begun.period != replay_.period) replay_.one_period = false;
        replay_.id = begun.id;
        replay_.period = begun.period;
        ++replay_.engines;
        if (!packet_frames_of(begun.period)) return;
        at_work_ = std::make_unique<EngineAtWork>(
            EngineConfig{.id = begun.id,
                         .period = begun.period,
                         .streams_max = begun.online ? engine_streams_limit : 0,
                         .first_sequence = begun.first_sequence});
    }
    void operator()(const CapturedDatagram& datagram) {
        note_time(datagram.at);
        if (datagram.header.client_id != id_) {
            replay_.capture.lines.add(datagram, *begin_);
            if (datagram.header.sample_rate_code == 0) {
                gaps_.arrived(datagram.header.client_id, datagram.header.sequence, frames_of(datagram),
                              Instant{datagram.at - *begin_});
            }
        }
        note_round_trip(datagram);
        if (at_work_) at_work_->engine.receive(bytes_.of(datagram), datagram.at);
    }
    void operator()(const CapturedRubbish& rubbish) {
        note_time(rubbish.at);
        if (at_work_) at_work_->engine.receive(bytes_.of(rubbish), rubbish.at);
    }
    void operator()(const CapturedCallback& callback) {
        note_time(callback.at);
        replay_.callbacks.push_back(Instant{callback.at - *begin_});
        gaps_.called(replay_.callbacks.back());
        if (!at_work_) return;
        EngineAtWork& work = *at_work_;
        work.engine.process({work.silence, work.silence}, {work.left, work.right}, callback.at,
                            work.transmits);
        work.transmits.clear();
        for (const StreamOutput& heard : work.engine.heard()) {
            const PullResult& pull = heard.pull;
            gaps_.heard(heard.id, pull);
            recorder_.record(callback.at, EventKind::hear, {heard.id.value()}, {},
                             {pull.position.frame.frames(), pull.played.count(), pull.concealed.count(),
                              pull.silent.count(), pull.skipped.count(), pull.repeated.count()});
        }
    }
    void operator()(const CapturedGap& gap) { replay_.capture.missing += gap.records; }
    // A server's.
    void operator()(const CapturedRoom&) {}
    void operator()(const CapturedTotals&) {}

    ClientReplay finish() {
        retire();
        if (begin_) replay_.capture.length = last_ - *begin_;
        replay_.capture.digest = recorder_.digest();
        replay_.gaps = std::move(gaps_).finish();
        return std::move(replay_);
    }
    void count_record() { ++replay_.capture.records; }

private:
    void note_time(Instant at) {
        if (!begin_) begin_ = at;
        last_ = std::max(last_, at);
    }
    void note_round_trip(const CapturedDatagram& datagram) {
        const bool answer = datagram.header.client_id == id_ && datagram.size == header_size &&
                            !datagram.header.server_time.is_cookie();
        if (!answer) return;
        const std::uint64_t us =
            static_cast<std::uint64_t>(microseconds_of(datagram.at)) - datagram.header.client_time_us;
        if (us > 10'000'000) return;
        const Duration trip = std::chrono::microseconds{us};
        replay_.round_trip_min = std::min(replay_.round_trip_min.value_or(trip), trip);
    }
    void retire() {
        if (!at_work_) return;
        EngineStatus status;
        at_work_->engine.read_status(status);
        at_work_.reset();
        replay_.packets_received += status.counters.packets_received;
        replay_.malformed += status.counters.malformed;
        for (const StreamStatus& stream : status.streams) {
            auto known = std::find_if(replay_.streams.begin(), replay_.streams.end(),
                                      [&stream](const ReplayedStream& each) { return each.id == stream.id; });
            if (known == replay_.streams.end()) {
                known = replay_.streams.insert(known, {.id = stream.id, .playout = {}});
            }
            known->playout += stream.playout;
            known->delay = stream.delay;
        }
    }

    ClientReplay replay_;
    std::unique_ptr<EngineAtWork> at_work_;
    ClientId id_;
    CapturedBytes bytes_;
    Recorder recorder_{nullptr};
    GapFinder gaps_;
    std::optional<Instant> begin_;
    Instant last_;
};

}  // namespace

ClientReplay replay_client(CaptureReader& reader) {
    Replayer replayer;
    while (const auto record = reader.next()) {
        replayer.count_record();
        std::visit(replayer, *record);
    }
    return replayer.finish();
}

}  // namespace rtjam::sim
