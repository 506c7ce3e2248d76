// Who may become a member: a source has to show that it receives what is sent to its address, by looping back
// an address cookie. Nothing is stored for a source that has not.
// Realtime-safe: yes. Stateless after construction.
#pragma once

#include <cstdint>

#include "core/base/endpoint.hpp"
#include "core/base/siphash.hpp"
#include "core/base/time.hpp"
#include "core/wire/packet.hpp"

namespace rtjam {

class Admission {
public:
    enum class Mode : std::uint8_t {
        cookie,  // a packet that carries a fresh cookie of its source admits
        open     // the first packet admits, as in the original RTJam: for closed networks
    };

    // A cookie is good in the epoch in which it was made and in the next one: for 2 to 4 s.
    static constexpr Duration epoch = std::chrono::seconds{2};

    Admission(Mode mode, const SipHashKey& key);

    // What this source must loop back: SipHash-2-4 over address, port and epoch, with bit 63 set.
    ServerTime cookie_for(const Endpoint& source, Instant now) const;
    bool admits(const Endpoint& source, ServerTime looped, Instant now) const;

private:
    ServerTime cookie_of_epoch(const Endpoint& source, std::int64_t epoch_index) const;

    Mode mode_;
    SipHashKey key_;
};

}  // namespace rtjam
