// Between the core's Endpoint, the operating system's socket addresses, and text.
// Realtime-safe: the socket address conversions are; the ones from and to text allocate. Any thread.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/endpoint.hpp"

namespace rtjam {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

// For a socket of that family. A link-local IPv6 endpoint (fe80::/10) carries the number of its interface in
// bytes 4 to 7 of the address, which are zero on the wire (RFC 4291 section 2.5.6): without it no reply
// could be sent. An IPv6 address for an AF_INET socket gives size 0, with which every send fails.
SocketAddress to_socket_address(const Endpoint& endpoint, int family);

// Endpoint{}, which cannot be replied to, for what is neither an IPv4 nor an IPv6 address and for a
// link-local address with something where the interface's number goes.
Endpoint to_endpoint(const sockaddr_storage& address, socklen_t size);

// 192.0.2.1:7891, [2001:db8::1]:7891, [fe80::1%3]:7891
std::string to_text(const Endpoint& endpoint);

// A numeric IPv4 or IPv6 address, without brackets, port or interface; empty for anything else.
std::optional<Endpoint> parse_address(const std::string& text, std::uint16_t port);

// As to_text() writes it, but for the interface: 192.0.2.1:7891, [2001:db8::1]:7891; empty for anything else.
std::optional<Endpoint> parse_endpoint(const std::string& text);

}  // namespace rtjam
