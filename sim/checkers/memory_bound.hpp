// Rule: what runs in real time allocates nothing once it is there, so that nothing that a network sends can
// make it grow. All of its queues and tables have their places from the start, and bounds of their own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/violations.hpp"

namespace rtjam::sim {

class MemoryBound {
public:
    // How many allocations the program has made so far.
    using Count = std::uint64_t (*)();

    void watch(Count count) { count_ = count; }

    // Runs it. What it allocates is laid at `who`'s door.
    template <typename Work>
    auto check(std::string_view who, Violations& violations, Work work) {
        if (count_ == nullptr) return work();
        const Judge judge{count_, count_(), who, violations};
        return work();
    }

private:
    // Also of work that has no result: judges when it is over.
    struct Judge {
        Count count;
        std::uint64_t before;
        std::string_view who;
        Violations& violations;
        Judge(Count counts, std::uint64_t so_far, std::string_view whose, Violations& found)
            : count(counts), before(so_far), who(whose), violations(found) {}
        Judge(const Judge&) = delete;
        Judge& operator=(const Judge&) = delete;
        ~Judge() {
            if (count() != before) violations.add(std::string{who} + " allocates while running");
        }
    };

    Count count_ = nullptr;
};

}  // namespace rtjam::sim
