#include "targets/common/send_plan.hpp"

#include <bit>
#include <cassert>
#include <cstring>

namespace rtjam {

namespace {

// Strangers choose their endpoints, but a drain holds few of them: the worst that they reach is a short walk.
std::uint64_t hash_of(const Endpoint& endpoint) {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::memcpy(&high, endpoint.address.data(), sizeof high);
    std::memcpy(&low, endpoint.address.data() + sizeof high, sizeof low);
    constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;
    return (((high ^ endpoint.port) * odd) ^ low) * odd >> 32;
}

// Stable, and without the memory that std::stable_sort asks for. Usually there are two sizes, the audio's and
// a bare header's, and a destination has at most one datagram of each that was received.
void longest_first(std::span<iovec> datagrams) {
    for (std::size_t i = 1; i < datagrams.size(); ++i) {
        const iovec moved = datagrams[i];
        std::size_t place = i;
        for (; place > 0 && datagrams[place - 1].iov_len < moved.iov_len; --place) {
            datagrams[place] = datagrams[place - 1];
        }
        datagrams[place] = moved;
    }
}

// How many of them, sorted by length, one message takes.
std::size_t message_length(std::span<const iovec> datagrams) {
    const std::size_t segment_bytes = datagrams[0].iov_len;
    std::size_t count = 1;
    std::size_t bytes = segment_bytes;
    while (count < datagrams.size() && count < SendPlan::segments_max) {
        const std::size_t next = datagrams[count].iov_len;
        if (next == 0 || bytes + next > SendPlan::message_bytes_max) break;
        ++count;
        bytes += next;
        if (next < segment_bytes) break;
    }
    return count;
}

iovec to_iovec(std::span<const std::byte> bytes) {
    return {const_cast<std::byte*>(bytes.data()),
            bytes.size()};  // iovec serves reading, too; sending only reads
}

}  // namespace

SendPlan::SendPlan(std::size_t transmits_max)
    : slots_(std::bit_ceil(2 * transmits_max)), datagrams_(transmits_max) {
    destinations_.reserve(transmits_max);
    destination_of_transmit_.reserve(transmits_max);
    messages_.reserve(transmits_max);
}

std::span<SendPlan::Message> SendPlan::make(std::span<const Transmit> transmits, Grouping grouping) {
    assert(transmits.size() <= datagrams_.size());
    messages_.clear();
    if (grouping == Grouping::none || transmits.size() == 1) {
        for (std::size_t i = 0; i < transmits.size(); ++i) {
            datagrams_[i] = to_iovec(transmits[i].bytes);
            messages_.push_back({transmits[i].to, std::span{datagrams_}.subspan(i, 1), 0});
        }
        return messages_;
    }
    destinations_.clear();
    destination_of_transmit_.clear();
    for (const Transmit& transmit : transmits) {
        const std::uint32_t destination = destination_of(transmit.to);
        ++destinations_[destination].count;
        destination_of_transmit_.push_back(destination);
    }
    place_datagrams(transmits);
    for (const Destination& destination : destinations_) {
        slots_[destination.slot] = 0;
        add_messages(destination.to, std::span{datagrams_}.subspan(destination.first, destination.count));
    }
    return messages_;
}

std::uint32_t SendPlan::destination_of(const Endpoint& endpoint) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash_of(endpoint) & mask;
    while (slots_[slot] != 0) {
        const std::uint32_t number = slots_[slot] - 1;
        if (destinations_[number].to == endpoint) return number;
        slot = (slot + 1) & mask;
    }
    destinations_.push_back({.to = endpoint, .slot = static_cast<std::uint32_t>(slot)});
    slots_[slot] = static_cast<std::uint32_t>(destinations_.size());
    return slots_[slot] - 1;
}

void SendPlan::place_datagrams(std::span<const Transmit> transmits) {
    std::uint32_t first = 0;
    for (Destination& destination : destinations_) {
        destination.first = first;
        first += destination.count;
        destination.count = 0;  // counted again as they are placed
    }
    for (std::size_t i = 0; i < transmits.size(); ++i) {
        Destination& destination = destinations_[destination_of_transmit_[i]];
        datagrams_[destination.first + destination.count] = to_iovec(transmits[i].bytes);
        ++destination.count;
    }
}

void SendPlan::add_messages(const Endpoint& to, std::span<iovec> datagrams) {
    longest_first(datagrams);
    while (!datagrams.empty()) {
        const std::size_t count = message_length(datagrams);
        messages_.push_back({to, datagrams.first(count), datagrams[0].iov_len});
        datagrams = datagrams.subspan(count);
    }
}

}  // namespace rtjam
