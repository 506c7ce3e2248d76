#include "targets/server/udp_room_socket.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "targets/common/endpoint_sockaddr.hpp"

namespace rtjam {

namespace {

constexpr std::size_t datagram_size_limit = 65536;  // UDP's length field has 16 bits

bool is_full(int error_number) {
    return error_number == EAGAIN || error_number == ENOBUFS;
}

}  // namespace

UdpRoomSocket::UdpRoomSocket(UdpSocket socket) : socket_(std::move(socket)), buffer_(datagram_size_limit) {}

std::optional<ReceivedDatagram> UdpRoomSocket::receive() {
    SocketAddress from;
    from.size = sizeof from.storage;
    const ssize_t size = recvfrom(socket_.descriptor(), buffer_.data(), buffer_.size(), MSG_DONTWAIT,
                                  reinterpret_cast<sockaddr*>(&from.storage), &from.size);
    if (size < 0) {
        if (errno != EAGAIN) ++counters_.receive_errors;
        return std::nullopt;
    }
    const auto bytes = std::span{buffer_}.first(static_cast<std::size_t>(size));
    return ReceivedDatagram{bytes, to_endpoint(from.storage, from.size)};
}

void UdpRoomSocket::send(std::span<const Transmit> transmits) {
    for (const Transmit& transmit : transmits) {
        const SocketAddress to = to_socket_address(transmit.to, socket_.family());
        const ssize_t size =
            sendto(socket_.descriptor(), transmit.bytes.data(), transmit.bytes.size(),
                   MSG_DONTWAIT | MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&to.storage), to.size);
        if (size >= 0) {
            ++counters_.sent;
        } else {
            ++(is_full(errno) ? counters_.send_full : counters_.send_errors);
        }
    }
}

}  // namespace rtjam
