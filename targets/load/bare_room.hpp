// A room at the least that it costs: it sends the very datagrams that a room of the server sends, each packet
// to everybody else and its header back, and decides nothing. Whoever sends is in it for ever, by its port
// alone, and nothing is parsed, checked, counted or written into the packets.
// One thread at a time. Realtime-safe: turn() is.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/duration_histogram.hpp"
#include "core/base/time.hpp"
#include "targets/common/control_message.hpp"
#include "targets/common/kernel_clock.hpp"
#include "targets/common/udp_options.hpp"

namespace rtjam {

inline constexpr std::size_t bare_members_max = 128;
inline constexpr std::size_t bare_batch_max = 64;

enum class BareMode { one_send, batch, gso };

// How long packets stay: from when the kernel has received one to the last sending of what came with it.
// Wants a socket with receive_timestamps.
class ResidenceWatch {
public:
    void prepare(std::size_t index, msghdr& header);
    void received(std::size_t count, std::array<mmsghdr, bare_batch_max>& headers);
    void sent(std::size_t count);
    const DurationHistogram& histogram() const { return histogram_; }

private:
    std::array<ControlBuffer<timespec>, bare_batch_max> stamps_{};
    std::array<Instant, bare_batch_max> arrivals_{};
    DurationHistogram histogram_;
    KernelClock clock_;
};

class BareRoom {
public:
    BareRoom(UdpSocket socket, BareMode mode, bool watches_residence);

    int descriptor() const { return socket_.descriptor(); }
    std::uint16_t port() const { return socket_.local_endpoint().port; }
    const std::optional<ResidenceWatch>& residence() const { return residence_; }

    // Receives what is there, and sends it on. `wait`: for something to come, if the socket blocks. Whether
    // more may wait than it takes at once.
    bool turn(bool wait);

private:
    void send_all();
    std::size_t member_at(const sockaddr_in6& from);
    void add_message(std::size_t member, std::size_t first, std::size_t count);
    void plan_by_packet(std::size_t received);
    void plan_by_member(std::size_t received);
    void add_segmented(std::size_t member, std::size_t first, std::size_t count);

    static constexpr std::size_t datagram_bytes_max = 1088;

    UdpSocket socket_;
    BareMode mode_;
    std::array<std::array<std::byte, datagram_bytes_max>, bare_batch_max> buffers_{};
    std::array<iovec, bare_batch_max> received_{};
    std::array<sockaddr_in6, bare_batch_max> from_{};
    std::array<mmsghdr, bare_batch_max> headers_in_{};
    std::array<std::size_t, bare_batch_max> sender_{};
    std::array<std::uint8_t, 65536> places_{};
    std::vector<sockaddr_in6> members_;
    std::vector<iovec> vectors_;
    std::vector<mmsghdr> headers_out_;
    std::array<ControlBuffer<std::uint16_t>, 2 * bare_members_max> control_{};
    std::optional<ResidenceWatch> residence_;
};

}  // namespace rtjam
