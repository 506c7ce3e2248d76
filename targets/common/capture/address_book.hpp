// The numbers that stand for addresses in a capture: in the order in which they appear, and one for all of a
// customer's network. Realtime-safe: no. One thread at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/base/endpoint.hpp"
#include "core/capture/capture_records.hpp"
#include "core/room/address_prefix.hpp"

namespace rtjam {

class AddressBook {
public:
    // Empty for one too many.
    std::optional<CapturedAddress> number_of(const Endpoint& endpoint) {
        const auto known = addresses_.find(endpoint);
        if (known != addresses_.end()) return known->second;
        if (addresses_.size() == capture_sources_max) return std::nullopt;
        const AddressPrefix prefix = customer_of(endpoint);
        auto network = std::find(networks_.begin(), networks_.end(), prefix);
        if (network == networks_.end()) network = networks_.insert(network, prefix);
        const CapturedAddress number{.address = static_cast<std::uint16_t>(addresses_.size()),
                                     .network = static_cast<std::uint16_t>(network - networks_.begin())};
        return addresses_.emplace(endpoint, number).first->second;
    }

private:
    std::map<Endpoint, CapturedAddress> addresses_;
    std::vector<AddressPrefix> networks_;
};

}  // namespace rtjam
