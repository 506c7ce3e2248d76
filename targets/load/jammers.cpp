#include "targets/load/jammers.hpp"

#include <linux/sock_diag.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <stdexcept>
#include <utility>

#include "core/base/byte_reader.hpp"
#include "core/base/byte_writer.hpp"
#include "targets/common/monotonic_clock.hpp"

namespace rtjam {

namespace {

constexpr int socket_buffer_bytes = 8 << 20;
constexpr std::size_t stamp_bytes = 8;

UdpSocket open_socket(const Endpoint& server) {
    const Endpoint any = is_ipv4(server) ? ipv4_endpoint({0, 0, 0, 0}, 0) : Endpoint{};
    auto socket = open_bound_udp(any, {.receive_buffer_bytes = socket_buffer_bytes,
                                       .send_buffer_bytes = socket_buffer_bytes,
                                       .receive_timestamps = true});
    if (!socket) throw std::runtime_error("cannot open a socket: " + to_text(socket.error()));
    return std::move(*socket);
}

std::uint64_t stamp_of(Instant now) {
    return static_cast<std::uint64_t>(now.time_since_epoch().count());
}

}  // namespace

void OneWayDelays::add(Duration delay) {
    const std::int64_t us = std::chrono::duration_cast<std::chrono::microseconds>(delay).count();
    ++counts_[static_cast<std::size_t>(std::clamp<std::int64_t>(us, 0, delay_us_max))];
    ++count_;
}

std::uint64_t OneWayDelays::quantile_us(double share) const {
    std::uint64_t up_to_here = 0;
    for (std::size_t us = 0; us < counts_.size(); ++us) {
        up_to_here += counts_[us];
        if (up_to_here > 0 && static_cast<double>(up_to_here) >= share * static_cast<double>(count_))
            return us;
    }
    return 0;
}

Jammer::Jammer(const Endpoint& server, ClientId id, FrameCount frames, bool uncut)
    : socket_(open_socket(server)),
      server_(server),
      id_(id),
      sender_(packets_max, true),
      bytes_(packets_max * packet_size(frames)),
      packet_bytes_(packet_size(frames)) {
    assert(packet_bytes_ >= header_size + stamp_bytes);
    transmits_.reserve(packets_max);
    if (uncut && !SegmentReceiver::prepare(socket_.descriptor())) throw std::runtime_error("no UDP_GRO here");
}

void Jammer::knock() {
    const std::span packet = std::span{bytes_}.first(header_size);
    PacketHeader header;
    header.server_time = looped_;
    header.client_id = id_;
    header.sequence = sequence_;
    encode_header(header, packet);
    last_sent_ = packet;
    const Transmit transmit{server_, packet};
    sender_.send(socket_.descriptor(), socket_.family(), {&transmit, 1});
    ++knocks_;
}

void Jammer::send(std::size_t packets) {
    assert(packets <= packets_max);
    transmits_.clear();
    const Instant now = monotonic_now();
    for (std::size_t i = 0; i < packets; ++i) {
        const std::span packet = std::span{bytes_}.subspan(i * packet_bytes_, packet_bytes_);
        PacketHeader header;
        header.server_time = looped_;
        header.chunks = static_cast<std::uint8_t>(packet_bytes_ / 32);
        header.client_time_us = static_cast<std::uint64_t>(microseconds_of(now));
        header.client_id = id_;
        if (skip_every_ > 0 && (sent_ + i) % skip_every_ == skip_every_ - 1) {
            sequence_ = sequence_.next();
            ++skipped_;
        }
        header.sequence = sequence_;
        sequence_ = sequence_.next();
        encode_header(header, packet);
        ByteWriter{packet.subspan(header_size, stamp_bytes)}.u64(stamp_of(now));
        transmits_.push_back({server_, packet});
        last_sent_ = packet;
    }
    sender_.send(socket_.descriptor(), socket_.family(), transmits_);
    sent_ += packets;
}

bool Jammer::receive(BatchReceiver& receiver, OneWayDelays& delays) {
    const auto batch = receiver.receive(socket_.descriptor());
    take(batch.datagrams, delays);
    return !batch.datagrams.empty();
}

bool Jammer::receive(SegmentReceiver& receiver, OneWayDelays& delays) {
    const auto datagrams = receiver.receive(socket_.descriptor());
    take(datagrams, delays);
    return !datagrams.empty();
}

void Jammer::take(std::span<const ReceivedDatagram> datagrams, OneWayDelays& delays) {
    for (const ReceivedDatagram& datagram : datagrams) take(datagram.bytes, datagram.arrived, delays);
}

void Jammer::take(std::span<const std::byte> datagram, Instant arrived, OneWayDelays& delays) {
    const auto packet = parse(datagram);
    if (!packet) return;
    const PacketHeader& header = packet->header();
    if (header.client_id == id_) {
        looped_ = header.server_time;
        const bool member = header.channel == 0 && !looped_.is_cookie();
        if (joined_ && datagram.size() == header_size && answered_ < sent_) ++answered_;
        joined_ = joined_ || member;
        return;
    }
    if (datagram.size() < header_size + stamp_bytes) {
        ++knocks_heard_;
        return;
    }
    ++heard_;
    if (const std::uint32_t other = header.client_id.value() - first_id; other < jammers_max)
        others_.set(other);
    ByteReader reader{datagram.subspan(header_size, stamp_bytes)};
    const Instant sent{Duration{static_cast<std::int64_t>(reader.u64())}};
    delays.add(arrived - sent);
}

std::uint64_t Jammer::unsent() const {
    return sender_.counters().send_full + sender_.counters().send_errors;
}

std::uint64_t Jammer::dropped_here() const {
    std::array<std::uint32_t, SK_MEMINFO_VARS> info{};
    socklen_t size = sizeof info;
    if (getsockopt(socket_.descriptor(), SOL_SOCKET, SO_MEMINFO, info.data(), &size) != 0) return 0;
    return info[SK_MEMINFO_DROPS];
}

}  // namespace rtjam
