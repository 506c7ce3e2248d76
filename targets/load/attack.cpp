#include "targets/load/attack.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "targets/common/control_message.hpp"
#include "targets/common/endpoint_sockaddr.hpp"

namespace rtjam {

namespace {

constexpr std::size_t datagram_bytes_max = 65'507;  // of IPv4, which has the lower limit
constexpr std::size_t audio_packet_bytes = 540;
constexpr int receive_buffer_bytes = 4 << 20;
// Ports: each with any number of addresses, or with ::1 only.
constexpr std::size_t ports_of_many = 8;
constexpr std::size_t ports_of_one = 256;
constexpr Duration echo_patience = std::chrono::seconds{2};

bool is_loopback(const Endpoint& endpoint) {
    if (is_ipv4(endpoint)) return endpoint.address[12] == 127;
    return endpoint.address == parse_address("::1", 0).value().address;
}

bool is_unique_local(const Endpoint& endpoint) {
    return !is_ipv4(endpoint) && (endpoint.address[0] & 0xFE) == 0xFC;
}

using SourceAddress = ControlBuffer<in_pktinfo, in6_pktinfo>;

// From where the datagram is to seem to come (IP_PKTINFO in ip(7), IPV6_PKTINFO in ipv6(7)).
void put(SourceAddress& source, msghdr& header, const Endpoint& from) {
    if (is_ipv4(from)) {
        in_pktinfo info{};
        std::memcpy(&info.ipi_spec_dst, &from.address[12], sizeof info.ipi_spec_dst);
        source.put(header, {IPPROTO_IP, IP_PKTINFO}, info);
    } else {
        in6_pktinfo info{};
        std::memcpy(&info.ipi6_addr, from.address.data(), sizeof info.ipi6_addr);
        source.put(header, {IPPROTO_IPV6, IPV6_PKTINFO}, info);
    }
}

UdpSocket open_source(const Endpoint& any) {
    auto socket = open_bound_udp(any, {.receive_buffer_bytes = receive_buffer_bytes});
    if (!socket) throw std::runtime_error("cannot open a socket: " + to_text(socket.error()));
    // Addresses that the machine gets but does not have are good enough to send from.
    const int on = 1;
    if (socket->family() == AF_INET6 &&
        setsockopt(socket->descriptor(), IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof on) != 0) {
        throw std::runtime_error("cannot send from any address (IPV6_FREEBIND)");
    }
    return std::move(*socket);
}

// Whether what is sent to that address comes back to us.
bool comes_back(const UdpSocket& socket, Endpoint address) {
    address.port = socket.local_endpoint().port;
    const SocketAddress to = to_socket_address(address, socket.family());
    const char byte = 0;
    sendto(socket.descriptor(), &byte, sizeof byte, MSG_DONTWAIT | MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&to.storage), to.size);
    pollfd readable{.fd = socket.descriptor(), .events = POLLIN, .revents = 0};
    const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(echo_patience);
    if (poll(&readable, 1, static_cast<int>(patience.count())) != 1) return false;
    char echo = 1;
    return recv(socket.descriptor(), &echo, sizeof echo, MSG_DONTWAIT) == 1 && echo == byte;
}

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

Attack::Attack(const Endpoint& server, std::vector<std::vector<std::byte>> corpus,
               const std::optional<Endpoint>& ipv6_sources)
    : server_(server), ipv6_sources_(ipv6_sources), corpus_(std::move(corpus)), bytes_(datagram_bytes_max) {
    if (!is_loopback(server)) throw std::runtime_error("only a server on this machine is attacked");
    open_sources();
    std::generate(bytes_.begin(), bytes_.end(), [&] { return static_cast<std::byte>(rng_.next()); });
}

void Attack::open_sources() {
    Endpoint any = ipv4_endpoint({0, 0, 0, 0}, 0);
    if (!is_ipv4(server_)) any = ipv6_sources_ ? Endpoint{} : parse_address("::1", 0).value();
    const bool one_address = !is_ipv4(server_) && !ipv6_sources_;
    for (std::size_t i = 0; i < (one_address ? ports_of_one : ports_of_many); ++i)
        sources_.push_back(open_source(any));
    if (is_ipv4(server_) || one_address) return;
    // The server's answers must not leave the machine.
    if (!is_unique_local(*ipv6_sources_) || !comes_back(sources_[0], random_source())) {
        throw std::runtime_error("the sources' /32 is not routed to this machine");
    }
}

// Players are at 127.0.0.1 or ::1.
Endpoint Attack::random_source() {
    if (is_ipv4(server_)) {
        return ipv4_endpoint(
            {127, static_cast<std::uint8_t>(1 + rng_.below(254)), static_cast<std::uint8_t>(rng_.below(256)),
             static_cast<std::uint8_t>(rng_.below(256))},
            0);
    }
    if (!ipv6_sources_) return parse_address("::1", 0).value();
    Endpoint source = *ipv6_sources_;
    std::generate(source.address.begin() + 4, source.address.end(),
                  [&] { return static_cast<std::uint8_t>(rng_.next()); });
    return source;
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
    put(from, header, random_source());
    if (sendmsg(source.descriptor(), &header, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        ++counters_.unsent;
        return;
    }
    ++kind;
    if (parse(datagram)) ++counters_.packets;
    counters_.bytes_sent += datagram.size();
}

std::span<std::byte> Attack::noise(std::size_t bytes) {
    return std::span{bytes_}.subspan(rng_.below(datagram_bytes_max - bytes + 1), bytes);
}

}  // namespace rtjam
