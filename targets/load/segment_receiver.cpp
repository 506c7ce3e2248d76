#include "targets/load/segment_receiver.hpp"

#include <netinet/in.h>
#include <netinet/udp.h>

#include <algorithm>

#include "targets/common/endpoint_sockaddr.hpp"

namespace rtjam {

namespace {

// Of the datagrams in the message; a message of one datagram does not say.
std::size_t segment_bytes_of(msghdr& header, std::size_t message_bytes) {
    const auto bytes = find_control<int>(header, {SOL_UDP, UDP_GRO});
    return bytes ? static_cast<std::size_t>(std::max(*bytes, 1)) : message_bytes;
}

}  // namespace

SegmentReceiver::SegmentReceiver() : buffer_(messages_max * message_bytes_max) {
    received_.reserve(messages_max * segments_max);
    for (std::size_t i = 0; i < messages_max; ++i) {
        vectors_[i] = {&buffer_[i * message_bytes_max], message_bytes_max};
        msghdr& header = headers_[i].msg_hdr;
        header.msg_name = &addresses_[i];
        header.msg_iov = &vectors_[i];
        header.msg_iovlen = 1;
    }
}

bool SegmentReceiver::prepare(int descriptor) {
    const int on = 1;
    return setsockopt(descriptor, SOL_UDP, UDP_GRO, &on, sizeof on) == 0;
}

std::span<const ReceivedDatagram> SegmentReceiver::receive(int descriptor) {
    received_.clear();
    for (std::size_t i = 0; i < messages_max; ++i) {
        headers_[i].msg_hdr.msg_namelen = sizeof addresses_[i];
        controls_[i].attach_to(headers_[i].msg_hdr);
    }
    const int count = recvmmsg(descriptor, headers_.data(), messages_max, MSG_DONTWAIT, nullptr);
    clock_.look();
    for (int i = 0; i < count; ++i) cut(static_cast<std::size_t>(i));
    return received_;
}

void SegmentReceiver::cut(std::size_t message) {
    msghdr& header = headers_[message].msg_hdr;
    const std::size_t bytes = headers_[message].msg_len;
    const std::size_t segment_bytes = segment_bytes_of(header, bytes);
    const Endpoint from = to_endpoint(addresses_[message], header.msg_namelen);
    const Instant arrived = clock_.arrival(header);
    auto rest = std::span{buffer_}.subspan(message * message_bytes_max, bytes);
    do {
        const auto datagram = rest.first(std::min(segment_bytes, rest.size()));
        if (received_.size() < received_.capacity()) received_.push_back({datagram, from, arrived});
        rest = rest.subspan(datagram.size());
    } while (!rest.empty());
}

}  // namespace rtjam
