// Who is in a room. Client ids and endpoints are both unique in it.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/base/endpoint.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/room/room_stats.hpp"
#include "core/room/token_bucket.hpp"

namespace rtjam {

struct Member {
    ClientId id;
    Endpoint endpoint;
    Instant since{};       // when it joined under this id
    Instant last_heard{};  // its last accepted packet
    MemberStats stats;
    TokenBucket rate{};
};

// Members are named by their index, which holds until the next remove().
class MemberTable {
public:
    // At least one.
    explicit MemberTable(std::size_t capacity);

    std::size_t capacity() const { return capacity_; }
    std::size_t size() const { return members_.size(); }
    bool full() const { return members_.size() == capacity_; }
    std::span<const Member> members() const { return members_; }
    const Member& operator[](std::size_t index) const;
    // In the members' order.
    std::span<const Endpoint> endpoints() const { return endpoints_; }

    std::optional<std::size_t> find(const Endpoint& endpoint) const;
    std::optional<std::size_t> find(ClientId id) const;

    // Returns the new member's index. The table must not be full, id and endpoint must not be in it.
    std::size_t add(ClientId id, const Endpoint& endpoint, Instant now);
    // The last member takes the removed one's index.
    void remove(std::size_t index);
    // The same member from another endpoint, which must not be in the table.
    void move(std::size_t index, const Endpoint& endpoint);
    // Another client at the same endpoint; its id must not be in the table.
    void replace(std::size_t index, ClientId id, Instant now);
    // False if the packet is beyond that rate: it is counted, and not to be heard.
    bool keeps_to(const Rate& rate, std::size_t index, Instant now);
    void hear(std::size_t index, const PacketView& packet, Instant now);
    void count_unsent(std::size_t index, std::uint64_t datagrams, bool full);

private:
    std::size_t capacity_;
    std::vector<Member> members_;
    // What every datagram is looked up in and forwarded to, apart from the rest so that it stays in the
    // cache.
    std::vector<Endpoint> endpoints_;
};

}  // namespace rtjam
