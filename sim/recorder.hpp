// Everything that happens, as one 64-bit digest and, if asked for, one line of text each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "core/base/time.hpp"
#include "sim/datagram_mark.hpp"
#include "sim/event_hash.hpp"

namespace rtjam::sim {

enum class EventKind : std::uint8_t {
    start,    // a player begins
    leave,    // a player stops
    send,     // a player sends a datagram
    cut,      // a datagram meets an outage
    lose,     // the line loses a datagram
    serve,    // a datagram reaches the server
    answer,   // the server sends a datagram
    arrive,   // a datagram reaches a player
    late,     // an audio callback runs late, by so many ns
    hear,     // a player plays a period of another: position, played, concealed, silent, skipped, repeated
    connect,  // a player's connection changes: the new one
    member,   // the room's membership changes: RoomEvent::Kind, id
    stop,     // the server stops
    restart,  // the server starts anew
    attack,   // an attacker's datagram reaches the server
    miss,     // an audio callback is missed
    rebind,   // a player's datagrams come from another port from now on: which
    refuse    // the stalled server's socket is full, and drops a datagram
};
const char* name_of(EventKind kind);

// Nodes of one world are numbered; the names are for the text only.
struct NodeId {
    std::uint32_t value = 0;
};

class Recorder {
public:
    // `text` may be null; it outlives the recorder.
    explicit Recorder(std::ostream* text) : text_(text) {}

    NodeId add_node(std::string name);

    // Of an event without a datagram the mark is empty. Inline, so that the values are hashed straight from
    // the call and no list is laid out, and with a digest of its own, which need not go to memory and back:
    // several events are recorded for each packet.
    void record(Instant at, EventKind kind, NodeId node, NodeId peer,
                std::initializer_list<std::int64_t> values, const DatagramMark& datagram = {}) {
        ++events_;
        std::uint64_t digest = hashed(digest_, static_cast<std::uint64_t>(at.time_since_epoch().count()));
        digest = hashed(digest, std::uint64_t{node.value} << 32 | std::uint64_t{peer.value} << 8 |
                                    static_cast<std::uint64_t>(kind));
        for (const std::int64_t value : values) digest = hashed(digest, static_cast<std::uint64_t>(value));
        digest_ = hashed(digest, datagram.hash());
        if (text_ != nullptr) write(at, kind, node, peer, values, datagram);
    }

    // A hash over every event's time, kind, nodes, values and its datagram's hash.
    std::uint64_t digest() const { return digest_; }
    std::uint64_t events() const { return events_; }

private:
    void write(Instant at, EventKind kind, NodeId node, NodeId peer,
               std::initializer_list<std::int64_t> values, const DatagramMark& datagram);

    std::ostream* text_;
    std::vector<std::string> names_;
    std::uint64_t digest_ = hash_begin;
    std::uint64_t events_ = 0;
};

// As it is printed: 16 hexadecimal digits.
std::string digest_text(std::uint64_t digest);

}  // namespace rtjam::sim
