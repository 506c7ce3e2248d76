// UDP sockets as RTJam wants them: non-blocking, one for IPv4 and IPv6, marked for low delay.
// Realtime-safe: opening is not. Errors: by value, with the system's reason.
#pragma once

#include <string>

#include "core/base/endpoint.hpp"
#include "core/base/expected.hpp"

namespace rtjam {

// Owns the file descriptor.
class UdpSocket {
public:
    UdpSocket(int descriptor, int family) : descriptor_(descriptor), family_(family) {}
    UdpSocket(UdpSocket&& other) noexcept;
    UdpSocket& operator=(UdpSocket&& other) noexcept;
    ~UdpSocket();

    int descriptor() const { return descriptor_; }
    // AF_INET6 or AF_INET: what to_socket_address() wants to know.
    int family() const { return family_; }
    // Where it is bound: tells the port that the system chose for port 0.
    Endpoint local_endpoint() const;

private:
    int descriptor_;
    int family_;
};

struct UdpOptions {
    // 0 = the system's default. The system cuts what is beyond its limit (net.core.rmem_max, wmem_max).
    int receive_buffer_bytes = 0;
    int send_buffer_bytes = 0;
    // The kernel's arrival time, on CLOCK_REALTIME, with each datagram (SCM_TIMESTAMPNS).
    bool receive_timestamps = false;
};

struct SocketError {
    const char* step;  // the call that failed
    int error_number;
};
std::string to_text(const SocketError& error);

// The unspecified IPv6 address (::) listens to IPv4 as well, and to IPv4 alone on a host without IPv6; other
// addresses listen to what they are.
Expected<UdpSocket, SocketError> open_bound_udp(const Endpoint& local, const UdpOptions& options);

// Receives from that remote endpoint only.
Expected<UdpSocket, SocketError> open_connected_udp(const Endpoint& remote, const UdpOptions& options);

// Marks what is sent as expedited forwarding (RFC 3246, DSCP 46, which Wi-Fi and many routers serve first)
// and puts it into the local queue of highest priority that needs no privilege. False if the system took only
// a part of it: nothing then fails but the preference. open_*() have done this already.
bool prefer_low_delay(const UdpSocket& socket);

}  // namespace rtjam
