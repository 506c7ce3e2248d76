#include "core/room/member_table.hpp"

#include <algorithm>
#include <cassert>

namespace rtjam {

MemberTable::MemberTable(std::size_t capacity) : capacity_(capacity) {
    assert(capacity > 0);
    members_.reserve(capacity);
    endpoints_.reserve(capacity);
}

const Member& MemberTable::operator[](std::size_t index) const {
    assert(index < members_.size());
    return members_[index];
}

std::optional<std::size_t> MemberTable::find(const Endpoint& endpoint) const {
    const auto found = std::find(endpoints_.begin(), endpoints_.end(), endpoint);
    if (found == endpoints_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - endpoints_.begin());
}

std::optional<std::size_t> MemberTable::find(ClientId id) const {
    const auto found = std::find_if(members_.begin(), members_.end(),
                                    [id](const Member& member) { return member.id == id; });
    if (found == members_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - members_.begin());
}

std::size_t MemberTable::add(ClientId id, const Endpoint& endpoint, Instant now) {
    assert(!full() && !find(id) && !find(endpoint));
    members_.push_back({.id = id, .endpoint = endpoint, .since = now, .last_heard = now, .stats = {}});
    endpoints_.push_back(endpoint);
    return members_.size() - 1;
}

void MemberTable::remove(std::size_t index) {
    assert(index < members_.size());
    members_[index] = members_.back();
    members_.pop_back();
    endpoints_[index] = endpoints_.back();
    endpoints_.pop_back();
}

void MemberTable::move(std::size_t index, const Endpoint& endpoint) {
    assert(index < members_.size() && !find(endpoint));
    members_[index].endpoint = endpoint;
    endpoints_[index] = endpoint;
}

void MemberTable::replace(std::size_t index, ClientId id, Instant now) {
    assert(index < members_.size() && !find(id));
    const Endpoint endpoint = members_[index].endpoint;
    members_[index] = {.id = id, .endpoint = endpoint, .since = now, .last_heard = now, .stats = {}};
}

bool MemberTable::keeps_to(const Rate& rate, std::size_t index, Instant now) {
    assert(index < members_.size());
    if (members_[index].rate.take(rate, now)) return true;
    members_[index].stats.count_over_rate();
    return false;
}

void MemberTable::hear(std::size_t index, const PacketView& packet, Instant now) {
    assert(index < members_.size());
    members_[index].last_heard = now;
    members_[index].stats.hear(packet, now);
}

void MemberTable::count_unsent(std::size_t index, std::uint64_t datagrams, bool full) {
    assert(index < members_.size());
    members_[index].stats.count_unsent(datagrams, full);
}

}  // namespace rtjam
