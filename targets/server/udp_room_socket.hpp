// A room's way to the network: what waits at its socket in, what the room answers out, both in batches.
// Realtime-safe: yes after construction: it neither blocks nor allocates. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/duration_histogram.hpp"
#include "core/base/endpoint.hpp"
#include "core/base/transmit_list.hpp"
#include "targets/common/batch_receiver.hpp"
#include "targets/common/batch_sender.hpp"
#include "targets/common/udp_options.hpp"

namespace rtjam {

// Since the socket was made.
struct SocketCounters {
    SendCounters send;
    std::uint64_t receive_errors = 0;
    // From a datagram's arrival in the kernel until all that it led to was sent.
    DurationHistogram residence;
};

class UdpRoomSocket {
public:
    // The most transmits that one send() will get; see batch_sender.hpp.
    UdpRoomSocket(UdpSocket socket, std::size_t transmits_max, bool segmentation);

    // What waits, at most that many; empty when nothing does, and after an error, which is counted.
    std::span<const ReceivedDatagram> receive(std::size_t count_max = BatchReceiver::datagrams_max);

    // Sends them all, and with them ends the residence of what the last receive() has given; what fails is
    // counted and does not keep the others from being sent.
    void send(std::span<const Transmit> transmits);
    // Of the last send().
    std::span<const Unsent> unsent() const { return sender_.unsent(); }

    int descriptor() const { return socket_.descriptor(); }
    Endpoint local_endpoint() const { return socket_.local_endpoint(); }
    SocketCounters counters() const { return {sender_.counters(), receive_errors_, residence_}; }

private:
    UdpSocket socket_;
    BatchReceiver receiver_;
    BatchSender sender_;
    std::span<const ReceivedDatagram> received_;
    std::uint64_t receive_errors_ = 0;
    DurationHistogram residence_;
};

}  // namespace rtjam
