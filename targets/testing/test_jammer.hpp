// A jammer for tests: one socket on the loopback interface, looping the server time as every client does.
// Thread: any one. Errors: exceptions, which fail the test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/endpoint.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/wire/packet.hpp"
#include "targets/common/udp_options.hpp"

namespace rtjam {

using Datagram = std::vector<std::byte>;

class TestJammer {
public:
    TestJammer(const Endpoint& server, ClientId id);
    TestJammer(const Endpoint& server, ClientId id, const Endpoint& local);

    ClientId id() const { return id_; }
    // What the server has sent last.
    ServerTime looped() const { return looped_; }
    Endpoint local() const { return socket_.local_endpoint(); }
    std::uint64_t bytes_sent() const { return bytes_sent_; }
    std::uint64_t bytes_received() const { return bytes_received_; }

    // The next packet, 128 frames that no other jammer and no other packet of this one has. Returns it.
    Datagram send();
    // With that server time instead of the looped one.
    Datagram send(ServerTime looped);
    // These bytes, as they are.
    void send_raw(std::span<const std::byte> bytes);

    // The next datagram from the server, or empty when none comes in time.
    std::optional<Datagram> receive(Duration timeout);
    // Everything that waits.
    std::vector<Datagram> receive_waiting();
    // Receives until one comes that is a bare header for the last packet sent, and returns that. What else
    // comes before is kept for heard().
    std::optional<PacketHeader> receive_reply();
    // Receives until one comes that is this packet, but for server time and beat.
    bool receive_packet(const Datagram& packet);

    // Sends until the server calls us a member; false if it never does.
    bool join();

    // Audio packets that have come since the last call.
    std::vector<Datagram> heard();

private:
    UdpSocket socket_;
    Endpoint server_;
    ClientId id_;
    SequenceNumber sequence_;
    ServerTime looped_;
    std::uint64_t bytes_sent_ = 0;
    std::uint64_t bytes_received_ = 0;
    std::vector<Datagram> heard_;
};

// The packet as every member but its sender must get it.
bool is_forwarded(std::span<const std::byte> got, std::span<const std::byte> sent);

// One packet either way: both hear the other's, byte for byte, and have a bare header for their own.
bool play_together(TestJammer& one, TestJammer& other);

}  // namespace rtjam
