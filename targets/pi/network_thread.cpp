#include "targets/pi/network_thread.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "targets/common/realtime_setup.hpp"
#include "targets/pi/read_together.hpp"

namespace rtjam {
namespace {

constexpr Duration age_max = std::chrono::seconds{1};
// Then what waits to be sent has its turn.
constexpr int received_per_turn_max = 256;

void count_one(std::atomic<std::uint64_t>& counter) {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

Duration duration_of(const timespec& time) {
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

Duration now_of_day() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);  // cannot fail with this clock
    return duration_of(now);
}

// The kernel's stamp, or the given time for a message without one.
Duration stamp_of(msghdr& message, Duration otherwise) {
    for (cmsghdr* control = CMSG_FIRSTHDR(&message); control != nullptr;
         control = CMSG_NXTHDR(&message, control)) {
        if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_TIMESTAMPNS) continue;
        timespec stamp{};
        std::memcpy(&stamp, CMSG_DATA(control), sizeof stamp);
        return duration_of(stamp);
    }
    return otherwise;
}

}  // namespace

Instant arrival_time(Duration stamp_of_day, Duration now_of_day, Instant backend_now) {
    const Duration age = now_of_day - stamp_of_day;
    const bool plausible = age >= Duration{0} && age <= age_max;
    return plausible ? backend_now - age : backend_now;
}

NetworkThread::NetworkThread(UdpSocket socket, AudioCallback& callback, NetworkCounters& counters,
                             std::function<Instant()> backend_now)
    : socket_(std::move(socket)),
      callback_(callback),
      counters_(counters),
      backend_now_(std::move(backend_now)) {
    // What was left for a former server, or while there was none, is too old to be heard.
    while (callback_.outgoing().front() != nullptr) callback_.outgoing().commit_pop();
    thread_ = std::thread{[this] { run(); }};
}

NetworkThread::~NetworkThread() {
    stop_.store(true, std::memory_order_relaxed);
    callback_.outgoing_ready().wake();
    thread_.join();
}

int NetworkThread::set_priority(int priority) {
    return set_realtime_priority(thread_.native_handle(), priority);
}

void NetworkThread::run() {
    std::array<pollfd, 2> waiting{
        {{.fd = socket_.descriptor(), .events = POLLIN, .revents = 0},
         {.fd = callback_.outgoing_ready().descriptor(), .events = POLLIN, .revents = 0}}};
    while (!stop_.load(std::memory_order_relaxed)) {
        if (poll(waiting.data(), waiting.size(), -1) < 0) continue;  // EINTR
        if (waiting[1].revents != 0) {
            // Cleared before the ring is emptied: what comes in between wakes again.
            callback_.outgoing_ready().clear();
            send_all();
        }
        if (waiting[0].revents != 0) receive_all();
    }
}

void NetworkThread::send_all() {
    SpscRing<OutgoingDatagram>& ring = callback_.outgoing();
    for (std::size_t i = 0; i < ring.capacity(); ++i) {
        const OutgoingDatagram* datagram = ring.front();
        if (datagram == nullptr) return;
        const auto sent = send(socket_.descriptor(), datagram->bytes.data(), datagram->size, 0);
        count_one(sent < 0 ? counters_.send_errors : counters_.datagrams_sent);
        ring.commit_pop();
    }
}

void NetworkThread::receive_all() {
    for (int i = 0; i < received_per_turn_max; ++i) {
        ReceivedDatagram* slot = callback_.received().begin_push();
        if (!receive_one(slot != nullptr ? *slot : dropped_)) return;
        if (slot != nullptr) {
            callback_.received().commit_push();
        } else {
            count_one(counters_.receive_ring_full);
        }
    }
}

// False when there is nothing (more) to receive.
bool NetworkThread::receive_one(ReceivedDatagram& datagram) {
    iovec bytes{.iov_base = datagram.bytes.data(), .iov_len = datagram.bytes.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> control{};
    msghdr message{};
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const auto size = recvmsg(socket_.descriptor(), &message, 0);
    if (size < 0) {
        // The report of a send that did not arrive, such as ECONNREFUSED; reading it has cleared it.
        const bool nothing_there = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        if (!nothing_there) count_one(counters_.send_errors);
        return false;
    }
    const auto [of_day, backend_now] = read_together(now_of_day, backend_now_);
    datagram.size = static_cast<std::size_t>(size);
    datagram.arrived = arrival_time(stamp_of(message, of_day), of_day, backend_now);
    return true;
}

}  // namespace rtjam
