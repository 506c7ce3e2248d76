#include "sim/recorder.hpp"

#include <array>
#include <ostream>

namespace rtjam::sim {
namespace {

constexpr std::array<const char*, 18> event_names{"start",  "leave",   "send",   "cut",  "lose",    "serve",
                                                  "answer", "arrive",  "late",   "hear", "connect", "member",
                                                  "stop",   "restart", "attack", "miss", "rebind",  "refuse"};

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
