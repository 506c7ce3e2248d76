#include "targets/server/udp_room_socket.hpp"

#include <cerrno>
#include <utility>

#include "targets/common/monotonic_clock.hpp"

namespace rtjam {

UdpRoomSocket::UdpRoomSocket(UdpSocket socket, std::size_t transmits_max, bool segmentation)
    : socket_(std::move(socket)), sender_(transmits_max, segmentation) {}

std::span<const ReceivedDatagram> UdpRoomSocket::receive(std::size_t count_max) {
    const BatchReceiver::Batch batch = receiver_.receive(socket_.descriptor(), count_max);
    if (batch.error_number != 0 && batch.error_number != EAGAIN) ++receive_errors_;
    received_ = batch.datagrams;
    return received_;
}

void UdpRoomSocket::send(std::span<const Transmit> transmits) {
    sender_.send(socket_.descriptor(), socket_.family(), transmits);
    const Instant now = monotonic_now();
    for (const ReceivedDatagram& datagram : std::exchange(received_, {}))
        residence_.add(now - datagram.arrived);
}

}  // namespace rtjam
