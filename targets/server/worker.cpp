#include "targets/server/worker.hpp"

#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <time.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "targets/common/monotonic_clock.hpp"

namespace rtjam {

namespace {

// What an event is about: a room's place, or one of these.
constexpr std::uint64_t wake_mark = UINT64_MAX;
constexpr std::uint64_t timer_mark = UINT64_MAX - 1;

timespec to_timespec(Duration duration) {
    return {.tv_sec = duration.count() / 1'000'000'000, .tv_nsec = duration.count() % 1'000'000'000};
}

// Asleep, and not waiting at the sockets: each packet would wake us.
void sleep_until(Instant deadline) {
    const timespec time = to_timespec(deadline.time_since_epoch());
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr);
}

}  // namespace

Worker::Worker(const DataPathOptions& options)
    : options_(options),
      epoll_(epoll_create1(EPOLL_CLOEXEC), "epoll_create1"),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd"),
      timer_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd_create") {
    watch(wake_.get(), wake_mark);
    watch(timer_.get(), timer_mark);
}

Worker::~Worker() {
    stop();
}

RoomServer& Worker::add_room(UdpSocket socket, const RoomConfig& config) {
    if (!door_) door_.emplace(config.cookie_key);
    RoomServer& room = rooms_.emplace_back(std::move(socket), config, options_.segmentation, &*door_);
    watch(room.descriptor(), rooms_.size() - 1);
    return room;
}

void Worker::watch(int descriptor, std::uint64_t mark) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = mark;
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) != 0) {
        throw std::system_error(errno, std::system_category(), "epoll_ctl");
    }
}

void Worker::start() {
    thread_ = std::thread([this] { run(); });
}

bool Worker::post(const WorkerCommand& command) {
    if (!commands_.push(command)) return false;
    // Fails only when the counter is full: then it wakes the worker all the same.
    [[maybe_unused]] const int result = eventfd_write(wake_.get(), 1);
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
    prctl(PR_SET_TIMERSLACK, 1UL);  // a wait to coalesce ends when it should
    while (!stopping_) take_turn();
}

void Worker::take_turn() {
    turns_.fetch_add(1, std::memory_order_relaxed);
    set_timer();
    const auto events = wait();
    if (options_.coalesce > Duration{0} && !more_waits_) {
        if (const auto since = waiting_since(events)) sleep_until(*since + options_.coalesce);
    }
    more_waits_ = handle_rooms(events);
    for (const epoll_event& event : events) {
        if (event.data.u64 == wake_mark) obey_commands();
        if (event.data.u64 == timer_mark) handle_deadlines();
    }
}

std::span<const epoll_event> Worker::wait() {
    const int count = epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), -1);
    return std::span{events_}.first(static_cast<std::size_t>(std::max(count, 0)));
}

std::optional<Instant> Worker::waiting_since(std::span<const epoll_event> events) {
    std::optional<Instant> first;
    for (const epoll_event& event : events) {
        if (event.data.u64 >= rooms_.size()) continue;
        const auto since = clock_.waiting_since(rooms_[event.data.u64].descriptor());
        if (since) first = std::min(first.value_or(*since), *since);
    }
    return first;
}

bool Worker::handle_rooms(std::span<const epoll_event> events) {
    bool more_waits = false;
    for (const epoll_event& event : events) {
        if (event.data.u64 < rooms_.size() && rooms_[event.data.u64].handle_batch()) more_waits = true;
    }
    return more_waits;
}

void Worker::obey_commands() {
    eventfd_t count = 0;
    eventfd_read(wake_.get(), &count);
    while (const WorkerCommand* command = commands_.front()) {
        obey(*command);
        commands_.commit_pop();
    }
}

void Worker::obey(const WorkerCommand& command) {
    if (command.kind == WorkerCommand::Kind::stop) stopping_ = true;
    for (std::size_t i = 0; i < rooms_.size(); ++i) {
        if (command.room.value_or(i) == i) obey(command, rooms_[i]);
    }
}

void Worker::obey(const WorkerCommand& command, RoomServer& server) {
    switch (command.kind) {
        case WorkerCommand::Kind::apply:
            server.room().apply(command.settings, server.now());
            return;
        case WorkerCommand::Kind::kick:
            server.room().kick(command.client, command.keep_out, server.now());
            return;
        case WorkerCommand::Kind::record:
            server.record_to(command.recording);
            return;
        case WorkerCommand::Kind::stop:
            server.drain();
            return;
    }
}

void Worker::handle_deadlines() {
    std::uint64_t expirations = 0;
    [[maybe_unused]] const auto bytes = read(timer_.get(), &expirations, sizeof expirations);
    timer_set_to_ = Instant::max();
    const Instant now = monotonic_now();
    for (RoomServer& room : rooms_) {
        if (room.next_deadline() <= now) room.handle_deadline();
    }
}

// Not for a deadline that moves away: packets do that all the time, and a timer that ends too early is set
// anew.
void Worker::set_timer() {
    Instant first = Instant::max();
    for (const RoomServer& room : rooms_) first = std::min(first, room.next_deadline());
    if (first >= timer_set_to_) return;
    timer_set_to_ = first;
    itimerspec setting{};
    setting.it_value = to_timespec(std::max(first.time_since_epoch(), Duration{1}));  // 0 would mean never
    timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &setting, nullptr);
}

bool post_to_room(std::deque<Worker>& workers, std::size_t room, WorkerCommand command) {
    command.room = room / workers.size();
    return workers[room % workers.size()].post(command);
}

}  // namespace rtjam
