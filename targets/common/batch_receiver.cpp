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

// Both clocks at once, to say on the one what the kernel has stamped by the other.
struct Clocks {
    Instant monotonic = monotonic_now();
    Duration real = [] {
        timespec time{};
        clock_gettime(CLOCK_REALTIME, &time);
        return since_epoch(time);
    }();

    // A time service may have set the clock back since: then it has waited for no time.
    Instant arrival(msghdr& header) const {
        return monotonic - std::max(real - timestamp_of(header).value_or(real), Duration{0});
    }
};

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
    const Clocks now;
    const auto count = static_cast<std::size_t>(received);
    for (std::size_t i = 0; i < count; ++i) {
        msghdr& header = headers_[i].msg_hdr;
        const std::size_t size = std::min<std::size_t>(headers_[i].msg_len, datagram_bytes_max);
        received_[i] = {std::span{buffers_[i]}.first(size), to_endpoint(addresses_[i], header.msg_namelen),
                        now.arrival(header)};
        expect(i);
    }
    return {std::span{received_}.first(count), 0};
}

std::optional<Instant> BatchReceiver::waiting_since(int descriptor) {
    Control control;
    msghdr header{};
    header.msg_control = control.bytes.data();
    header.msg_controllen = control.bytes.size();
    if (recvmsg(descriptor, &header, MSG_PEEK | MSG_DONTWAIT) < 0) return std::nullopt;
    return Clocks{}.arrival(header);
}

// The kernel has written over these.
void BatchReceiver::expect(std::size_t index) {
    headers_[index].msg_hdr.msg_namelen = sizeof addresses_[index];
    headers_[index].msg_hdr.msg_controllen = sizeof controls_[index].bytes;
}

}  // namespace rtjam
