// Takes what waits at a socket with UDP_GRO (linux/udp.h): datagrams of one size that a sender has let the
// kernel cut, on this machine or in its network card, come uncut in one message, and receiving costs the
// kernel once. Realtime-safe: yes; allocates only in its constructor, and does not block. One thread at a
// time.
#pragma once

#include <sys/socket.h>
#include <time.h>

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "targets/common/batch_receiver.hpp"
#include "targets/common/control_message.hpp"
#include "targets/common/kernel_clock.hpp"

namespace rtjam {

class SegmentReceiver {
public:
    static constexpr std::size_t messages_max = 16;
    static constexpr std::size_t message_bytes_max = 65'536;
    static constexpr std::size_t segments_max = 64;  // UDP_MAX_SEGMENTS before Linux 6.9

    SegmentReceiver();
    SegmentReceiver(const SegmentReceiver&) = delete;  // its headers point into it
    SegmentReceiver& operator=(const SegmentReceiver&) = delete;

    // Lets the socket receive so. False if the system does not know it.
    static bool prepare(int descriptor);

    // The datagrams of at most messages_max messages, in their order; each has arrived when its message has.
    // Empty when nothing waits, and after an error.
    std::span<const ReceivedDatagram> receive(int descriptor);

private:
    void cut(std::size_t message);

    std::vector<std::byte> buffer_;
    std::array<sockaddr_storage, messages_max> addresses_{};
    std::array<ControlBuffer<timespec, int>, messages_max> controls_{};  // its arrival, and UDP_GRO
    std::array<iovec, messages_max> vectors_{};
    std::array<mmsghdr, messages_max> headers_{};
    std::vector<ReceivedDatagram> received_;
    KernelClock clock_;
};

}  // namespace rtjam
