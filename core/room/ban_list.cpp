#include "core/room/ban_list.hpp"

#include <algorithm>

namespace rtjam {
namespace {

bool is_over(const Ban& ban, Instant now) {
    return ban.until && *ban.until <= now;
}

bool is_about(const Ban& ban, const Endpoint& endpoint, ClientId id) {
    if (const auto* prefix = std::get_if<AddressPrefix>(&ban.whom)) return contains(*prefix, endpoint);
    const auto* banned = std::get_if<ClientId>(&ban.whom);
    return banned != nullptr && *banned == id;
}

}  // namespace

bool BanList::add(const Ban& ban) {
    const auto same =
        std::find_if(bans_.begin(), bans_.end(), [&](const Ban& other) { return other.whom == ban.whom; });
    if (same == bans_.end()) return bans_.push_back(ban);
    *same = ban;
    return true;
}

bool BanList::remove(const std::variant<AddressPrefix, ClientId>& whom) {
    for (std::size_t i = 0; i < bans_.size(); ++i) {
        if (bans_[i].whom != whom) continue;
        bans_.remove_unordered(i);
        return true;
    }
    return false;
}

void BanList::expire(Instant now) {
    for (std::size_t i = bans_.size(); i-- > 0;) {
        if (is_over(bans_[i], now)) bans_.remove_unordered(i);
    }
}

bool BanList::bans(const Endpoint& endpoint, ClientId id, Instant now) const {
    return std::any_of(bans_.begin(), bans_.end(),
                       [&](const Ban& ban) { return !is_over(ban, now) && is_about(ban, endpoint, id); });
}

}  // namespace rtjam
