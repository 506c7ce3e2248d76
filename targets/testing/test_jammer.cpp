#include "targets/testing/test_jammer.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/testing/child_process.hpp"

namespace rtjam {

namespace {

constexpr FrameCount frames{128};
constexpr Duration join_interval = std::chrono::milliseconds{5};
// Server time and beat: what the server changes in what it forwards.
constexpr std::size_t beat_offset = 3;
constexpr std::size_t server_fields_end = 12;

UdpSocket open_local(const Endpoint& local) {
    auto socket = open_bound_udp(local, {});
    if (!socket) throw std::runtime_error(to_text(local) + ": " + to_text(socket.error()));
    return std::move(*socket);
}

Endpoint loopback_like(const Endpoint& server) {
    return is_ipv4(server) ? ipv4_endpoint({127, 0, 0, 1}, 0) : parse_address("::1", 0).value();
}

}  // namespace

TestJammer::TestJammer(const Endpoint& server, ClientId id) : TestJammer(server, id, loopback_like(server)) {}

TestJammer::TestJammer(const Endpoint& server, ClientId id, const Endpoint& local)
    : socket_(open_local(local)), server_(server), id_(id) {}

Datagram TestJammer::send() {
    return send(looped_);
}

Datagram TestJammer::send(ServerTime looped) {
    sequence_ = sequence_.next();
    const PacketHeader header{.server_time = looped,
                              .client_time_us = static_cast<std::uint64_t>(microseconds_of(monotonic_now())),
                              .client_id = id_,
                              .sequence = sequence_};
    std::array<float, 128> left{};
    std::array<float, 128> right{};
    for (std::size_t i = 0; i < left.size(); ++i) {
        left[i] = static_cast<float>((sequence_.value() + i) % 1000) / 1000.0F;
        right[i] = -static_cast<float>((id_.value() + i) % 1000) / 1000.0F;
    }
    Datagram packet(packet_size(frames));
    encode(header, {left, right}, packet);
    send_raw(packet);
    return packet;
}

void TestJammer::send_raw(std::span<const std::byte> bytes) {
    const SocketAddress to = to_socket_address(server_, socket_.family());
    const ssize_t size = sendto(socket_.descriptor(), bytes.data(), bytes.size(), 0,
                                reinterpret_cast<const sockaddr*>(&to.storage), to.size);
    if (size != static_cast<ssize_t>(bytes.size())) throw std::runtime_error("the test cannot send");
    bytes_sent_ += bytes.size();
}

std::optional<Datagram> TestJammer::receive(Duration timeout) {
    pollfd readable{.fd = socket_.descriptor(), .events = POLLIN, .revents = 0};
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(timeout);
    if (poll(&readable, 1, static_cast<int>(whole.count())) != 1) return std::nullopt;
    Datagram datagram(65536);
    const ssize_t size = recv(socket_.descriptor(), datagram.data(), datagram.size(), 0);
    if (size < 0) return std::nullopt;
    datagram.resize(static_cast<std::size_t>(size));
    bytes_received_ += datagram.size();
    if (const auto packet = parse(datagram)) {
        looped_ = packet->header().server_time;
        if (datagram.size() > header_size) heard_.push_back(datagram);
    }
    return datagram;
}

std::vector<Datagram> TestJammer::receive_waiting() {
    std::vector<Datagram> all;
    while (auto datagram = receive(Duration{0})) all.push_back(std::move(*datagram));
    return all;
}

std::optional<PacketHeader> TestJammer::receive_reply() {
    const Instant deadline = monotonic_now() + patience;
    while (monotonic_now() < deadline) {
        const auto datagram = receive(join_interval);
        if (!datagram || datagram->size() != header_size) continue;
        const PacketHeader header = parse(*datagram)->header();
        if (header.client_id == id_ && header.sequence == sequence_) return header;
    }
    return std::nullopt;
}

bool TestJammer::receive_packet(const Datagram& packet) {
    const auto is_it = [&](const Datagram& got) { return is_forwarded(got, packet); };
    // It may have come while another was waited for.
    if (std::any_of(heard_.begin(), heard_.end(), is_it)) return true;
    const Instant deadline = monotonic_now() + patience;
    while (monotonic_now() < deadline) {
        const auto datagram = receive(join_interval);
        if (datagram && is_it(*datagram)) return true;
    }
    return false;
}

bool TestJammer::join() {
    const Instant deadline = monotonic_now() + patience;
    while (monotonic_now() < deadline) {
        send();
        const auto reply = receive_reply();
        if (reply && reply->channel == 0 && !reply->server_time.is_cookie()) return true;
    }
    return false;
}

std::vector<Datagram> TestJammer::heard() {
    return std::exchange(heard_, {});
}

bool is_forwarded(std::span<const std::byte> got, std::span<const std::byte> sent) {
    return got.size() == sent.size() && std::equal(got.begin(), got.begin() + beat_offset, sent.begin()) &&
           std::equal(got.begin() + server_fields_end, got.end(), sent.begin() + server_fields_end);
}

bool play_together(TestJammer& one, TestJammer& other) {
    const Datagram from_one = one.send();
    const Datagram from_other = other.send();
    const auto is_member = [](const std::optional<PacketHeader>& reply) {
        return reply && reply->channel == 0 && !reply->server_time.is_cookie();
    };
    return is_member(one.receive_reply()) && is_member(other.receive_reply()) &&
           one.receive_packet(from_other) && other.receive_packet(from_one);
}

}  // namespace rtjam
