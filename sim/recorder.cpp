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

// Odd, so that no two words become one: 2^64 over the golden ratio.
constexpr std::uint64_t multiplier = 0x9E3779B97F4A7C15;

// The product's upper half has what all of the word does; the lower bits get it back.
constexpr std::uint64_t hashed(std::uint64_t digest, std::uint64_t word) {
    digest = (digest ^ word) * multiplier;
    return digest ^ digest >> 32;
}

// Written out, so that it becomes one load.
std::uint64_t word_of(std::span<const std::byte, 8> bytes) {
    const auto at = [&](std::size_t i) { return std::to_integer<std::uint64_t>(bytes[i]); };
    return at(0) << 56 | at(1) << 48 | at(2) << 40 | at(3) << 32 | at(4) << 24 | at(5) << 16 | at(6) << 8 |
           at(7);
}

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

DatagramMark::DatagramMark(std::span<const std::byte> datagram)
    : size_(datagram.size()),
      first_bytes_(datagram.first(std::min(datagram.size(), header_size))),
      hash_(hashed(Recorder::digest_begin, datagram.size())) {
    std::size_t at = 0;
    for (; at + 8 <= first_bytes_.size(); at += 8)
        hash_ = hashed(hash_, word_of(first_bytes_.subspan(at).first<8>()));
    if (at < first_bytes_.size()) {
        std::uint64_t word = 0;
        for (const std::byte byte : first_bytes_.subspan(at))
            word = word << 8 | std::to_integer<std::uint64_t>(byte);
        hash_ = hashed(hash_, word);
    }
}

void Recorder::record(Instant at, EventKind kind, NodeId node, NodeId peer,
                      std::initializer_list<std::int64_t> values, const DatagramMark& datagram) {
    ++events_;
    // Not in the member, which would go to memory and back with every word.
    std::uint64_t digest = hashed(digest_, static_cast<std::uint64_t>(at.time_since_epoch().count()));
    digest = hashed(digest, std::uint64_t{node.value} << 32 | std::uint64_t{peer.value} << 8 |
                                static_cast<std::uint64_t>(kind));
    for (const std::int64_t value : values) digest = hashed(digest, static_cast<std::uint64_t>(value));
    digest_ = hashed(digest, datagram.hash());
    if (text_ != nullptr) write(at, kind, node, peer, values, datagram);
}

void Recorder::write(Instant at, EventKind kind, NodeId node, NodeId peer,
                     std::initializer_list<std::int64_t> values, const DatagramMark& datagram) {
    *text_ << seconds_text(at) << ' ' << name_of(kind) << ' ' << names_[node.value] << ' '
           << names_[peer.value];
    for (const std::int64_t value : values) *text_ << ' ' << value;
    if (datagram.size() > 0) {
        *text_ << ' ' << datagram.size() << ' ';
        for (const std::byte byte : datagram.first_bytes())
            *text_ << hexadecimal(std::to_integer<std::uint64_t>(byte), 2);
    }
    *text_ << '\n';
}

}  // namespace rtjam::sim
