// Where a datagram comes from or goes to. Ours, so that no socket library's types reach the core.
// Realtime-safe: yes.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>

namespace rtjam {

// An IPv6 address, or an IPv4 address mapped into one (::ffff:a.b.c.d, RFC 4291 section 2.5.5.2), in network
// byte order; and a UDP port in the host's.
struct Endpoint {
    std::array<std::uint8_t, 16> address{};
    std::uint16_t port = 0;

    friend constexpr auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

constexpr Endpoint ipv4_endpoint(std::array<std::uint8_t, 4> address, std::uint16_t port) {
    Endpoint endpoint{.address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, .port = port};
    std::copy(address.begin(), address.end(), endpoint.address.begin() + 12);
    return endpoint;
}

constexpr bool is_ipv4(const Endpoint& endpoint) {
    constexpr std::array<std::uint8_t, 12> prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    return std::equal(prefix.begin(), prefix.end(), endpoint.address.begin());
}

// False for what no honest jammer sends from: port 0, the unspecified address, IPv4 "this network" and
// broadcast (RFC 1122 section 3.2.1.3), and multicast (RFC 5771, RFC 4291 section 2.7).
constexpr bool can_be_replied_to(const Endpoint& endpoint) {
    if (endpoint.port == 0) return false;
    const auto& a = endpoint.address;
    if (is_ipv4(endpoint)) {
        const bool broadcast = a[12] == 255 && a[13] == 255 && a[14] == 255 && a[15] == 255;
        const bool multicast = (a[12] & 0xF0) == 224;
        return a[12] != 0 && !broadcast && !multicast;
    }
    const bool unspecified = std::all_of(a.begin(), a.end(), [](std::uint8_t byte) { return byte == 0; });
    return !unspecified && a[0] != 0xFF;
}

}  // namespace rtjam
