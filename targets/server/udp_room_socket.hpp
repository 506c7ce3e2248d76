// A room's way to the network: one datagram in, what the room answers out.
// Realtime-safe: yes after construction: it neither blocks nor allocates. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/endpoint.hpp"
#include "core/base/transmit_list.hpp"
#include "targets/common/udp_options.hpp"

namespace rtjam {

// Since the socket was made.
struct SocketCounters {
    std::uint64_t sent = 0;
    // Dropped, because the socket's or the interface's queue was full: the newest goes.
    std::uint64_t send_full = 0;
    // Not taken by the system for another reason: no route, a forbidden or impossible address, …
    std::uint64_t send_errors = 0;
    std::uint64_t receive_errors = 0;

    friend bool operator==(const SocketCounters&, const SocketCounters&) = default;
};

// The bytes are good until the next receive().
struct ReceivedDatagram {
    std::span<std::byte> bytes;
    Endpoint from;
};

class UdpRoomSocket {
public:
    explicit UdpRoomSocket(UdpSocket socket);

    // Empty when nothing waits, and after an error, which is counted.
    std::optional<ReceivedDatagram> receive();

    // Sends them all, in their order; what fails is counted and does not keep the others from being sent.
    void send(std::span<const Transmit> transmits);

    int descriptor() const { return socket_.descriptor(); }
    Endpoint local_endpoint() const { return socket_.local_endpoint(); }
    const SocketCounters& counters() const { return counters_; }

private:
    UdpSocket socket_;
    // Larger than any datagram, so that none is cut to a size that the parser would take.
    std::vector<std::byte> buffer_;
    SocketCounters counters_;
};

}  // namespace rtjam
