#include "targets/common/endpoint_sockaddr.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace rtjam {

namespace {

constexpr std::size_t interface_offset = 4;

bool is_link_local(const Endpoint& endpoint) {
    return endpoint.address[0] == 0xFE && (endpoint.address[1] & 0xC0) == 0x80;
}

std::uint32_t interface_in(const Endpoint& endpoint) {
    std::uint32_t index = 0;
    for (std::size_t i = 0; i < 4; ++i) index = index << 8 | endpoint.address[interface_offset + i];
    return index;
}

Endpoint from_ipv6(const sockaddr_in6& in) {
    Endpoint endpoint{.port = ntohs(in.sin6_port)};
    std::memcpy(endpoint.address.data(), &in.sin6_addr, endpoint.address.size());
    if (!is_link_local(endpoint)) return endpoint;
    // Somebody else's bytes there would choose the interface of our replies.
    if (interface_in(endpoint) != 0) return Endpoint{};
    for (std::size_t i = 0; i < 4; ++i) {
        endpoint.address[interface_offset + i] = static_cast<std::uint8_t>(in.sin6_scope_id >> (24 - 8 * i));
    }
    return endpoint;
}

sockaddr_in6 to_ipv6(const Endpoint& endpoint) {
    sockaddr_in6 out{};
    out.sin6_family = AF_INET6;
    out.sin6_port = htons(endpoint.port);
    auto address = endpoint.address;
    if (is_link_local(endpoint)) {
        out.sin6_scope_id = interface_in(endpoint);
        std::fill_n(address.begin() + interface_offset, 4, std::uint8_t{0});
    }
    std::memcpy(&out.sin6_addr, address.data(), address.size());
    return out;
}

}  // namespace

SocketAddress to_socket_address(const Endpoint& endpoint, int family) {
    SocketAddress result;
    if (family == AF_INET6) {
        const sockaddr_in6 out = to_ipv6(endpoint);
        std::memcpy(&result.storage, &out, sizeof out);
        result.size = sizeof out;
    } else if (is_ipv4(endpoint)) {
        sockaddr_in out{};
        out.sin_family = AF_INET;
        out.sin_port = htons(endpoint.port);
        std::memcpy(&out.sin_addr, endpoint.address.data() + 12, 4);
        std::memcpy(&result.storage, &out, sizeof out);
        result.size = sizeof out;
    }
    return result;
}

Endpoint to_endpoint(const sockaddr_storage& address, socklen_t size) {
    if (address.ss_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
        sockaddr_in6 in{};
        std::memcpy(&in, &address, sizeof in);
        return from_ipv6(in);
    }
    if (address.ss_family == AF_INET && size >= sizeof(sockaddr_in)) {
        sockaddr_in in{};
        std::memcpy(&in, &address, sizeof in);
        std::array<std::uint8_t, 4> bytes{};
        std::memcpy(bytes.data(), &in.sin_addr, bytes.size());
        return ipv4_endpoint(bytes, ntohs(in.sin_port));
    }
    return Endpoint{};
}

std::string to_text(const Endpoint& endpoint) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const std::string port = ":" + std::to_string(endpoint.port);
    if (is_ipv4(endpoint)) {
        inet_ntop(AF_INET, endpoint.address.data() + 12, text.data(), text.size());
        return text.data() + port;
    }
    const sockaddr_in6 address = to_ipv6(endpoint);
    inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
    std::string result = "[" + std::string{text.data()};
    if (address.sin6_scope_id != 0) result += "%" + std::to_string(address.sin6_scope_id);
    return result + "]" + port;
}

std::optional<Endpoint> parse_address(const std::string& text, std::uint16_t port) {
    std::array<std::uint8_t, 4> ipv4{};
    if (inet_pton(AF_INET, text.c_str(), ipv4.data()) == 1) return ipv4_endpoint(ipv4, port);
    Endpoint endpoint{.port = port};
    if (inet_pton(AF_INET6, text.c_str(), endpoint.address.data()) == 1) return endpoint;
    return std::nullopt;
}

std::optional<Endpoint> parse_endpoint(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0) return std::nullopt;
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
    if (error != std::errc{} || stop != end) return std::nullopt;
    const bool brackets = text.front() == '[' && text[colon - 1] == ']';
    const std::string address = brackets ? text.substr(1, colon - 2) : text.substr(0, colon);
    if (brackets != (address.find(':') != std::string::npos)) return std::nullopt;
    return parse_address(address, port);
}

}  // namespace rtjam
