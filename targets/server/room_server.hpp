// One room at work: its socket, and the timers that it asks for.
// Thread: the one that runs the io_context. Realtime-safe: yes, once started; all that it has to tell goes to
// its board, for another thread to write and send.
#pragma once

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>
#include <cstddef>

#include "core/base/time.hpp"
#include "core/base/transmit_list.hpp"
#include "core/room/room.hpp"
#include "targets/common/udp_options.hpp"
#include "targets/server/room_board.hpp"
#include "targets/server/udp_room_socket.hpp"

namespace rtjam {

struct DataPathOptions {
    // How long the first datagram that comes to an idle socket waits for others, so that more of them leave
    // together; none waits with 0.
    Duration coalesce{0};
    // Several datagrams to one endpoint in one message, where the system can (see batch_sender.hpp).
    bool segmentation = true;
};

class RoomServer {
public:
    // How old what the board shows may be.
    static constexpr Duration show_interval = std::chrono::milliseconds{100};
    // What is still handled of the datagrams that wait when the server ends, in batches.
    static constexpr std::size_t drain_batches_max = 64;

    RoomServer(asio::io_context& io, UdpSocket socket, const RoomConfig& config,
               const DataPathOptions& options);
    ~RoomServer();
    RoomServer(const RoomServer&) = delete;
    RoomServer& operator=(const RoomServer&) = delete;

    // The io_context does the rest.
    void start();
    // Handles what waits and shows the last state. The io_context may then stop.
    void drain();

    Room& room() { return room_; }
    // The room's time, now.
    Instant now();
    // Everything but this is for the io_context's thread only.
    RoomBoard& board() { return board_; }
    Endpoint local_endpoint() const { return socket_.local_endpoint(); }

private:
    void wait_for_datagrams();
    void handle_later();
    // Of what waits, as many datagrams as one receive() takes; then timers and other rooms have their turn.
    // True if there may be more.
    bool handle_batch();
    void finish_batch();
    void watch_expiry();
    void schedule_show();
    void show();

    Room room_;
    TransmitList transmits_;  // of a whole batch
    UdpRoomSocket socket_;
    Duration coalesce_;
    RoomBoard board_;
    // The room's time, as far as it has come.
    Instant now_{};
    asio::posix::stream_descriptor readiness_;  // of the socket, which it does not own
    asio::steady_timer coalesce_timer_;
    asio::steady_timer expiry_timer_;
    asio::steady_timer show_timer_;
    bool expiry_watched_ = false;
};

}  // namespace rtjam
