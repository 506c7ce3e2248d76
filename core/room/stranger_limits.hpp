// How many strangers are answered and let in: so many in all, and so many from one customer's addresses,
// so that neither one network nor forged sources from everywhere make it work for nothing.
//
// While more is wanted than is to be had, everybody has the same chance: from half of a bucket on it falls
// with what is left (random early detection, Floyd and Jacobson 1993). First come, first served would let a
// flood that keeps time take each token at the moment at which it is there, and leave an honest player none.
//
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/endpoint.hpp"
#include "core/base/rng.hpp"
#include "core/base/siphash.hpp"
#include "core/base/time.hpp"
#include "core/room/address_prefix.hpp"
#include "core/room/token_bucket.hpp"

namespace rtjam {

// The rates of one thing that strangers do.
struct StrangerRates {
    Rate all;
    Rate of_customer;

    friend bool operator==(const StrangerRates&, const StrangerRates&) = default;
};

class StrangerLimits {
public:
    // Customers that are told apart at once. Of more, those heard longest ago are forgotten: then they have a
    // full bucket again, and the one for all still holds.
    static constexpr std::size_t customers_max = 1024;

    // The key is a secret, so that nobody can choose addresses that share a place with another's.
    explicit StrangerLimits(const SipHashKey& key);

    // Whether this stranger may have one. What is refused costs the others nothing. Where several rooms ask,
    // `now` may be a little before what another one has said.
    bool take(const StrangerRates& rates, const Endpoint& from, Instant now);

private:
    static constexpr std::size_t ways = 4;  // places among which a customer has its own
    struct Customer {
        AddressPrefix prefix;
        Instant last_heard = Instant::min();
        TokenBucket bucket{};
    };

    Customer& customer_at(const Endpoint& from);
    bool has_chance(const TokenBucket& bucket, const Rate& rate, Instant now);

    SipHashKey key_;
    Rng rng_;
    Instant now_ = Instant::min();  // as far as it has come
    TokenBucket all_;
    std::vector<Customer> customers_;
};

// What strangers of a room, or of several rooms of one thread together, have left.
struct StrangerDoor {
    explicit StrangerDoor(const SipHashKey& key) : challenges(key), joins(key) {}

    StrangerLimits challenges;
    StrangerLimits joins;
};

}  // namespace rtjam
