#include "sim/attacker_node.hpp"

#include <algorithm>

#include "core/wire/packet.hpp"

namespace rtjam::sim {
namespace {

// 100.64.0.0/10, the shared address space of RFC 6598: no player of a scenario has such an address.
constexpr std::uint32_t first_address = 100U << 24 | 64U << 16;
constexpr std::uint32_t first_client_id = 0x40000000;  // far from the ids of players
constexpr std::uint16_t first_port = 1024;
constexpr std::size_t ports = 60'000;

std::uint32_t ipv4_of(const Endpoint& endpoint) {
    std::uint32_t address = 0;
    for (std::size_t i = 12; i < 16; ++i) address = address << 8 | endpoint.address[i];
    return address;
}

Endpoint endpoint_of(std::uint32_t address, std::uint16_t port) {
    const auto byte = [address](unsigned shift) { return static_cast<std::uint8_t>(address >> shift); };
    return ipv4_endpoint({byte(24), byte(16), byte(8), byte(0)}, port);
}

}  // namespace

AttackerNode::AttackerNode(const AttackerConfig& config, std::size_t first_source, ClientId victim,
                           const Rng& rng)
    : config_(config),
      first_source_(first_source),
      interval_(static_cast<std::int64_t>(1e9 / config.datagrams_per_second)),
      rng_(rng),
      buffer_(std::max(*std::max_element(config.sizes.begin(), config.sizes.end()), packet_size_max)),
      victim_(victim),
      cookies_(config.kind == AttackKind::loris ? config.sources : 0) {}

bool AttackerNode::owns(const Endpoint& endpoint) const {
    const std::uint32_t address = ipv4_of(endpoint);
    return address >= first_address + first_source_ &&
           address < first_address + first_source_ + config_.sources;
}

Instant AttackerNode::next_time() const {
    return config_.attacks.from + interval_ * static_cast<std::int64_t>(sent_);
}

AttackerNode::Datagram AttackerNode::next() {
    const std::size_t source = first_source_ + sent_ % config_.sources;
    std::span<std::byte> bytes = std::span{buffer_}.first(config_.sizes[sent_ % config_.sizes.size()]);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(rng_.next());
    if (config_.kind == AttackKind::replay) {
        fill_replay(bytes);
    } else if (config_.kind != AttackKind::garbage) {
        fill_join(source, bytes);
    }
    ++sent_;
    bytes_sent_ += bytes.size();
    const auto own_port = static_cast<std::uint16_t>(first_port + source % ports);
    return {.from = endpoint_of(first_address + static_cast<std::uint32_t>(source),
                                config_.source_port.value_or(own_port)),
            .bytes = bytes};
}

// The audio stays random. The cookie is guessed: half of the guesses do not even say that they are one.
void AttackerNode::fill_join(std::size_t source, std::span<std::byte> bytes) {
    encode_header(
        {.chunks = static_cast<std::uint8_t>(bytes.size() / 32),
         .server_time = cookies_.empty() ? ServerTime{rng_.next()} : cookies_[source - first_source_],
         .client_time_us = rng_.next(),
         .client_id = id_of(source),
         .sequence = SequenceNumber{static_cast<std::uint32_t>(sent_ / config_.sources)}},
        bytes);
}

ClientId AttackerNode::id_of(std::size_t source) const {
    if (config_.kind == AttackKind::theft) return victim_;
    return ClientId{first_client_id + static_cast<std::uint32_t>(source)};
}

// Nothing overheard yet: it stays what it is, random.
void AttackerNode::fill_replay(std::span<std::byte>& bytes) {
    if (overheard_.empty()) return;
    const std::vector<std::byte>& packet = overheard_[rng_.below(overheard_.size())];
    bytes = std::span{buffer_}.first(packet.size());
    std::copy(packet.begin(), packet.end(), bytes.begin());
}

void AttackerNode::overhear(std::size_t player, std::span<const std::byte> datagram) {
    if (config_.kind != AttackKind::replay || player != config_.victim) return;
    if (overheard_.size() < overheard_max) overheard_.emplace_back();
    overheard_[overheard_next_].assign(datagram.begin(), datagram.end());
    overheard_next_ = (overheard_next_ + 1) % overheard_max;
}

void AttackerNode::receive(const Endpoint& source, std::span<const std::byte> datagram) {
    ++received_;
    bytes_received_ += datagram.size();
    if (cookies_.empty()) return;
    const auto packet = parse(datagram);
    if (packet) cookies_[ipv4_of(source) - first_address - first_source_] = packet->header().server_time;
}

AttackerResult AttackerNode::result() const {
    AttackerResult result{.name = config_.name};
    result.datagrams_sent = static_cast<double>(sent_);
    result.bytes_sent = static_cast<double>(bytes_sent_);
    result.datagrams_received = static_cast<double>(received_);
    result.bytes_received = static_cast<double>(bytes_received_);
    if (bytes_sent_ > 0) result.amplification = result.bytes_received / result.bytes_sent;
    result.slots_taken = static_cast<double>(slots_taken_);
    return result;
}

}  // namespace rtjam::sim
