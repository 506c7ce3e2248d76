// A thread with the rooms that it owns: nothing of them is shared with other threads but their boards, and
// what others want of them comes as commands through a bounded queue. Thread: the control thread, which makes
// it, unless a line says otherwise. Realtime-safe: what the thread does for a packet is. Errors while it is
// made: exceptions.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <thread>

#include "core/base/spsc_ring.hpp"
#include "core/room/room.hpp"
#include "targets/common/kernel_clock.hpp"
#include "targets/server/file_descriptor.hpp"
#include "targets/server/room_server.hpp"

namespace rtjam {

struct DataPathOptions {
    // How long the first packet waits for others, from its arrival, so that more of them leave together; no
    // packet waits longer for it, and none with 0.
    Duration coalesce{0};
    // Several datagrams to one endpoint in one message, where the system can (see batch_sender.hpp).
    bool segmentation = true;
};

struct WorkerCommand {
    enum class Kind : std::uint8_t {
        apply,   // the settings
        kick,    // the client, and keep it out for so long
        record,  // to that feed, until there is none (see RoomServer::record_to)
        stop     // handle what waits, and end
    };
    Kind kind = Kind::stop;
    std::optional<std::size_t> room{};  // by its place in the worker; empty: all of them
    RoomSettings settings{};
    ClientId client{};
    Duration keep_out{0};
    RecordingFeed* recording = nullptr;
};

class Worker {
public:
    // A worker looks at its commands between two batches: these are for many a second.
    static constexpr std::size_t commands_max = 16;

    explicit Worker(const DataPathOptions& options);
    // Stops it.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // Before start(). The room's place is their number so far. Limits for strangers are for all rooms
    // together.
    RoomServer& add_room(UdpSocket socket, const RoomConfig& config);
    void start();

    // False if the queue is full: the worker does not come to its commands.
    bool post(const WorkerCommand& command);
    // Lets it handle what waits, and returns when it has ended.
    void stop();

    // Grows while the worker runs, at least ten times a second. Any thread.
    std::uint64_t turns() const { return turns_.load(std::memory_order_relaxed); }

private:
    void watch(int descriptor, std::uint64_t mark);
    void run();
    void take_turn();
    std::span<const epoll_event> wait();
    // When the first of the datagrams arrived that wait; empty without any.
    std::optional<Instant> waiting_since(std::span<const epoll_event> events);
    bool handle_rooms(std::span<const epoll_event> events);
    void obey_commands();
    void obey(const WorkerCommand& command);
    static void obey(const WorkerCommand& command, RoomServer& server);
    void handle_deadlines();
    void set_timer();

    DataPathOptions options_;
    std::optional<StrangerDoor> door_;  // of all its rooms; there from the first one on
    std::deque<RoomServer> rooms_;
    SpscRing<WorkerCommand> commands_{commands_max};
    KernelClock clock_;
    FileDescriptor epoll_;
    FileDescriptor wake_;   // an eventfd: commands wait
    FileDescriptor timer_;  // a timerfd: a room's deadline
    std::array<epoll_event, 64> events_{};
    Instant timer_set_to_ = Instant::max();
    bool more_waits_ = false;
    bool stopping_ = false;
    std::atomic<std::uint64_t> turns_{0};
    std::thread thread_;
};

// To the worker of that room, of the server's: room k is the worker k mod their number's. False if its queue
// is full.
bool post_to_room(std::deque<Worker>& workers, std::size_t room, WorkerCommand command);

}  // namespace rtjam
