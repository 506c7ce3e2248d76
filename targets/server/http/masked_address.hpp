// A player's address as everybody may see it: enough to tell networks apart, too little to reach anybody.
// Realtime-safe: no. Any thread.
#pragma once

#include <string>

#include "core/base/endpoint.hpp"

namespace rtjam {

// The first two bytes of an IPv4 address (192.0.*.*), the first 32 bits of an IPv6 one (2001:db8:*), no port.
// A whole /24 or /56 is often one household.
std::string masked_address(const Endpoint& endpoint);

}  // namespace rtjam
