// The whole server: workers with their rooms, and the thread that runs them, which listens to signals and
// writes the log. Errors while it is made: exceptions.
#pragma once

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>

#include "core/base/expected.hpp"
#include "targets/common/capture/capture_file.hpp"
#include "targets/common/service_manager.hpp"
#include "targets/server/config.hpp"
#include "targets/server/recording_control.hpp"
#include "targets/server/room_control.hpp"
#include "targets/server/room_report.hpp"
#include "targets/server/status_service.hpp"
#include "targets/server/turn_watch.hpp"
#include "targets/server/worker.hpp"

namespace rtjam {

// How many threads the rooms get: as many as are asked for, or, for 0, as there are processors; never more
// than there are rooms.
std::size_t worker_count(const ServerConfig& config);

class Server {
public:
    // How long what happened in a room waits to be logged.
    static constexpr Duration event_interval = std::chrono::milliseconds{100};

    // How the configuration is read again, at SIGHUP.
    using ReadConfig = std::function<Expected<ServerConfig, EarlyExit>()>;

    Server(const ServerConfig& config, ReadConfig read_again);

    // Returns after SIGINT or SIGTERM, with everything handled that came before it.
    void run();

private:
    void open_rooms();
    void capture(RoomServer& server, const RoomConfig& room, std::size_t number);
    void wait_for_signals();
    void read_config_again();
    void schedule_watchdog(Duration interval);
    void schedule_events();
    void schedule_report();

    ServerConfig config_;
    ReadConfig read_again_;
    ServiceManager service_manager_;
    asio::io_context io_{1};
    asio::signal_set signals_;
    asio::steady_timer event_timer_;
    asio::steady_timer report_timer_;
    asio::steady_timer watchdog_timer_;
    std::optional<RecordingControl> recordings_;  // outlives the workers, which feed what it keeps
    std::deque<CaptureFile> captures_;            // so do they
    std::deque<Worker> workers_;
    std::deque<RoomReporter> reporters_;  // by the rooms' numbers
    std::optional<TurnWatch> watchdog_turns_;
    std::optional<RoomControl> control_;
    std::optional<StatusService> status_;  // empty without HTTP
};

}  // namespace rtjam
