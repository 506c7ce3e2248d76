// rtjam-bare-loop: what a room costs at the least. It sends the very datagrams that a room of the server
// sends, each packet to everybody else and its header back, and decides nothing: whoever sends is in it for
// ever, by its port alone, and nothing is parsed, checked, counted or written into the packets.
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/udp_options.hpp"

namespace rtjam {
namespace {

constexpr std::size_t members_max = 128;
constexpr std::size_t batch_max = 64;
constexpr std::size_t datagram_bytes_max = 1088;
constexpr std::size_t reply_bytes = 28;
constexpr int socket_buffer_bytes = 4 << 20;

enum class Mode { one_send, batch, gso };

class BareRoom {
public:
    BareRoom(UdpSocket socket, Mode mode) : socket_(std::move(socket)), mode_(mode) {
        for (std::size_t i = 0; i < batch_max; ++i) {
            received_[i].iov_base = buffers_[i].data();
            received_[i].iov_len = datagram_bytes_max;
            headers_in_[i].msg_hdr.msg_iov = &received_[i];
            headers_in_[i].msg_hdr.msg_iovlen = 1;
            headers_in_[i].msg_hdr.msg_name = &from_[i];
        }
        vectors_.reserve(batch_max * (members_max + 1));
        headers_out_.reserve(batch_max * (members_max + 1));
    }

    int descriptor() const { return socket_.descriptor(); }
    std::uint16_t port() const { return socket_.local_endpoint().port; }

    void turn(bool wait) {
        const std::size_t most = mode_ == Mode::one_send ? 1 : batch_max;
        for (std::size_t i = 0; i < most; ++i) headers_in_[i].msg_hdr.msg_namelen = sizeof(sockaddr_in6);
        const int flags = wait ? MSG_WAITFORONE : MSG_DONTWAIT;
        const int count =
            recvmmsg(descriptor(), headers_in_.data(), static_cast<unsigned>(most), flags, nullptr);
        if (count <= 0) return;
        vectors_.clear();
        headers_out_.clear();
        const auto received = static_cast<std::size_t>(count);
        for (std::size_t i = 0; i < received; ++i) sender_[i] = member_at(from_[i]);
        if (mode_ == Mode::gso) {
            plan_by_member(received);
        } else {
            plan_by_packet(received);
        }
        if (mode_ == Mode::one_send) {
            for (const mmsghdr& header : headers_out_) sendmsg(descriptor(), &header.msg_hdr, MSG_DONTWAIT);
            return;
        }
        for (std::size_t sent = 0; sent < headers_out_.size();) {
            const int now = sendmmsg(descriptor(), &headers_out_[sent],
                                     static_cast<unsigned>(headers_out_.size() - sent), MSG_DONTWAIT);
            sent += now > 0 ? static_cast<std::size_t>(now) : 1;
        }
    }

private:
    std::size_t member_at(const sockaddr_in6& from) {
        std::uint8_t& place = places_[from.sin6_port];
        if (place == 0 && members_.size() < members_max) {
            members_.push_back(from);
            place = static_cast<std::uint8_t>(members_.size());
        }
        return place - std::size_t{1};
    }

    void add_message(std::size_t member, std::size_t first, std::size_t count) {
        mmsghdr& header = headers_out_.emplace_back();
        header.msg_hdr.msg_name = &members_[member];
        header.msg_hdr.msg_namelen = sizeof(sockaddr_in6);
        header.msg_hdr.msg_iov = &vectors_[first];
        header.msg_hdr.msg_iovlen = count;
    }

    void plan_by_packet(std::size_t received) {
        for (std::size_t i = 0; i < received; ++i) {
            for (std::size_t member = 0; member < members_.size(); ++member) {
                const std::size_t bytes = member == sender_[i] ? reply_bytes : headers_in_[i].msg_len;
                vectors_.push_back({buffers_[i].data(), bytes});
                add_message(member, vectors_.size() - 1, 1);
            }
        }
    }

    // To each member one message of all packets, with a reply as the last and shorter one, and one of the
    // replies beyond.
    void plan_by_member(std::size_t received) {
        for (std::size_t member = 0; member < members_.size(); ++member) {
            const std::size_t first = vectors_.size();
            for (std::size_t i = 0; i < received; ++i) {
                if (sender_[i] != member) vectors_.push_back({buffers_[i].data(), headers_in_[i].msg_len});
            }
            const std::size_t packets = vectors_.size() - first;
            for (std::size_t i = 0; i < received; ++i) {
                if (sender_[i] == member) vectors_.push_back({buffers_[i].data(), reply_bytes});
            }
            const std::size_t replies = vectors_.size() - first - packets;
            const std::size_t with_packets = packets > 0 && packets < batch_max && replies > 0 ? 1 : 0;
            if (packets > 0) add_segmented(member, first, packets + with_packets);
            if (replies > with_packets) {
                add_segmented(member, first + packets + with_packets, replies - with_packets);
            }
        }
    }

    void add_segmented(std::size_t member, std::size_t first, std::size_t count) {
        add_message(member, first, count);
        if (count == 1) return;
        const auto segment_bytes = static_cast<std::uint16_t>(vectors_[first].iov_len);
        msghdr& header = headers_out_.back().msg_hdr;
        header.msg_control = control_[headers_out_.size() - 1].data();
        header.msg_controllen = CMSG_SPACE(sizeof segment_bytes);
        cmsghdr* control = CMSG_FIRSTHDR(&header);
        control->cmsg_level = SOL_UDP;
        control->cmsg_type = UDP_SEGMENT;
        control->cmsg_len = CMSG_LEN(sizeof segment_bytes);
        std::memcpy(CMSG_DATA(control), &segment_bytes, sizeof segment_bytes);
    }

    UdpSocket socket_;
    Mode mode_;
    std::array<std::array<std::byte, datagram_bytes_max>, batch_max> buffers_{};
    std::array<iovec, batch_max> received_{};
    std::array<sockaddr_in6, batch_max> from_{};
    std::array<mmsghdr, batch_max> headers_in_{};
    std::array<std::size_t, batch_max> sender_{};
    std::array<std::uint8_t, 65536> places_{};
    std::vector<sockaddr_in6> members_;
    std::vector<iovec> vectors_;
    std::vector<mmsghdr> headers_out_;
    struct Control {
        alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(2)> bytes;
        std::byte* data() { return bytes.data(); }
    };
    std::array<Control, 2 * members_max> control_{};
};

int run(std::uint16_t port, std::size_t rooms, Mode mode) {
    std::vector<std::unique_ptr<BareRoom>> all;
    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (std::size_t i = 0; i < rooms; ++i) {
        const auto local =
            ipv4_endpoint({127, 0, 0, 1}, static_cast<std::uint16_t>(port == 0 ? 0 : port + i));
        auto socket = open_bound_udp(
            local, {.receive_buffer_bytes = socket_buffer_bytes, .send_buffer_bytes = socket_buffer_bytes});
        if (!socket) {
            std::fprintf(stderr, "rtjam-bare-loop: %s\n", to_text(socket.error()).c_str());
            return 1;
        }
        if (rooms == 1) fcntl(socket->descriptor(), F_SETFL, 0);  // then its turn waits for a packet
        all.push_back(std::make_unique<BareRoom>(std::move(*socket), mode));
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        epoll_ctl(epoll, EPOLL_CTL_ADD, all.back()->descriptor(), &event);
    }
    for (const auto& room : all) std::fprintf(stderr, "listening on port %d\n", room->port());
    std::array<epoll_event, 64> events{};
    while (true) {
        if (rooms == 1) {
            all[0]->turn(true);
            continue;
        }
        const int ready = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < ready; ++i) all[events[static_cast<std::size_t>(i)].data.u64]->turn(false);
    }
}

}  // namespace
}  // namespace rtjam

int main(int argc, char** argv) {
    CLI::App app{"Sends what rooms send, with no logic: the limit to compare the server with.",
                 "rtjam-bare-loop"};
    std::uint16_t port = 7891;
    std::size_t rooms = 1;
    std::string mode = "batch";
    app.add_option("--port", port, "UDP port of room 0, room k is on port + k; 0: any")
        ->capture_default_str();
    app.add_option("--rooms", rooms, "Number of rooms")->check(CLI::Range(1, 64))->capture_default_str();
    app.add_option(
           "--mode", mode,
           "one-send: a system call for each datagram; batch: recvmmsg and sendmmsg; gso: and one message "
           "for each destination")
        ->check(CLI::IsMember({"one-send", "batch", "gso"}))
        ->capture_default_str();
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        std::fputs(app.help().c_str(), stdout);
        return 0;
    } catch (const CLI::ParseError& error) {
        std::fprintf(stderr, "rtjam-bare-loop: %s\n", error.what());
        return 2;
    }
    using rtjam::Mode;
    return rtjam::run(port, rooms,
                      mode == "one-send" ? Mode::one_send
                      : mode == "batch"  ? Mode::batch
                                         : Mode::gso);
}
