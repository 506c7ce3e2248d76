// What the control thread does for HTTP: it puts the server's status together, hands it to the HTTP thread,
// and carries out what an administrator orders there. Thread: the control thread. Realtime-safe: no. Errors
// while it is made: exceptions.
#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <deque>
#include <memory>

#include "core/base/endpoint.hpp"
#include "targets/server/http/http_server.hpp"
#include "targets/server/http/status_keeper.hpp"
#include "targets/server/room_control.hpp"
#include "targets/server/turn_watch.hpp"

namespace rtjam {

class StatusService {
public:
    // How old what HTTP shows may be, besides the boards' own age.
    static constexpr Duration publish_interval = std::chrono::milliseconds{250};
    // The server is healthy while all workers were seen to come round within this time.
    static constexpr Duration turn_age_max = std::chrono::seconds{5};

    // All that it refers to outlives it.
    StatusService(asio::io_context& io, const std::deque<Worker>& workers, RoomControl& control,
                  const Endpoint& where, Site site);

    // Before start(), by the rooms' numbers.
    void add_room(RoomBoard& board, const RoomStatus& room) { keeper_.add_room(board, room); }
    void start();
    void stop() { http_.stop(); }

private:
    AdminResult obey(const AdminOrder& order);
    bool has(const KickOrder& order) const;
    void publish();
    void schedule();

    RoomControl& control_;
    StatusKeeper keeper_;
    std::shared_ptr<const ServerStatus> published_;
    TurnWatch turn_watch_;
    Instant last_turned_;
    asio::steady_timer timer_;
    HttpServer http_;
};

}  // namespace rtjam
