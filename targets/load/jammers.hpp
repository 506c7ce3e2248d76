// Synthetic jammers: each has a socket of its own, sends packets whose audio says when they were sent, and
// counts what comes back. Thread: one. Errors: exceptions.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/endpoint.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/base/transmit_list.hpp"
#include "core/wire/packet.hpp"
#include "targets/common/batch_receiver.hpp"
#include "targets/common/batch_sender.hpp"
#include "targets/common/udp_options.hpp"
#include "targets/load/load_options.hpp"
#include "targets/load/segment_receiver.hpp"

namespace rtjam {

// How long packets were on their way, to the microsecond.
class OneWayDelays {
public:
    static constexpr std::size_t delay_us_max = 1'000'000;  // longer counts as that

    void add(Duration delay);
    std::uint64_t count() const { return count_; }
    // 0 < share <= 1; zero without any.
    std::uint64_t quantile_us(double share) const;

private:
    std::vector<std::uint32_t> counts_ = std::vector<std::uint32_t>(delay_us_max + 1);
    std::uint64_t count_ = 0;
};

class Jammer {
public:
    // In a room, with ids from the first one on.
    static constexpr std::size_t jammers_max = 128;
    static constexpr std::uint32_t first_id = 1001;

    // With uncut, what is sent to it in one piece is to be received by the SegmentReceiver.
    Jammer(const Endpoint& server, ClientId id, FrameCount frames, bool uncut);

    // Sends a bare header, to be answered: with a cookie, and then as a member.
    void knock();
    bool joined() const { return joined_; }
    // What knock() or send() has sent last; good until the next of them.
    std::span<const std::byte> last_sent() const { return last_sent_; }

    // Leaves out the number before every so-manieth packet, as if one had been lost there; 0: none.
    void skip_every(std::uint64_t packets) { skip_every_ = packets; }

    // That many packets, at most packets_max, stamped now.
    static constexpr std::size_t packets_max = 64;
    void send(std::size_t packets);

    // Takes what waits, at most one batch. Delays are added to what is given. False when nothing waited.
    bool receive(BatchReceiver& receiver, OneWayDelays& delays);
    bool receive(SegmentReceiver& receiver, OneWayDelays& delays);

    // Packets since joining that the server has not answered, and forgetting about them.
    std::uint64_t unanswered() const { return sent_ - answered_; }
    void forget_unanswered() { answered_ = sent_; }

    std::uint64_t sent() const { return sent_; }
    std::uint64_t heard() const { return heard_; }
    // Jammers of whom it has heard a packet.
    std::size_t others_heard() const { return others_.count(); }
    // Bare headers that it has sent, and of others that it has heard.
    std::uint64_t knocks() const { return knocks_; }
    std::uint64_t knocks_heard() const { return knocks_heard_; }
    std::uint64_t skipped() const { return skipped_; }
    std::uint64_t unsent() const;
    // What came to this socket and was dropped because we did not take it in time; uncut, in messages.
    std::uint64_t dropped_here() const;
    int descriptor() const { return socket_.descriptor(); }

private:
    void take(std::span<const ReceivedDatagram> datagrams, OneWayDelays& delays);
    void take(std::span<const std::byte> datagram, Instant arrived, OneWayDelays& delays);

    UdpSocket socket_;
    Endpoint server_;
    ClientId id_;
    BatchSender sender_;
    std::vector<std::byte> bytes_;  // of packets_max packets
    std::size_t packet_bytes_;
    std::vector<Transmit> transmits_;
    std::span<const std::byte> last_sent_;
    SequenceNumber sequence_;
    ServerTime looped_;
    bool joined_ = false;
    std::uint64_t sent_ = 0;
    std::uint64_t answered_ = 0;
    std::uint64_t heard_ = 0;
    std::bitset<jammers_max> others_;  // by their ids, from the first one on
    std::uint64_t knocks_ = 0;
    std::uint64_t knocks_heard_ = 0;
    std::uint64_t skip_every_ = 0;
    std::uint64_t skipped_ = 0;
};

}  // namespace rtjam
