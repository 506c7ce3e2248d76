#include "targets/pi/network_thread.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "targets/common/control_message.hpp"
#include "targets/common/realtime_setup.hpp"

namespace rtjam {
namespace {

// The kernel's stamps are not believed beyond.
constexpr Duration age_max = std::chrono::seconds{1};
// Then what waits to be sent has its turn.
constexpr int received_per_turn_max = 256;

void count_one(std::atomic<std::uint64_t>& counter) {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace

NetworkThread::NetworkThread(UdpSocket socket, AudioCallback& callback, NetworkCounters& counters,
                             std::function<Instant()> backend_now)
    : socket_(std::move(socket)),
      callback_(callback),
      counters_(counters),
      clock_(std::move(backend_now), age_max) {
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
    ControlBuffer<timespec> control;
    msghdr message{};
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    control.attach_to(message);
    const auto size = recvmsg(socket_.descriptor(), &message, 0);
    if (size < 0) {
        // The report of a send that did not arrive, such as ECONNREFUSED; reading it has cleared it.
        const bool nothing_there = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        if (!nothing_there) count_one(counters_.send_errors);
        return false;
    }
    clock_.look();
    datagram.size = static_cast<std::size_t>(size);
    datagram.arrived = clock_.arrival(message);
    return true;
}

}  // namespace rtjam
