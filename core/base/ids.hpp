// Who a stream belongs to.
// Realtime-safe: yes.
#pragma once

#include <compare>
#include <cstdint>

namespace rtjam {

// A client's number, chosen by the client (or given to it); unique in a room.
class ClientId {
public:
    constexpr ClientId() = default;
    constexpr explicit ClientId(std::uint32_t value) : value_(value) {}
    constexpr std::uint32_t value() const { return value_; }
    friend constexpr auto operator<=>(ClientId, ClientId) = default;

private:
    std::uint32_t value_ = 0;
};

// Ids with a meaning in the original RTJam programs; we never assign them.
constexpr bool is_reserved(ClientId id) {
    return id.value() == 0 || id.value() == 4321 || id.value() == 40000 || id.value() == 40002;
}

}  // namespace rtjam
