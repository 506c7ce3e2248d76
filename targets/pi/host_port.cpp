#include "targets/pi/host_port.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace rtjam {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data(), end, port);
    if (error != std::errc{} || last != end || port == 0) return std::nullopt;
    return port;
}

std::optional<HostPort> with_port(std::string_view host, std::string_view port_text) {
    const auto port = parse_port(port_text);
    if (host.empty() || !port) return std::nullopt;
    return HostPort{.host = std::string{host}, .port = *port};
}

std::optional<HostPort> without_port(std::string_view host) {
    if (host.empty()) return std::nullopt;
    return HostPort{.host = std::string{host}};
}

}  // namespace

std::optional<HostPort> parse_host_port(const std::string& text) {
    const std::string_view all{text};
    if (all.starts_with('[')) {
        const auto close = all.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        const auto host = all.substr(1, close - 1);
        const auto rest = all.substr(close + 1);
        if (rest.empty()) return without_port(host);
        if (!rest.starts_with(':')) return std::nullopt;
        return with_port(host, rest.substr(1));
    }
    const auto colons = std::count(all.begin(), all.end(), ':');
    if (colons != 1) return without_port(all);
    const auto colon = all.find(':');
    return with_port(all.substr(0, colon), all.substr(colon + 1));
}

std::string to_text(const HostPort& place) {
    const bool is_ipv6 = place.host.find(':') != std::string::npos;
    const std::string host = is_ipv6 ? "[" + place.host + "]" : place.host;
    return host + ":" + std::to_string(place.port);
}

}  // namespace rtjam
