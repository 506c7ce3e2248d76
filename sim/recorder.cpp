#include "sim/recorder.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include "core/wire/packet.hpp"

namespace rtjam::sim {
namespace {

constexpr std::array<const char*, 18> event_names{"start",  "leave",   "send",   "cut",  "lose",    "serve",
                                                  "answer", "arrive",  "late",   "hear", "connect", "member",
                                                  "stop",   "restart", "attack", "miss", "rebind",  "refuse"};

constexpr std::uint64_t prime = 0x100000001B3;
constexpr std::array<std::uint64_t, 9> prime_powers = [] {
    std::array<std::uint64_t, 9> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * prime;
    return powers;
}();

std::string hexadecimal(std::uint64_t value, std::size_t digits) {
    std::string text(digits, '0');
    for (std::size_t i = digits; i-- > 0; value >>= 4) text[i] = "0123456789abcdef"[value & 0xF];
    return text;
}

// Seconds with nine decimals, without a float's rounding.
std::string seconds_text(Instant at) {
    const std::int64_t ns = at.time_since_epoch().count();
    std::string fraction = std::to_string(ns % 1'000'000'000);
    fraction.insert(0, 9 - fraction.size(), '0');
    return std::to_string(ns / 1'000'000'000) + "." + fraction;
}

}  // namespace

const char* name_of(EventKind kind) {
    return event_names[static_cast<std::size_t>(kind)];
}

std::string digest_text(std::uint64_t digest) {
    return hexadecimal(digest, 16);
}

NodeId Recorder::add_node(std::string name) {
    names_.push_back(std::move(name));
    return {static_cast<std::uint32_t>(names_.size() - 1)};
}

void Recorder::record(Instant at, EventKind kind, NodeId node, NodeId peer,
                      std::initializer_list<std::int64_t> values, std::span<const std::byte> bytes) {
    ++events_;
    const auto first_bytes = bytes.first(std::min(bytes.size(), header_size));
    hash(static_cast<std::uint64_t>(at.time_since_epoch().count()));
    hash(std::uint64_t{node.value} << 32 | std::uint64_t{peer.value} << 8 | static_cast<std::uint64_t>(kind));
    for (const std::int64_t value : values) hash(static_cast<std::uint64_t>(value));
    hash(bytes.size());
    for (std::size_t at_byte = 0; at_byte < first_bytes.size(); at_byte += 8) {
        std::uint64_t word = 0;
        for (std::size_t i = at_byte; i < std::min(at_byte + 8, first_bytes.size()); ++i) {
            word = word << 8 | std::to_integer<std::uint64_t>(first_bytes[i]);
        }
        hash(word);
    }
    if (text_ != nullptr) write(at, kind, node, peer, values, bytes);
}

// Byte by byte, the lowest first. What is above the highest that is not zero only multiplies: all at once.
void Recorder::hash(std::uint64_t word) {
    std::uint64_t digest = digest_;
    std::size_t bytes_left = 8;
    for (; word != 0; word >>= 8, --bytes_left) digest = (digest ^ (word & 0xFF)) * prime;
    digest_ = digest * prime_powers[bytes_left];
}

void Recorder::write(Instant at, EventKind kind, NodeId node, NodeId peer,
                     std::initializer_list<std::int64_t> values, std::span<const std::byte> bytes) {
    *text_ << seconds_text(at) << ' ' << name_of(kind) << ' ' << names_[node.value] << ' '
           << names_[peer.value];
    for (const std::int64_t value : values) *text_ << ' ' << value;
    if (!bytes.empty()) {
        *text_ << ' ' << bytes.size() << ' ';
        for (const std::byte byte : bytes.first(std::min(bytes.size(), header_size))) {
            *text_ << hexadecimal(std::to_integer<std::uint64_t>(byte), 2);
        }
    }
    *text_ << '\n';
}

}  // namespace rtjam::sim
