#include "targets/load/attack.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "targets/common/endpoint_sockaddr.hpp"

namespace rtjam {

namespace {

constexpr std::size_t datagram_bytes_max = 65'507;  // of IPv4, which has the lower limit
constexpr std::size_t audio_packet_bytes = 540;
constexpr int receive_buffer_bytes = 4 << 20;
// Of IPv4 they are ports, each with any number of addresses; IPv6 has one loopback address only.
constexpr std::size_t ipv4_sources = 8;
constexpr std::size_t ipv6_sources = 256;

bool is_loopback(const Endpoint& endpoint) {
    if (is_ipv4(endpoint)) return endpoint.address[12] == 127;
    return endpoint.address == parse_address("::1", 0).value().address;
}

// An address from which the datagram seems to come (ip(7), IP_PKTINFO).
struct SourceAddress {
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(in_pktinfo))> bytes{};

    void put(msghdr& header, std::uint32_t address) {
        header.msg_control = bytes.data();
        header.msg_controllen = bytes.size();
        cmsghdr* control = CMSG_FIRSTHDR(&header);
        control->cmsg_level = IPPROTO_IP;
        control->cmsg_type = IP_PKTINFO;
        control->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
        in_pktinfo info{};
        info.ipi_spec_dst.s_addr = htonl(address);
        std::memcpy(CMSG_DATA(control), &info, sizeof info);
    }
};

}  // namespace

std::vector<std::vector<std::byte>> read_corpus(const std::string& folder) {
    std::vector<std::vector<std::byte>> corpus;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>{file}, {}};
        const auto bytes = std::as_bytes(std::span{text}.first(std::min(text.size(), datagram_bytes_max)));
        corpus.emplace_back(bytes.begin(), bytes.end());
    }
    if (corpus.empty()) throw std::runtime_error("no corpus in " + folder);
    return corpus;
}

Attack::Attack(const Endpoint& server, std::vector<std::vector<std::byte>> corpus)
    : server_(server), corpus_(std::move(corpus)), bytes_(datagram_bytes_max) {
    if (!is_loopback(server)) throw std::runtime_error("only a server on this machine is attacked");
    const bool ipv4 = is_ipv4(server);
    const Endpoint any = ipv4 ? ipv4_endpoint({0, 0, 0, 0}, 0) : parse_address("::1", 0).value();
    for (std::size_t i = 0; i < (ipv4 ? ipv4_sources : ipv6_sources); ++i) {
        auto socket = open_bound_udp(any, {.receive_buffer_bytes = receive_buffer_bytes});
        if (!socket) throw std::runtime_error("cannot open a socket: " + to_text(socket.error()));
        sources_.push_back(std::move(*socket));
    }
    std::generate(bytes_.begin(), bytes_.end(), [&] { return static_cast<std::byte>(rng_.next()); });
}

void Attack::capture(std::span<const std::byte> packet) {
    captured_[captures_++ % captured_max].assign(packet.begin(), packet.end());
}

void Attack::send(std::size_t datagrams) {
    for (std::size_t i = 0; i < datagrams; ++i) {
        switch (turn_++ % 4) {
            case 0:
                send(spoofed(), counters_.spoofed);
                break;
            case 1:
                send(replayed(), counters_.replayed);
                break;
            case 2:
                send(malformed(), counters_.malformed);
                break;
            default:
                send(oversized(), counters_.oversized);
        }
    }
    receive_at(turn_ % sources_.size());
}

void Attack::receive() {
    for (std::size_t i = 0; i < sources_.size(); ++i) receive_at(i);
}

void Attack::receive_at(std::size_t source) {
    while (true) {
        const auto batch = receiver_.receive(sources_[source].descriptor());
        for (const ReceivedDatagram& datagram : batch.datagrams) {
            ++counters_.received;
            counters_.bytes_received += datagram.bytes.size();
            counters_.bytes_longest = std::max<std::uint64_t>(counters_.bytes_longest, datagram.bytes.size());
            if (const auto packet = parse(datagram.bytes)) stolen_ = packet->header().server_time;
        }
        if (batch.datagrams.size() < BatchReceiver::datagrams_max) return;
    }
}

// Anybody's id, a player's or a new one; no cookie, one made up, or one that another source was sent.
std::span<const std::byte> Attack::spoofed() {
    const std::span<std::byte> packet = noise(rng_.chance(0.5) ? header_size : audio_packet_bytes);
    PacketHeader header;
    header.client_id = ClientId{static_cast<std::uint32_t>(rng_.below(5000))};
    header.sequence = SequenceNumber{static_cast<std::uint32_t>(rng_.next())};
    const std::uint64_t choice = rng_.below(3);
    if (choice == 1) header.server_time = ServerTime::of_cookie(rng_.next());
    if (choice == 2) header.server_time = stolen_;
    encode_header(header, packet);
    return packet;
}

std::span<const std::byte> Attack::replayed() {
    if (captures_ == 0) return spoofed();
    return captured_[rng_.below(std::min(captures_, captured_max))];
}

std::span<const std::byte> Attack::malformed() {
    if (!corpus_.empty() && rng_.chance(0.5)) return corpus_[rng_.below(corpus_.size())];
    if (rng_.chance(0.5)) return noise(rng_.below(header_size));
    return noise(header_size + 1 + 4 * rng_.below(packet_frames_max.size()) + rng_.below(3));
}

std::span<const std::byte> Attack::oversized() {
    const std::size_t most = rng_.chance(0.5) ? 2 * packet_size_max : datagram_bytes_max;
    return noise(packet_size_max + 1 + rng_.below(most - packet_size_max));
}

void Attack::send(std::span<const std::byte> datagram, std::uint64_t& kind) {
    const UdpSocket& source = sources_[rng_.below(sources_.size())];
    SocketAddress to = to_socket_address(server_, source.family());
    iovec vector{const_cast<std::byte*>(datagram.data()), datagram.size()};  // sending only reads
    msghdr header{};
    header.msg_name = &to.storage;
    header.msg_namelen = to.size;
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    SourceAddress from;
    // 127.1.0.0 to 127.254.255.255: players are at 127.0.0.1.
    if (is_ipv4(server_)) from.put(header, 0x7F010000U + static_cast<std::uint32_t>(rng_.below(254U << 16)));
    if (sendmsg(source.descriptor(), &header, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        ++counters_.unsent;
        return;
    }
    ++kind;
    counters_.bytes_sent += datagram.size();
}

std::span<std::byte> Attack::noise(std::size_t bytes) {
    return std::span{bytes_}.subspan(rng_.below(datagram_bytes_max - bytes + 1), bytes);
}

}  // namespace rtjam
