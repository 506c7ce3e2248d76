// A value that one thread renews and another looks at: the reader gets the newest whole one, and neither ever
// waits for the other. Three places: one is being written, one is being read, and the newest lies in between.
// Realtime-safe: yes; allocates only in its constructor. Exactly one writing and one reading thread.
//
// Memory order: the writer fills its place and hands it over by an exchange that releases; the reader's
// exchange acquires, and so sees it filled. The same the other way round, for the place that the reader hands
// back.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

namespace rtjam {

template <typename T>
class LatestValue {
public:
    LatestValue() : places_(std::make_unique<std::array<T, 3>>()) {}

    // Writer: the place to fill; it holds an old value. publish() then makes it the newest.
    T& next() { return (*places_)[writing_]; }
    void publish() {
        writing_ =
            between_.exchange(static_cast<std::uint8_t>(writing_ | fresh), std::memory_order_acq_rel) & place;
    }

    // Reader: the newest value, good until the next call. Before the first publish(): T{}.
    const T& latest() {
        if ((between_.load(std::memory_order_relaxed) & fresh) != 0) {
            reading_ = between_.exchange(reading_, std::memory_order_acq_rel) & place;
        }
        return (*places_)[reading_];
    }

private:
    static constexpr std::uint8_t place = 3;
    static constexpr std::uint8_t fresh = 4;  // nobody has read it yet

    std::unique_ptr<std::array<T, 3>> places_;
    std::uint8_t writing_ = 0;
    std::atomic<std::uint8_t> between_{1};
    std::uint8_t reading_ = 2;
};

}  // namespace rtjam
