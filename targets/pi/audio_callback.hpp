// What happens in the audio callback, the same for every backend: datagrams out of the receive ring into the
// engine, one period of audio, datagrams from the engine into the send ring, and one wake of the network
// thread.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/base/audio_types.hpp"
#include "core/base/spsc_ring.hpp"
#include "core/base/time.hpp"
#include "core/engine.hpp"
#include "targets/common/capture/capture_feed.hpp"
#include "targets/pi/engine_slot.hpp"
#include "targets/pi/wake_event.hpp"

namespace rtjam {

// A datagram that was longer than a packet can be is cut to one byte more than that: the engine sees that it
// is too long, and counts it.
inline constexpr std::size_t received_size_max = packet_size_max + 1;

struct ReceivedDatagram {
    Instant arrived{};  // on the audio backend's clock
    std::size_t size = 0;
    std::array<std::byte, received_size_max> bytes;
};
struct OutgoingDatagram {
    std::size_t size = 0;
    std::array<std::byte, packet_size_max> bytes;
};

// The longest period (4096 frames, 85 ms) brings about 64 packets of 64 frames from each jammer: 2048 slots
// hold that of 31 jammers, and a second of 1024-frame periods from many more.
inline constexpr std::size_t receive_ring_slots = 2048;
inline constexpr std::size_t send_ring_slots = 256;
inline constexpr std::size_t command_ring_slots = 64;
// Bounds on one callback's work: what is left waits for the next one.
inline constexpr std::size_t received_per_callback_max = 1024;
inline constexpr std::size_t commands_per_callback_max = command_ring_slots;
inline constexpr Duration status_interval = std::chrono::milliseconds{50};

class AudioCallback {
public:
    AudioCallback();

    // Audio thread, once a period. Realtime-safe: yes; its one system call is a wake of the network thread.
    // While there is no engine for this number of frames: silence.
    void process(AudioInput input, AudioOutput output, Instant now);

    // Network thread: pushes to received(), pops from outgoing(), waits for outgoing_ready().
    SpscRing<ReceivedDatagram>& received() { return received_; }
    SpscRing<OutgoingDatagram>& outgoing() { return outgoing_; }
    const WakeEvent& outgoing_ready() const { return outgoing_ready_; }

    // Control thread: pushes to commands(), pops from statuses(), which brings one every 50 ms or so.
    SpscRing<EngineCommand>& commands() { return commands_; }
    SpscRing<EngineStatus>& statuses() { return statuses_; }
    EngineSlot& engines() { return engines_; }

    // Control thread, before the first callback: what the engines are given goes there, too. It must live
    // until the last one.
    void capture_to(CaptureFeed* feed) { capture_ = feed; }

    // Control thread, while no callback can run: forgets what was received and not processed.
    void discard_received();

    // Any thread.
    std::uint64_t periods() const { return periods_.load(std::memory_order_relaxed); }
    std::uint64_t periods_without_engine() const {
        return periods_without_engine_.load(std::memory_order_relaxed);
    }
    std::uint64_t outgoing_dropped() const { return outgoing_dropped_.load(std::memory_order_relaxed); }
    // When the first period began, and the last one; only once periods() > 0.
    Instant first_period() const { return Instant{Duration{first_period_.load(std::memory_order_relaxed)}}; }
    Instant last_period() const { return Instant{Duration{last_period_.load(std::memory_order_relaxed)}}; }

private:
    void count_period(Instant now);
    void receive_datagrams(Engine& engine);
    void apply_commands(Engine& engine);
    void send_datagrams(PreparedEngine& prepared);
    void publish_status(const Engine& engine, Instant now);

    SpscRing<ReceivedDatagram> received_{receive_ring_slots};
    SpscRing<OutgoingDatagram> outgoing_{send_ring_slots};
    SpscRing<EngineCommand> commands_{command_ring_slots};
    SpscRing<EngineStatus> statuses_{2};
    WakeEvent outgoing_ready_;
    EngineSlot engines_;
    Instant status_due_{};
    CaptureFeed* capture_ = nullptr;  // nullptr: nothing is captured

    // Written by the audio thread alone. Relaxed: they are figures to look at and order nothing.
    std::atomic<std::uint64_t> periods_{0};
    std::atomic<std::uint64_t> periods_without_engine_{0};
    std::atomic<std::uint64_t> outgoing_dropped_{0};
    std::atomic<std::int64_t> first_period_{0};
    std::atomic<std::int64_t> last_period_{0};
};

}  // namespace rtjam
