// Strangers who mean harm, for the server's tests: datagrams from addresses of which no two need be alike,
// with cookies made up or stolen, packets of the players sent again, what no parser takes, and what is too
// long. They reach servers on this machine only, where all of 127.0.0.0/8 is ours to send from; of IPv6 it is
// ::1 alone, or what somebody has routed to the loopback interface (see Attack). Thread: one. Errors:
// exceptions while it is made.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/endpoint.hpp"
#include "core/base/ids.hpp"
#include "core/base/rng.hpp"
#include "core/wire/packet.hpp"
#include "targets/common/batch_receiver.hpp"
#include "targets/common/udp_options.hpp"

namespace rtjam {

struct AttackCounters {
    // Datagrams of each kind; those that our own system did not take are in none of them.
    std::uint64_t spoofed = 0;
    std::uint64_t replayed = 0;
    std::uint64_t malformed = 0;
    std::uint64_t oversized = 0;
    // Of these, packets: what else was sent must not be answered, and a packet once at most.
    std::uint64_t packets = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t unsent = 0;
    // What the server has sent to where they came from, or seemed to.
    std::uint64_t received = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_longest = 0;

    std::uint64_t sent() const { return spoofed + replayed + malformed + oversized; }
};

// Every file in the folder and those below it, as bytes. Throws if there is none.
std::vector<std::vector<std::byte>> read_corpus(const std::string& folder);

class Attack {
public:
    // The corpus: more datagrams to send as they are, up to the longest that UDP takes. The IPv6 sources, for
    // a server there: all of that address's /32, which must be of fc00::/7 (RFC 4193) and this machine's own,
    //   ip -6 route add local fdad:bad::/32 dev lo
    // without them ::1 alone.
    Attack(const Endpoint& server, std::vector<std::vector<std::byte>> corpus,
           const std::optional<Endpoint>& ipv6_sources);

    // A packet of a player's, to be sent again.
    void capture(std::span<const std::byte> packet);
    // The next ones, the kinds in turn.
    void send(std::size_t datagrams);
    // What has come, at all sources.
    void receive();
    const AttackCounters& counters() const { return counters_; }

private:
    static constexpr std::size_t captured_max = 64;

    void open_sources();
    Endpoint random_source();
    void receive_at(std::size_t source);
    std::span<const std::byte> spoofed();
    std::span<const std::byte> replayed();
    std::span<const std::byte> malformed();
    std::span<const std::byte> oversized();
    void send(std::span<const std::byte> datagram, std::uint64_t& kind);
    std::span<std::byte> noise(std::size_t bytes);

    Endpoint server_;
    std::optional<Endpoint> ipv6_sources_;
    std::vector<std::vector<std::byte>> corpus_;
    std::deque<UdpSocket> sources_;
    BatchReceiver receiver_;
    Rng rng_{1};
    std::vector<std::byte> bytes_;
    std::array<std::vector<std::byte>, captured_max> captured_;
    std::size_t captures_ = 0;
    ServerTime stolen_;
    std::uint64_t turn_ = 0;
    AttackCounters counters_;
};

}  // namespace rtjam
