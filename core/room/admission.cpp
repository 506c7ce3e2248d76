#include "core/room/admission.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>

namespace rtjam {
namespace {

std::int64_t epoch_index_at(Instant now) {
    using Epochs = std::chrono::duration<std::int64_t, std::ratio<2>>;
    static_assert(Admission::epoch == Epochs{1});
    return std::chrono::floor<Epochs>(now.time_since_epoch()).count();
}

}  // namespace

Admission::Admission(Mode mode, const SipHashKey& key) : mode_(mode), key_(key) {}

ServerTime Admission::cookie_for(const Endpoint& source, Instant now) const {
    return cookie_of_epoch(source, epoch_index_at(now));
}

bool Admission::admits(const Endpoint& source, ServerTime looped, Instant now) const {
    if (mode_ == Mode::open) return true;
    if (!looped.is_cookie()) return false;
    const std::int64_t current = epoch_index_at(now);
    return looped == cookie_of_epoch(source, current) || looped == cookie_of_epoch(source, current - 1);
}

ServerTime Admission::cookie_of_epoch(const Endpoint& source, std::int64_t epoch_index) const {
    std::array<std::uint8_t, 26> message{};
    std::copy(source.address.begin(), source.address.end(), message.begin());
    message[16] = static_cast<std::uint8_t>(source.port >> 8);
    message[17] = static_cast<std::uint8_t>(source.port & 0xFF);
    for (std::size_t i = 0; i < 8; ++i) {
        message[18 + i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(epoch_index) >> (8 * i));
    }
    return ServerTime::of_cookie(siphash_2_4(key_, message));
}

}  // namespace rtjam
