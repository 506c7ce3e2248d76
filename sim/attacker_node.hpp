// An attacker: sends what no honest player sends, from addresses that may not be its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/endpoint.hpp"
#include "core/base/ids.hpp"
#include "core/base/rng.hpp"
#include "core/wire/packet.hpp"
#include "sim/results.hpp"
#include "sim/scenario.hpp"

namespace rtjam::sim {

class AttackerNode {
public:
    static constexpr std::size_t overheard_max = 256;

    // Its sources are numbered from `first_source` on, apart from those of all other attackers.
    // The victim's id means something for thefts only.
    AttackerNode(const AttackerConfig& config, std::size_t first_source, ClientId victim, const Rng& rng);

    const AttackerConfig& config() const { return config_; }
    bool owns(const Endpoint& endpoint) const;

    // When the next datagram is sent; it may be after the attack's end.
    Instant next_time() const;
    struct Datagram {
        Endpoint from;
        std::span<std::byte> bytes;  // until the next call
    };
    Datagram next();

    // What the server sent to one of its sources.
    void receive(const Endpoint& source, std::span<const std::byte> datagram);
    // What its victim sends: it sees that, and keeps the latest.
    void overhear(std::size_t player, std::span<const std::byte> datagram);
    void count_slot_taken() { ++slots_taken_; }
    AttackerResult result() const;

private:
    void fill_join(std::size_t source, std::span<std::byte> bytes);
    void fill_replay(std::span<std::byte>& bytes);
    ClientId id_of(std::size_t source) const;

    AttackerConfig config_;
    std::size_t first_source_;
    Duration interval_;
    Rng rng_;
    std::vector<std::byte> buffer_;
    ClientId victim_;
    std::vector<std::vector<std::byte>> overheard_;  // of the victim's; a ring
    std::size_t overheard_next_ = 0;
    std::vector<ServerTime> cookies_;  // of a loris: what each source was told
    std::uint64_t sent_ = 0;
    std::uint64_t bytes_sent_ = 0;
    std::uint64_t received_ = 0;
    std::uint64_t bytes_received_ = 0;
    std::uint64_t slots_taken_ = 0;
};

}  // namespace rtjam::sim
