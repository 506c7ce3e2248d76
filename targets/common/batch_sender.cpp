#include "targets/common/batch_sender.hpp"

#include <netinet/in.h>
#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>

namespace rtjam {

namespace {

constexpr int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
constexpr std::size_t messages_per_call = 1024;  // UIO_MAXIOV: the kernel would cut the rest off

bool is_full(int error_number) {
    return error_number == EAGAIN || error_number == ENOBUFS;
}

// EIO is what a way out says that cannot checksum in hardware or that encrypts (udp_send_skb() in the
// kernel's net/ipv4/udp.c), the others a kernel that does not know the option. It will say so again.
bool means_never(int error_number) {
    return error_number == EIO || error_number == ENOPROTOOPT || error_number == EOPNOTSUPP;
}

// EINVAL and EMSGSIZE come where a segment is longer than the path to this one endpoint takes in one piece:
// whoever has such a path does not take segmentation from the others.
bool means_not_there(int error_number) {
    return error_number == EINVAL || error_number == EMSGSIZE;
}

}  // namespace

BatchSender::BatchSender(std::size_t transmits_max, bool segmentation)
    : segmentation_(segmentation),
      plan_(transmits_max),
      addresses_(transmits_max),
      controls_(transmits_max),
      headers_(transmits_max) {
    unsent_.reserve(transmits_max);
}

void BatchSender::send(int descriptor, int family, std::span<const Transmit> transmits) {
    unsent_.clear();
    if (transmits.empty()) return;
    messages_ =
        plan_.make(transmits, segmentation_ ? SendPlan::Grouping::by_destination : SendPlan::Grouping::none);
    describe(messages_, family);
    transmit(descriptor, std::span{headers_}.first(messages_.size()));
}

void BatchSender::describe(std::span<SendPlan::Message> messages, int family) {
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const SendPlan::Message& message = messages[i];
        addresses_[i] = to_socket_address(message.to, family);
        msghdr& header = headers_[i].msg_hdr;
        header = {};
        header.msg_name = &addresses_[i].storage;
        header.msg_namelen = addresses_[i].size;
        header.msg_iov = message.datagrams.data();
        header.msg_iovlen = message.datagrams.size();
        if (message.datagrams.size() == 1) continue;
        ++counters_.segmented_messages;
        const auto segment_bytes = static_cast<std::uint16_t>(message.segment_bytes);
        controls_[i].put(header, {SOL_UDP, UDP_SEGMENT}, segment_bytes);
    }
}

void BatchSender::transmit(int descriptor, std::span<mmsghdr> headers) {
    std::size_t done = 0;
    while (done < headers.size()) {
        const std::size_t count = std::min(headers.size() - done, messages_per_call);
        // It stops at the first message that fails, and says why only if that is the first of the call.
        const int sent = sendmmsg(descriptor, &headers[done], static_cast<unsigned>(count), flags);
        if (sent <= 0) {
            settle(descriptor, headers[done].msg_hdr, done, sent == 0 ? EAGAIN : errno);
            ++done;
            continue;
        }
        for (std::size_t i = 0; i < static_cast<std::size_t>(sent); ++i) {
            counters_.sent += headers[done + i].msg_hdr.msg_iovlen;
        }
        done += static_cast<std::size_t>(sent);
    }
}

void BatchSender::settle(int descriptor, msghdr& header, std::size_t index, int error_number) {
    const bool segmented = header.msg_iovlen > 1;
    if (segmented && (means_never(error_number) || means_not_there(error_number))) {
        ++counters_.segmentation_refusals;
        if (means_never(error_number)) segmentation_ = false;
        send_one_by_one(descriptor, header, index);
    } else {
        count_unsent(index, header.msg_iovlen, error_number);
    }
}

void BatchSender::send_one_by_one(int descriptor, const msghdr& header, std::size_t index) {
    for (std::size_t i = 0; i < header.msg_iovlen; ++i) {
        msghdr one = header;
        one.msg_iov = header.msg_iov + i;
        one.msg_iovlen = 1;
        one.msg_control = nullptr;
        one.msg_controllen = 0;
        if (sendmsg(descriptor, &one, flags) >= 0) {
            ++counters_.sent;
        } else {
            count_unsent(index, 1, errno);
        }
    }
}

void BatchSender::count_unsent(std::size_t index, std::size_t datagrams, int error_number) {
    const bool full = is_full(error_number);
    (full ? counters_.send_full : counters_.send_errors) += datagrams;
    unsent_.push_back({messages_[index].to, static_cast<std::uint32_t>(datagrams), full});
}

}  // namespace rtjam
