#include "targets/server/limit_share.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace rtjam {

namespace {

Rate part(const Rate& whole, std::uint32_t threads) {
    if (whole.per_second == 0) return whole;
    return {.per_second = std::max(whole.per_second / threads, std::uint32_t{1}),
            .burst = std::max(whole.burst / threads, std::uint32_t{1})};
}

StrangerRates part(const StrangerRates& whole, std::uint32_t threads) {
    return {.all = part(whole.all, threads), .of_customer = part(whole.of_customer, threads)};
}

}  // namespace

RoomLimits share_of(const RoomLimits& whole, std::size_t threads) {
    assert(threads > 0);
    const auto parts = static_cast<std::uint32_t>(threads);
    return {.of_member = whole.of_member,
            .challenges = part(whole.challenges, parts),
            .joins = part(whole.joins, parts)};
}

}  // namespace rtjam
