#include "targets/common/udp_options.hpp"

#include <netinet/in.h>
#include <netinet/ip.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "targets/common/endpoint_sockaddr.hpp"

namespace rtjam {

namespace {

constexpr int dscp_expedited_forwarding = 46;
constexpr int priority_interactive = 6;  // the highest that SO_PRIORITY takes without CAP_NET_ADMIN

Unexpected<SocketError> failed(const char* step) {
    return Unexpected{SocketError{step, errno}};
}

bool set_option(int descriptor, int level, int name, int value) {
    return setsockopt(descriptor, level, name, &value, sizeof value) == 0;
}

// A server that was kept from running for a moment finds its packets waiting only as far as the buffer holds
// them: whoever may, sets it beyond the machine's limit (socket(7), SO_RCVBUFFORCE).
bool set_buffer(int descriptor, int forced, int limited, int bytes) {
    return set_option(descriptor, SOL_SOCKET, forced, bytes) ||
           set_option(descriptor, SOL_SOCKET, limited, bytes);
}

Expected<UdpSocket, SocketError> open_udp(int family, const UdpOptions& options) {
    const int descriptor = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
    if (descriptor < 0) return failed("socket");
    UdpSocket result{descriptor, family};
    if (family == AF_INET6 && !set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 0)) {
        return failed("IPV6_V6ONLY");
    }
    if (options.receive_buffer_bytes > 0 &&
        !set_buffer(descriptor, SO_RCVBUFFORCE, SO_RCVBUF, options.receive_buffer_bytes)) {
        return failed("SO_RCVBUF");
    }
    if (options.send_buffer_bytes > 0 &&
        !set_buffer(descriptor, SO_SNDBUFFORCE, SO_SNDBUF, options.send_buffer_bytes)) {
        return failed("SO_SNDBUF");
    }
    if (options.receive_timestamps && !set_option(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, 1)) {
        return failed("SO_TIMESTAMPNS");
    }
    prefer_low_delay(result);
    return result;
}

Expected<UdpSocket, SocketError> open_bound(const Endpoint& local, int family, const UdpOptions& options) {
    auto result = open_udp(family, options);
    if (!result) return result;
    const SocketAddress address = to_socket_address(local, family);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address.storage);
    if (bind(result->descriptor(), generic, address.size) != 0) return failed("bind");
    return result;
}

}  // namespace

UdpSocket::UdpSocket(UdpSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), family_(other.family_) {}

UdpSocket& UdpSocket::operator=(UdpSocket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(family_, other.family_);
    return *this;
}

UdpSocket::~UdpSocket() {
    if (descriptor_ >= 0) close(descriptor_);
}

Endpoint UdpSocket::local_endpoint() const {
    SocketAddress address;
    address.size = sizeof address.storage;
    if (getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address.storage), &address.size) != 0)
        return {};
    return to_endpoint(address.storage, address.size);
}

std::string to_text(const SocketError& error) {
    return std::system_category().message(error.error_number) + " (" + error.step + ")";
}

Expected<UdpSocket, SocketError> open_bound_udp(const Endpoint& local, const UdpOptions& options) {
    if (is_ipv4(local)) return open_bound(local, AF_INET, options);
    auto result = open_bound(local, AF_INET6, options);
    if (result || local.address != Endpoint{}.address) return result;
    const int error = result.error().error_number;
    const bool without_ipv6 = error == EAFNOSUPPORT || error == EADDRNOTAVAIL;
    if (!without_ipv6) return result;
    return open_bound(ipv4_endpoint({0, 0, 0, 0}, local.port), AF_INET, options);
}

Expected<UdpSocket, SocketError> open_connected_udp(const Endpoint& remote, const UdpOptions& options) {
    const int family = is_ipv4(remote) ? AF_INET : AF_INET6;
    auto result = open_udp(family, options);
    if (!result) return result;
    const SocketAddress address = to_socket_address(remote, family);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address.storage);
    if (connect(result->descriptor(), generic, address.size) != 0) return failed("connect");
    return result;
}

bool prefer_low_delay(const UdpSocket& socket) {
    const int traffic_class = dscp_expedited_forwarding << 2;
    const int descriptor = socket.descriptor();
    // An IPv6 socket needs IP_TOS too, for what it sends to IPv4. IP_TOS sets the priority by the way, to
    // something lower: SO_PRIORITY comes last.
    bool all = set_option(descriptor, IPPROTO_IP, IP_TOS, traffic_class);
    if (socket.family() == AF_INET6) {
        all = set_option(descriptor, IPPROTO_IPV6, IPV6_TCLASS, traffic_class) && all;
    }
    return set_option(descriptor, SOL_SOCKET, SO_PRIORITY, priority_interactive) && all;
}

}  // namespace rtjam
