// What must never happen in any world, whatever a scenario expects: found out by the simulator itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace rtjam::sim {

class Violations {
public:
    // The first ones are kept in words, all are counted: a broken module breaks a rule in every packet.
    static constexpr std::size_t texts_max = 20;

    void add(std::string text) {
        ++count_;
        if (texts_.size() < texts_max) texts_.push_back(std::move(text));
    }

    std::uint64_t count() const { return count_; }
    const std::vector<std::string>& texts() const { return texts_; }

private:
    std::uint64_t count_ = 0;
    std::vector<std::string> texts_;
};

}  // namespace rtjam::sim
