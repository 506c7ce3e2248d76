#include "targets/load/bare_room.hpp"

#include <netinet/udp.h>

#include <utility>

#include "targets/common/monotonic_clock.hpp"

namespace rtjam {
namespace {

constexpr std::size_t reply_bytes = 28;

}  // namespace

void ResidenceWatch::prepare(std::size_t index, msghdr& header) {
    stamps_[index].attach_to(header);
}

void ResidenceWatch::received(std::size_t count, std::array<mmsghdr, bare_batch_max>& headers) {
    clock_.look();
    for (std::size_t i = 0; i < count; ++i) arrivals_[i] = clock_.arrival(headers[i].msg_hdr);
}

void ResidenceWatch::sent(std::size_t count) {
    const Instant now = monotonic_now();
    for (std::size_t i = 0; i < count; ++i) histogram_.add(now - arrivals_[i]);
}

BareRoom::BareRoom(UdpSocket socket, BareMode mode, bool watches_residence)
    : socket_(std::move(socket)), mode_(mode) {
    if (watches_residence) residence_.emplace();
    for (std::size_t i = 0; i < bare_batch_max; ++i) {
        received_[i].iov_base = buffers_[i].data();
        received_[i].iov_len = datagram_bytes_max;
        headers_in_[i].msg_hdr.msg_iov = &received_[i];
        headers_in_[i].msg_hdr.msg_iovlen = 1;
        headers_in_[i].msg_hdr.msg_name = &from_[i];
    }
    vectors_.reserve(bare_batch_max * (bare_members_max + 1));
    headers_out_.reserve(bare_batch_max * (bare_members_max + 1));
}

bool BareRoom::turn(bool wait) {
    const std::size_t most = mode_ == BareMode::one_send ? 1 : bare_batch_max;
    for (std::size_t i = 0; i < most; ++i) {
        headers_in_[i].msg_hdr.msg_namelen = sizeof(sockaddr_in6);
        if (residence_) residence_->prepare(i, headers_in_[i].msg_hdr);
    }
    const int flags = wait ? MSG_WAITFORONE : MSG_DONTWAIT;
    const int count = recvmmsg(descriptor(), headers_in_.data(), static_cast<unsigned>(most), flags, nullptr);
    if (count <= 0) return false;
    vectors_.clear();
    headers_out_.clear();
    const auto received = static_cast<std::size_t>(count);
    for (std::size_t i = 0; i < received; ++i) sender_[i] = member_at(from_[i]);
    if (residence_) residence_->received(received, headers_in_);
    if (mode_ == BareMode::gso) {
        plan_by_member(received);
    } else {
        plan_by_packet(received);
    }
    send_all();
    if (residence_) residence_->sent(received);
    return received == most;
}

void BareRoom::send_all() {
    if (mode_ == BareMode::one_send) {
        for (const mmsghdr& header : headers_out_) sendmsg(descriptor(), &header.msg_hdr, MSG_DONTWAIT);
        return;
    }
    for (std::size_t sent = 0; sent < headers_out_.size();) {
        const int now = sendmmsg(descriptor(), &headers_out_[sent],
                                 static_cast<unsigned>(headers_out_.size() - sent), MSG_DONTWAIT);
        sent += now > 0 ? static_cast<std::size_t>(now) : 1;
    }
}

std::size_t BareRoom::member_at(const sockaddr_in6& from) {
    std::uint8_t& place = places_[from.sin6_port];
    if (place == 0 && members_.size() < bare_members_max) {
        members_.push_back(from);
        place = static_cast<std::uint8_t>(members_.size());
    }
    return place - std::size_t{1};
}

void BareRoom::add_message(std::size_t member, std::size_t first, std::size_t count) {
    mmsghdr& header = headers_out_.emplace_back();
    header.msg_hdr.msg_name = &members_[member];
    header.msg_hdr.msg_namelen = sizeof(sockaddr_in6);
    header.msg_hdr.msg_iov = &vectors_[first];
    header.msg_hdr.msg_iovlen = count;
}

void BareRoom::plan_by_packet(std::size_t received) {
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
void BareRoom::plan_by_member(std::size_t received) {
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
        const std::size_t with_packets = packets > 0 && packets < bare_batch_max && replies > 0 ? 1 : 0;
        if (packets > 0) add_segmented(member, first, packets + with_packets);
        if (replies > with_packets) {
            add_segmented(member, first + packets + with_packets, replies - with_packets);
        }
    }
}

void BareRoom::add_segmented(std::size_t member, std::size_t first, std::size_t count) {
    add_message(member, first, count);
    if (count == 1) return;
    const auto segment_bytes = static_cast<std::uint16_t>(vectors_[first].iov_len);
    control_[headers_out_.size() - 1].put(headers_out_.back().msg_hdr, {SOL_UDP, UDP_SEGMENT}, segment_bytes);
}

}  // namespace rtjam
