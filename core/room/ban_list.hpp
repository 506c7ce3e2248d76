// Who may not be in a room: addresses, by prefix, and client ids, for good or until a time.
// Realtime-safe: yes.
#pragma once

#include <cstddef>
#include <optional>
#include <variant>

#include "core/base/endpoint.hpp"
#include "core/base/ids.hpp"
#include "core/base/static_vector.hpp"
#include "core/base/time.hpp"
#include "core/room/address_prefix.hpp"

namespace rtjam {

struct Ban {
    std::variant<AddressPrefix, ClientId> whom;
    std::optional<Instant> until;  // empty: for good

    friend bool operator==(const Ban&, const Ban&) = default;
};

class BanList {
public:
    static constexpr std::size_t bans_max = 256;

    // A second ban of the same takes the first one's place. False if the list is full.
    bool add(const Ban& ban);
    // True if there was one.
    bool remove(const std::variant<AddressPrefix, ClientId>& whom);
    // Forgets those whose time is over.
    void expire(Instant now);
    void clear() { bans_.clear(); }

    bool bans(const Endpoint& endpoint, ClientId id, Instant now) const;

    std::size_t size() const { return bans_.size(); }
    const Ban* begin() const { return bans_.begin(); }
    const Ban* end() const { return bans_.end(); }

private:
    StaticVector<Ban, bans_max> bans_;
};

}  // namespace rtjam
