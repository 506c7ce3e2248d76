// An attacker: sends what no honest player sends, from addresses that may not be its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/endpoint.hpp"
#include "core/base/rng.hpp"
#include "sim/results.hpp"
#include "sim/scenario.hpp"

namespace rtjam::sim {

class AttackerNode {
public:
    // Its sources are numbered from `first_source` on, apart from those of all other attackers.
    AttackerNode(const AttackerConfig& config, std::size_t first_source, const Rng& rng);

    const AttackerConfig& config() const { return config_; }
    bool owns(const Endpoint& endpoint) const;

    // When the next datagram is sent; it may be after the attack's end.
    Instant next_time() const;
    struct Datagram {
        Endpoint from;
        std::span<std::byte> bytes;  // until the next call
    };
    Datagram next();

    void count_received(std::size_t bytes);
    void count_slot_taken() { ++slots_taken_; }
    AttackerResult result() const;

private:
    void fill_join(std::size_t source, std::span<std::byte> bytes);

    AttackerConfig config_;
    std::size_t first_source_;
    Duration interval_;
    Rng rng_;
    std::vector<std::byte> buffer_;
    std::uint64_t sent_ = 0;
    std::uint64_t bytes_sent_ = 0;
    std::uint64_t received_ = 0;
    std::uint64_t bytes_received_ = 0;
    std::uint64_t slots_taken_ = 0;
};

}  // namespace rtjam::sim
