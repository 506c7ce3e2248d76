// What one drain of the socket has left to send, put together by destination: packets for the same endpoint
// become one message of UDP generic segmentation offload (GSO, linux/udp.h UDP_SEGMENT), which the kernel
// carries through its whole stack once and cuts into datagrams at the end. Nothing is copied: a message is a
// list of spans into the buffers that the transmits point to.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/endpoint.hpp"
#include "core/base/transmit_list.hpp"

namespace rtjam {

class SendPlan {
public:
    // The kernel's limits: UDP_MAX_SEGMENTS was 64 before Linux 6.9, and a message is at most as long as an
    // IPv4 datagram, 65,535 bytes with its headers.
    static constexpr std::size_t segments_max = 64;
    static constexpr std::size_t message_bytes_max = 65'000;

    // Datagrams of segment_bytes each to one endpoint, in their order; the last one may be shorter. With one
    // datagram it is an ordinary message.
    struct Message {
        Endpoint to;
        std::span<iovec> datagrams;
        std::size_t segment_bytes = 0;
    };

    enum class Grouping : std::uint8_t {
        by_destination,
        none  // each transmit is a message, in their order
    };

    // The most transmits that one make() will get.
    explicit SendPlan(std::size_t transmits_max);

    // For each endpoint the packets of one size keep their order, so that no sender's packets overtake each
    // other; of packets of different sizes the longer ones go first, because only the last datagram of a
    // message may be shorter. The result is good until the next make(), as long as the transmits' bytes are.
    std::span<Message> make(std::span<const Transmit> transmits, Grouping grouping);

private:
    struct Destination {
        Endpoint to;
        std::uint32_t count = 0;
        std::uint32_t first = 0;  // of its datagrams
        std::uint32_t slot = 0;
    };

    std::uint32_t destination_of(const Endpoint& endpoint);
    void place_datagrams(std::span<const Transmit> transmits);
    void add_messages(const Endpoint& to, std::span<iovec> datagrams);

    std::vector<Destination> destinations_;
    // Which destination each transmit belongs to.
    std::vector<std::uint32_t> destination_of_transmit_;
    // Open addressing, at most half full: a destination's number + 1, or 0.
    std::vector<std::uint32_t> slots_;
    std::vector<iovec> datagrams_;
    std::vector<Message> messages_;
};

}  // namespace rtjam
