// The server's place as a person types it.
// Realtime-safe: no. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace rtjam {

inline constexpr std::uint16_t default_server_port = 7891;

struct HostPort {
    std::string host;  // a name or a numeric address, without brackets
    std::uint16_t port = default_server_port;
};

// HOST, HOST:PORT, [IPV6], [IPV6]:PORT, or a bare IPv6 address, which has no port because its colons are its
// own. Empty for anything else: no host, a port that is not 1 to 65535, what follows a bracket.
std::optional<HostPort> parse_host_port(const std::string& text);

// As it would be typed, with the port.
std::string to_text(const HostPort& place);

}  // namespace rtjam
