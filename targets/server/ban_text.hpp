// How a ban is written: 192.0.2.7, 192.0.2.0/24, 2001:db8::/56, or id:4711.
// Realtime-safe: no. Any thread.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/room/ban_list.hpp"

namespace rtjam {

// Empty for anything else. Bits of the address beyond the prefix count for nothing.
std::optional<std::variant<AddressPrefix, ClientId>> parse_ban(const std::string& text);

}  // namespace rtjam
