#include "targets/server/ban_text.hpp"

#include <charconv>
#include <cstdint>
#include <string_view>

#include "targets/common/endpoint_sockaddr.hpp"

namespace rtjam {

namespace {

std::optional<std::uint32_t> parse_number(std::string_view text) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace

std::optional<std::variant<AddressPrefix, ClientId>> parse_ban(const std::string& text) {
    constexpr std::string_view id_mark = "id:";
    if (text.starts_with(id_mark)) {
        const auto id = parse_number(std::string_view{text}.substr(id_mark.size()));
        if (!id) return std::nullopt;
        return ClientId{*id};
    }
    const std::size_t slash = text.find('/');
    const auto endpoint = parse_address(text.substr(0, slash), 0);
    if (!endpoint) return std::nullopt;
    // An IPv4 address is the last 32 bits of a mapped one.
    const std::uint32_t bits_max = is_ipv4(*endpoint) ? 32 : 128;
    std::uint32_t bits = bits_max;
    if (slash != std::string::npos) {
        const auto number = parse_number(std::string_view{text}.substr(slash + 1));
        if (!number || *number > bits_max) return std::nullopt;
        bits = *number;
    }
    return prefix_of(*endpoint, static_cast<std::uint8_t>(128 - bits_max + bits));
}

}  // namespace rtjam
