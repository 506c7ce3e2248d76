#include "targets/common/batch_receiver.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>

#include "targets/common/endpoint_sockaddr.hpp"

namespace rtjam {

BatchReceiver::BatchReceiver()
    : buffers_(datagrams_max),
      addresses_(datagrams_max),
      controls_(datagrams_max),
      vectors_(datagrams_max),
      headers_(datagrams_max),
      received_(datagrams_max) {
    for (std::size_t i = 0; i < datagrams_max; ++i) {
        vectors_[i] = {buffers_[i].data(), buffers_[i].size()};
        msghdr& header = headers_[i].msg_hdr;
        header.msg_name = &addresses_[i];
        header.msg_iov = &vectors_[i];
        header.msg_iovlen = 1;
        expect(i);
    }
}

BatchReceiver::Batch BatchReceiver::receive(int descriptor, std::size_t count_max) {
    assert(count_max <= datagrams_max);
    const int received =
        recvmmsg(descriptor, headers_.data(), static_cast<unsigned>(count_max), MSG_DONTWAIT, nullptr);
    if (received < 0) return {{}, errno};
    clock_.look();
    const auto count = static_cast<std::size_t>(received);
    for (std::size_t i = 0; i < count; ++i) {
        msghdr& header = headers_[i].msg_hdr;
        const std::size_t size = std::min<std::size_t>(headers_[i].msg_len, datagram_bytes_max);
        received_[i] = {std::span{buffers_[i]}.first(size), to_endpoint(addresses_[i], header.msg_namelen),
                        clock_.arrival(header)};
        expect(i);
    }
    return {std::span{received_}.first(count), 0};
}

// The kernel has written over these.
void BatchReceiver::expect(std::size_t index) {
    headers_[index].msg_hdr.msg_namelen = sizeof addresses_[index];
    controls_[index].attach_to(headers_[index].msg_hdr);
}

}  // namespace rtjam
