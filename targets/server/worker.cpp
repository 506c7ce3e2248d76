#include "targets/server/worker.hpp"

#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace rtjam {

namespace {

constexpr Duration turn_interval = std::chrono::milliseconds{100};

int open_eventfd() {
    const int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (descriptor < 0) throw std::system_error(errno, std::system_category(), "eventfd");
    return descriptor;
}

}  // namespace

Worker::Worker() : wake_(io_, open_eventfd()) {}

Worker::~Worker() {
    stop();
}

RoomServer& Worker::add_room(UdpSocket socket, const RoomConfig& config, const DataPathOptions& options) {
    return rooms_.emplace_back(io_, std::move(socket), config, options);
}

void Worker::start() {
    thread_ = std::thread([this] { run(); });
}

bool Worker::post(const WorkerCommand& command) {
    if (!commands_.push(command)) return false;
    // Fails only when the counter is full: then it wakes the worker all the same.
    [[maybe_unused]] const int result = eventfd_write(wake_.native_handle(), 1);
    return true;
}

void Worker::stop() {
    if (!thread_.joinable()) return;
    while (!post({})) std::this_thread::yield();
    thread_.join();
}

void Worker::run() {
    // Signals are the control thread's.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    wait_for_commands();
    schedule_turn();
    for (RoomServer& room : rooms_) room.start();
    io_.run();
}

void Worker::wait_for_commands() {
    wake_.async_wait(asio::posix::descriptor_base::wait_read, [this](const asio::error_code& error) {
        if (error) return;
        eventfd_t count = 0;
        eventfd_read(wake_.native_handle(), &count);
        while (const WorkerCommand* command = commands_.front()) {
            obey(*command);
            commands_.commit_pop();
        }
        wait_for_commands();
    });
}

void Worker::obey(const WorkerCommand& command) {
    switch (command.kind) {
        case WorkerCommand::Kind::set_tempo: {
            RoomServer& server = rooms_[command.room];
            server.room().set_tempo(command.tempo_bpm, server.now());
            return;
        }
        case WorkerCommand::Kind::stop:
            for (RoomServer& room : rooms_) room.drain();
            io_.stop();
            return;
    }
}

void Worker::schedule_turn() {
    turns_.fetch_add(1, std::memory_order_relaxed);
    turn_timer_.expires_after(turn_interval);
    turn_timer_.async_wait([this](const asio::error_code& error) {
        if (!error) schedule_turn();
    });
}

}  // namespace rtjam
