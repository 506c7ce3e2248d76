// Takes what waits at a socket, many datagrams in one system call (recvmmsg), each with the time at which the
// kernel got it.
// Realtime-safe: yes; allocates only in its constructor, and does not block. One thread at a time.
#pragma once

#include <sys/socket.h>
#include <time.h>

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "core/base/endpoint.hpp"
#include "core/base/time.hpp"
#include "targets/common/control_message.hpp"
#include "targets/common/kernel_clock.hpp"

namespace rtjam {

// The bytes are good until the next receive(), and the receiver's to patch.
struct ReceivedDatagram {
    std::span<std::byte> bytes;
    Endpoint from;
    // On the monotonic clock; not after the call that has received it.
    Instant arrived;
};

class BatchReceiver {
public:
    static constexpr std::size_t datagrams_max = 64;
    // More than the longest packet: what is cut here is too long for the parser all the same.
    static constexpr std::size_t datagram_bytes_max = 1088;

    BatchReceiver();
    BatchReceiver(const BatchReceiver&) = delete;  // its headers point into it
    BatchReceiver& operator=(const BatchReceiver&) = delete;

    struct Batch {
        std::span<const ReceivedDatagram> datagrams;
        int error_number = 0;  // EAGAIN: nothing waits
    };
    // At most that many, in the order of their arrival at the socket. The socket has SO_TIMESTAMPNS set;
    // without it, what arrives has arrived now.
    Batch receive(int descriptor, std::size_t count_max = datagrams_max);

private:
    void expect(std::size_t index);

    std::vector<std::array<std::byte, datagram_bytes_max>> buffers_;
    std::vector<sockaddr_storage> addresses_;
    std::vector<ControlBuffer<timespec>> controls_;
    std::vector<iovec> vectors_;
    std::vector<mmsghdr> headers_;
    std::vector<ReceivedDatagram> received_;
    KernelClock clock_;
};

}  // namespace rtjam
