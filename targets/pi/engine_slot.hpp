// How a new engine replaces the one that the audio callback is using, without the callback ever allocating,
// freeing or waiting: the control thread offers, the callback adopts, the control thread disposes.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "core/base/audio_types.hpp"
#include "core/base/transmit_list.hpp"
#include "core/engine.hpp"

namespace rtjam {

// An engine with all that it needs to run; built by the control thread.
struct PreparedEngine {
    // Without a server (online false) it plays the monitor, and nothing that it sends leaves the house.
    PreparedEngine(const EngineConfig& config_given, bool online_now)
        : config(config_given),
          engine(config),
          transmits(engine.packets_per_period(), engine.packets_per_period() * packet_size_max),
          period(config.period),
          online(online_now) {}

    EngineConfig config;
    Engine engine;
    TransmitList transmits;
    FrameCount period;
    bool online;
};

class EngineSlot {
public:
    EngineSlot() = default;
    EngineSlot(const EngineSlot&) = delete;
    EngineSlot& operator=(const EngineSlot&) = delete;
    ~EngineSlot() {
        delete offered_.load();
        delete retired_.load();
    }

    // Control thread. An engine that was offered and never adopted is replaced.
    void offer(std::unique_ptr<PreparedEngine> engine) {
        // Acquire and release: the callback sees the engine as it was built; what we get back we may delete.
        const std::unique_ptr<PreparedEngine> replaced{
            offered_.exchange(engine.release(), std::memory_order_acq_rel)};
    }

    // Control thread: the engine that the callback has let go of, or nothing.
    std::unique_ptr<PreparedEngine> take_retired() {
        return std::unique_ptr<PreparedEngine>{retired_.exchange(nullptr, std::memory_order_acq_rel)};
    }

    // Callback: changes to the offered engine, if there is one. As long as the last retired engine has not
    // been taken, there is no place for another, and the offered one waits. True if it has changed.
    // Realtime-safe: yes, wait-free.
    bool adopt() {
        if (retired_.load(std::memory_order_acquire) != nullptr) return false;
        PreparedEngine* fresh = offered_.exchange(nullptr, std::memory_order_acq_rel);
        if (fresh == nullptr) return false;
        retired_.store(current_.release(), std::memory_order_release);
        current_.reset(fresh);
        return true;
    }

    // Callback; or the control thread while no callback can run.
    PreparedEngine* current() { return current_.get(); }
    // Control thread, while no callback can run.
    std::unique_ptr<PreparedEngine> take_current() { return std::move(current_); }

private:
    std::atomic<PreparedEngine*> offered_{nullptr};
    std::atomic<PreparedEngine*> retired_{nullptr};
    std::unique_ptr<PreparedEngine> current_;
};

}  // namespace rtjam
