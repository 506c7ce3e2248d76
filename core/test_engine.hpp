// Engines for tests: what is played and sent can be told exactly.
#pragma once

#include <cstdint>
#include <vector>

#include "core/engine.hpp"
#include "core/wire/sample_codec.hpp"

namespace rtjam::test {

inline constexpr FrameCount period{128};
inline constexpr ClientId alice{101};
inline constexpr ClientId bob{102};
inline constexpr ClientId carol{103};
inline const Endpoint server = ipv4_endpoint({192, 0, 2, 1}, 7891);

inline EngineConfig config_of(ClientId id) {
    return {.id = id, .server = server, .period = period, .streams_max = 4, .monitor = false};
}

// An engine with its own audio callback; both channels of its input carry a counter, so that what is heard
// can be told exactly.
class Player {
public:
    explicit Player(const EngineConfig& config)
        : engine(config),
          left(config.period.size()),
          right(config.period.size()),
          out_left(config.period.size()),
          out_right(config.period.size()),
          sent(64, 64 * packet_size_max) {}

    static float left_at(std::int64_t frame) {
        return decode_sample(static_cast<std::uint16_t>(20'000 + frame % 25'000));
    }
    static float right_at(std::int64_t frame) {
        return decode_sample(static_cast<std::uint16_t>(50'000 - frame % 25'000));
    }

    void run_period(Instant now) {
        for (std::size_t i = 0; i < left.size(); ++i, ++frames) {
            left[i] = left_at(frames);
            right[i] = right_at(frames);
        }
        sent.clear();
        engine.process({left, right}, {out_left, out_right}, now, sent);
    }

    Engine engine;
    std::vector<float> left, right, out_left, out_right;
    TransmitList sent;
    std::int64_t frames = 0;
};

inline Instant at_period(std::int64_t index) {
    return Instant{std::chrono::seconds{100}} + duration_of(period * index, sample_rate_48k);
}

// Both play, and each hears the other at once: a line without delay.
inline void play_together(Player& a, Player& b, std::int64_t from, std::int64_t to) {
    for (std::int64_t i = from; i < to; ++i) {
        const Instant now = at_period(i);
        a.run_period(now);
        b.run_period(now);
        for (const Transmit& packet : a.sent.items()) b.engine.receive(packet.bytes, now);
        for (const Transmit& packet : b.sent.items()) a.engine.receive(packet.bytes, now);
    }
}

inline EngineStatus status_of(const Engine& engine) {
    EngineStatus status;
    engine.read_status(status);
    return status;
}

inline std::vector<std::byte> bare_header(PacketHeader header) {
    std::vector<std::byte> datagram(header_size);
    encode_header(header, datagram);
    return datagram;
}

inline PacketHeader answer(ClientId id, Instant sent_at, ServerTime time) {
    return {.beat = 3,
            .server_time = time,
            .client_time_us = static_cast<std::uint64_t>(microseconds_of(sent_at)),
            .client_id = id};
}

}  // namespace rtjam::test
