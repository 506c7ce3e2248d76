// Everything about a jam but where the audio comes from: finds the server, keeps an engine that fits the
// audio in the callback, a network thread on the server, and the user informed. Realtime-safe: no. The
// control thread; only callback() is for the audio thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/engine.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/pi/audio_callback.hpp"
#include "targets/pi/client_stats.hpp"
#include "targets/pi/config.hpp"
#include "targets/pi/connection_watch.hpp"
#include "targets/pi/network_thread.hpp"
#include "targets/pi/resolver.hpp"

namespace rtjam {

// What the backend says of itself at the moment.
struct AudioState {
    FrameCount period;
    std::uint64_t xruns = 0;
    int realtime_priority = 0;  // of the audio thread; 0: none
};

class JamSession {
public:
    // All times here are of that clock …
    JamSession(const ClientConfig& config, ClientId id, std::function<Instant()> now = monotonic_now);

    // … but for the arrival of datagrams, which is by the audio backend's clock; before the first tick().
    void set_backend_clock(std::function<Instant()> now) { backend_now_ = std::move(now); }

    // What the audio backend calls; lives as long as the session.
    AudioCallback& callback() { return callback_; }

    // Before the backend is started (again), while no callback can run: what the engine knows, and what was
    // received and not yet heard, belongs to the past.
    void before_audio_starts(Instant now);
    // While audio runs, every 20 ms or so.
    void tick(const AudioState& audio, Instant now);
    // After the backend has stopped for good: leaves the server, and takes stock.
    ClientReport finish(const AudioState& audio);

    // How long the others' sound waits before it is heard; the longest of all.
    Duration playout_delay() const;

private:
    void look_for_server(Instant now);
    void connect(const Endpoint& server);
    void fit_engine(FrameCount period);
    void read_statuses(Instant now);
    void retire(std::unique_ptr<PreparedEngine> engine);
    void tell(const std::optional<ConnectionNews>& news) const;
    void note_second(const AudioState& audio, Instant now);
    void tell_status(const AudioState& audio, Instant now);
    void fit_priority(int audio_priority);
    Duration clock_offset() const;

    ClientConfig config_;
    ClientId id_;
    std::function<Instant()> now_;
    std::function<Instant()> backend_now_;
    std::random_device random_;

    AudioCallback callback_;
    NetworkCounters counters_;
    std::unique_ptr<NetworkThread> network_;  // empty: there is no server's address yet
    int network_priority_ = 0;
    bool said_not_realtime_ = false;

    Resolver resolver_;
    std::optional<Instant> last_attempt_;  // to reach the server
    std::uint64_t attempts_ = 0;
    bool said_unresolved_ = false;

    // What the engine that was offered last was built for.
    std::optional<Endpoint> server_;
    FrameCount engine_period_;
    std::optional<Endpoint> engine_server_;

    // clock_offset() when the audio began; empty: it has not.
    std::optional<Duration> clock_offset_at_start_;

    ConnectionWatch watch_;
    EngineStatus status_;  // the engine in use, as last published
    EngineTotals totals_;
    LossSince loss_;
    SecondLog second_log_;
    Instant status_line_due_;
};

}  // namespace rtjam
