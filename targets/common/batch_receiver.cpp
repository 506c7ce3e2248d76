#include "targets/common/batch_receiver.hpp"

#include <time.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <optional>

#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/monotonic_clock.hpp"

namespace rtjam {

namespace {

Duration since_epoch(const timespec& time) {
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

// When the kernel got it, on CLOCK_REALTIME.
std::optional<Duration> timestamp_of(msghdr& header) {
    for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr;
         control = CMSG_NXTHDR(&header, control)) {
        if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_TIMESTAMPNS) continue;
        timespec time{};
        std::memcpy(&time, CMSG_DATA(control), sizeof time);
        return since_epoch(time);
    }
    return std::nullopt;
}

}  // namespace

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
        header.msg_control = controls_[i].bytes.data();
        expect(i);
    }
}

BatchReceiver::Batch BatchReceiver::receive(int descriptor, std::size_t count_max) {
    assert(count_max <= datagrams_max);
    const int received =
        recvmmsg(descriptor, headers_.data(), static_cast<unsigned>(count_max), MSG_DONTWAIT, nullptr);
    if (received < 0) return {{}, errno};
    const Instant now = monotonic_now();
    timespec real{};
    clock_gettime(CLOCK_REALTIME, &real);
    const auto count = static_cast<std::size_t>(received);
    for (std::size_t i = 0; i < count; ++i) {
        msghdr& header = headers_[i].msg_hdr;
        const std::size_t size = std::min<std::size_t>(headers_[i].msg_len, datagram_bytes_max);
        // A time service may have set the clock back since: then it has waited for no time.
        const Duration waited = since_epoch(real) - timestamp_of(header).value_or(since_epoch(real));
        received_[i] = {std::span{buffers_[i]}.first(size), to_endpoint(addresses_[i], header.msg_namelen),
                        now - std::max(waited, Duration{0})};
        expect(i);
    }
    return {std::span{received_}.first(count), 0};
}

// The kernel has written over these.
void BatchReceiver::expect(std::size_t index) {
    headers_[index].msg_hdr.msg_namelen = sizeof addresses_[index];
    headers_[index].msg_hdr.msg_controllen = sizeof controls_[index].bytes;
}

}  // namespace rtjam
