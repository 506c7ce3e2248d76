// One room at work: its socket, the timers that it asks for, and what is logged about it.
// Thread: the one that runs the io_context. Realtime-safe: what happens to a datagram is; logging, from
// timers only, is not.
#pragma once

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>
#include <cstddef>
#include <string>

#include "core/base/time.hpp"
#include "core/base/transmit_list.hpp"
#include "core/room/room.hpp"
#include "targets/common/udp_options.hpp"
#include "targets/server/room_report.hpp"
#include "targets/server/udp_room_socket.hpp"

namespace rtjam {

class RoomServer {
public:
    // How long what happened waits to be logged.
    static constexpr Duration event_delay = std::chrono::milliseconds{100};

    RoomServer(asio::io_context& io, UdpSocket socket, const RoomConfig& config, std::size_t number,
               Duration report_interval);
    ~RoomServer();
    RoomServer(const RoomServer&) = delete;
    RoomServer& operator=(const RoomServer&) = delete;

    // The io_context does the rest.
    void start();

    // Logs the events that wait, the counters if they have changed, and a line about each member.
    void report();

    Endpoint local_endpoint() const { return socket_.local_endpoint(); }

private:
    void wait_for_datagrams();
    // Of what waits, as many datagrams as one receive() takes; then timers and other rooms have their turn.
    void handle_batch();
    void watch_expiry();
    void watch_events();
    void schedule_report();
    void write_events();

    std::size_t number_;
    Room room_;
    TransmitList transmits_;  // of a whole batch
    UdpRoomSocket socket_;
    // The room's time, as far as it has come.
    Instant last_arrival_{};
    EventLog event_log_;
    std::string last_counters_;
    Duration report_interval_;
    asio::posix::stream_descriptor readiness_;  // of the socket, which it does not own
    asio::steady_timer expiry_timer_;
    asio::steady_timer event_timer_;
    asio::steady_timer report_timer_;
    bool expiry_watched_ = false;
    bool events_watched_ = false;
};

}  // namespace rtjam
