// A thread with the rooms that it owns: nothing of them is shared with other threads but their boards, and
// what others want of them comes as commands through a bounded queue. Thread: the control thread, which makes
// it, unless a line says otherwise. Errors while it is made: exceptions.
#pragma once

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <thread>

#include "core/base/spsc_ring.hpp"
#include "core/room/room.hpp"
#include "targets/server/room_server.hpp"

namespace rtjam {

// To one room of a worker, by its place there.
struct WorkerCommand {
    enum class Kind : std::uint8_t {
        set_tempo,  // to tempo_bpm
        stop        // of all rooms: handle what waits, and end
    };
    Kind kind = Kind::stop;
    std::size_t room = 0;
    double tempo_bpm = 0.0;
};

class Worker {
public:
    // A worker looks at its commands between two batches: these are for many a second.
    static constexpr std::size_t commands_max = 64;

    Worker();
    // Stops it.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // Before start(). The room's place is their number so far.
    RoomServer& add_room(UdpSocket socket, const RoomConfig& config, const DataPathOptions& options);
    void start();

    // False if the queue is full: the worker does not come to its commands.
    bool post(const WorkerCommand& command);
    // Lets it handle what waits, and returns when it has ended.
    void stop();

    // Grows while the worker runs, at least ten times a second. Any thread.
    std::uint64_t turns() const { return turns_.load(std::memory_order_relaxed); }

private:
    void run();
    void wait_for_commands();
    void obey(const WorkerCommand& command);
    void schedule_turn();

    asio::io_context io_{1};
    std::deque<RoomServer> rooms_;
    SpscRing<WorkerCommand> commands_{commands_max};
    asio::posix::stream_descriptor wake_;  // an eventfd: commands wait
    asio::steady_timer turn_timer_{io_};
    std::atomic<std::uint64_t> turns_{0};
    std::thread thread_;
};

}  // namespace rtjam
