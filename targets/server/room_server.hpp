// One room at work: its socket, and when it wants a turn without anything having come.
// Thread: the worker's that owns it, unless a line says otherwise. Realtime-safe: yes, once made; all that it
// has to tell goes to its board, for another thread to write and send.
#pragma once

#include <cstddef>

#include "core/base/time.hpp"
#include "core/base/transmit_list.hpp"
#include "core/room/room.hpp"
#include "targets/common/capture/capture_feed.hpp"
#include "targets/common/udp_options.hpp"
#include "targets/server/recording/recording_feed.hpp"
#include "targets/server/room_board.hpp"
#include "targets/server/udp_room_socket.hpp"

namespace rtjam {

class RoomServer {
public:
    // How old what the board shows may be.
    static constexpr Duration show_interval = std::chrono::milliseconds{100};
    // How often a capture has what the room has counted.
    static constexpr Duration totals_interval = std::chrono::seconds{1};
    // What is still handled of the datagrams that wait when the server ends, in batches.
    static constexpr std::size_t drain_batches_max = 64;

    // With segmentation several datagrams to one endpoint leave in one message (see batch_sender.hpp). The
    // door: see room.hpp.
    RoomServer(UdpSocket socket, const RoomConfig& config, bool segmentation, StrangerDoor* door = nullptr);
    RoomServer(const RoomServer&) = delete;
    RoomServer& operator=(const RoomServer&) = delete;

    // Handles as many of the datagrams that wait as one receive() takes; then other rooms have their turn.
    // True if there may be more.
    bool handle_batch();
    // Handles what waits, shows the last state and records no more: the worker ends.
    void drain();

    // When handle_deadline() is due: never later than a member's slot is to be freed or the board is to be
    // renewed.
    Instant next_deadline() const;
    void handle_deadline();

    // What members send goes there too from now on, and no more to the one before, which is closed. Without a
    // feed nothing is recorded. It must live until it is closed.
    void record_to(RecordingFeed* feed);

    // Before the worker runs: what the room is given goes there, too. It must live until the worker has
    // ended.
    void capture_to(CaptureFeed* feed) { capture_ = feed; }

    Room& room() { return room_; }
    // The room's time, now.
    Instant now();
    int descriptor() const { return socket_.descriptor(); }
    // Both for any thread; the board, for one (see room_board.hpp).
    RoomBoard& board() { return board_; }
    Endpoint local_endpoint() const { return socket_.local_endpoint(); }

private:
    void handle(const ReceivedDatagram& datagram);
    void capture(const ReceivedDatagram& datagram);
    void capture_totals();
    void pass_on_events();
    void show();

    Room room_;
    TransmitList transmits_;  // of a whole batch
    UdpRoomSocket socket_;
    RoomBoard board_;
    RecordingFeed* recording_ = nullptr;
    CaptureFeed* capture_ = nullptr;  // nullptr: nothing is captured
    Instant next_totals_{};
    // The room's time, as far as it has come.
    Instant now_{};
    Instant next_show_{};
};

}  // namespace rtjam
