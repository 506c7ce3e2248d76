// A part of the address space: all endpoints whose address begins with the same bits, whatever their port.
// Realtime-safe: yes.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>

#include "core/base/endpoint.hpp"

namespace rtjam {

struct AddressPrefix {
    std::array<std::uint8_t, 16> address{};  // as in Endpoint; the bits beyond the prefix are 0
    std::uint8_t bits = 0;                   // of the 128; an IPv4 prefix of n bits has 96 + n

    friend constexpr bool operator==(const AddressPrefix&, const AddressPrefix&) = default;
};

constexpr AddressPrefix prefix_of(const Endpoint& endpoint, std::uint8_t bits) {
    assert(bits <= 128);
    AddressPrefix prefix{endpoint.address, bits};
    for (std::size_t i = 0; i < prefix.address.size(); ++i) {
        const std::size_t kept = bits > 8 * i ? bits - 8 * i : 0;
        if (kept < 8) prefix.address[i] = static_cast<std::uint8_t>(prefix.address[i] & (0xFF00 >> kept));
    }
    return prefix;
}

// What one customer of a network has: a /24 of IPv4, a /56 of IPv6 (RFC 6177).
constexpr AddressPrefix customer_of(const Endpoint& endpoint) {
    return prefix_of(endpoint, is_ipv4(endpoint) ? 96 + 24 : 56);
}

constexpr bool contains(const AddressPrefix& prefix, const Endpoint& endpoint) {
    return prefix_of(endpoint, prefix.bits) == prefix;
}

}  // namespace rtjam
