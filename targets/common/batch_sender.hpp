// Sends what a drain has left to send in as few system calls and as few passes through the kernel as it lets
// us: many messages in a call (sendmmsg), many datagrams in a message (see send_plan.hpp).
// Realtime-safe: yes; allocates only in its constructor, and does not block. One thread at a time.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/transmit_list.hpp"
#include "targets/common/control_message.hpp"
#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/send_plan.hpp"

namespace rtjam {

// Since the sender was made. All but the last two count datagrams.
struct SendCounters {
    std::uint64_t sent = 0;
    // Dropped, because the socket's or the interface's queue was full: the newest goes.
    std::uint64_t send_full = 0;
    // Not taken by the system for another reason: no route, a forbidden or impossible address, …
    std::uint64_t send_errors = 0;
    std::uint64_t segmented_messages = 0;  // of more than one datagram
    std::uint64_t segmentation_refusals =
        0;  // of those, not taken as one: each of their datagrams went alone

    friend bool operator==(const SendCounters&, const SendCounters&) = default;
};

// What was not sent to one endpoint.
struct Unsent {
    Endpoint to;
    std::uint32_t datagrams = 0;
    bool full = false;  // for want of room in a queue; otherwise for an error
};

class BatchSender {
public:
    // The most transmits that one send() will get. Without segmentation every datagram is a message.
    BatchSender(std::size_t transmits_max, bool segmentation);

    // Sends them all through the socket, of that family, in the order that SendPlan gives them. What fails to
    // one endpoint is counted, reported by unsent(), and keeps nothing from the others.
    void send(int descriptor, int family, std::span<const Transmit> transmits);

    // Of the last send().
    std::span<const Unsent> unsent() const { return unsent_; }
    const SendCounters& counters() const { return counters_; }
    // False from the start, or since the system has said that it cannot segment for this socket's way out.
    bool segmentation() const { return segmentation_; }

private:
    void describe(std::span<SendPlan::Message> messages, int family);
    void transmit(int descriptor, std::span<mmsghdr> headers);
    // A message that the system has not taken.
    void settle(int descriptor, msghdr& header, std::size_t index, int error_number);
    void send_one_by_one(int descriptor, const msghdr& header, std::size_t index);
    void count_unsent(std::size_t index, std::size_t datagrams, int error_number);

    bool segmentation_;
    SendPlan plan_;
    std::span<SendPlan::Message> messages_;
    std::vector<SocketAddress> addresses_;
    std::vector<ControlBuffer<std::uint16_t>> controls_;
    std::vector<mmsghdr> headers_;
    std::vector<Unsent> unsent_;
    SendCounters counters_;
};

}  // namespace rtjam
