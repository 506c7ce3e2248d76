#include "core/room/stranger_limits.hpp"

#include <algorithm>

namespace rtjam {

StrangerLimits::StrangerLimits(const SipHashKey& key)
    : key_(key), rng_(siphash_2_4(key, {})), customers_(customers_max) {}

bool StrangerLimits::take(const StrangerRates& rates, const Endpoint& from, Instant now) {
    now = now_ = std::max(now_, now);
    Customer& customer = customer_at(from);
    customer.last_heard = now;
    if (!has_chance(customer.bucket, rates.of_customer, now) || !has_chance(all_, rates.all, now))
        return false;
    return customer.bucket.take(rates.of_customer, now) && all_.take(rates.all, now);
}

bool StrangerLimits::has_chance(const TokenBucket& bucket, const Rate& rate, Instant now) {
    const double fill = bucket.fill(rate, now);
    return fill >= 0.5 || rng_.chance(2.0 * fill);
}

StrangerLimits::Customer& StrangerLimits::customer_at(const Endpoint& from) {
    const AddressPrefix prefix = customer_of(from);
    const std::uint64_t hash = siphash_2_4(key_, prefix.address);
    const auto first = customers_.begin() + static_cast<std::ptrdiff_t>(hash % (customers_max / ways) * ways);
    const auto end = first + ways;
    const auto known =
        std::find_if(first, end, [&](const Customer& other) { return other.prefix == prefix; });
    if (known != end) return *known;
    const auto oldest = std::min_element(first, end, [](const Customer& one, const Customer& other) {
        return one.last_heard < other.last_heard;
    });
    *oldest = {.prefix = prefix};
    return *oldest;
}

}  // namespace rtjam
