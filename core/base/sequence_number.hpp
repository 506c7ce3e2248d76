// Sequence numbers that wrap, and how to make sense of them.
// Realtime-safe: yes.
#pragma once

#include <cstdint>

namespace rtjam {

// The wire's 32-bit packet number. Serial number arithmetic (RFC 1982): there is no order on a circle, so
// there is no operator<; compare by distance, or unwrap near something known.
class SequenceNumber {
public:
    constexpr SequenceNumber() = default;
    constexpr explicit SequenceNumber(std::uint32_t value) : value_(value) {}
    constexpr std::uint32_t value() const { return value_; }
    constexpr SequenceNumber next() const { return SequenceNumber{value_ + 1}; }

    // Steps from `from` to `to` by the shorter way: positive if `to` is the later one. Exactly half way round
    // is −2³¹.
    friend constexpr std::int32_t distance(SequenceNumber from, SequenceNumber to) {
        return static_cast<std::int32_t>(to.value_ - from.value_);
    }

    // The 64-bit number with these low 32 bits that lies nearest to the checkpoint (CS144's `unwrap`).
    constexpr std::int64_t unwrap(std::int64_t checkpoint) const {
        const SequenceNumber near{static_cast<std::uint32_t>(checkpoint)};
        return checkpoint + distance(near, *this);
    }

    friend constexpr bool operator==(SequenceNumber, SequenceNumber) = default;

private:
    std::uint32_t value_ = 0;
};

}  // namespace rtjam
