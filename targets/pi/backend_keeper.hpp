// Keeps audio running: starts the backend, and again when it has ended by itself, and says each trouble once.
// Realtime-safe: no. The control thread. Time comes in as an argument.
#pragma once

#include <optional>
#include <string>

#include "core/base/time.hpp"
#include "targets/pi/audio_backend.hpp"

namespace rtjam {

struct KeeperNews {
    bool started = false;                // audio runs again, or for the first time
    std::optional<std::string> trouble;  // to be told: why audio does not run
};

template <AudioBackend Backend>
class BackendKeeper {
public:
    static constexpr Duration retry_interval = std::chrono::seconds{1};

    explicit BackendKeeper(Backend& backend) : backend_(backend) {}

    // To be called often; it tries once a second, and looks each time how far an attempt is.
    KeeperNews keep(Instant now) {
        if (backend_.running()) return {};
        if (!backend_.starting()) {
            if (next_attempt_ && now < *next_attempt_) return {};
            next_attempt_ = now + retry_interval;
        }
        const auto reason = backend_.start();
        if (!reason) {
            has_run_ = true;
            said_.reset();
            next_attempt_.reset();
            return {.started = true, .trouble = std::nullopt};
        }
        const bool may_yet_come = backend_.starting() && now < *next_attempt_;
        if (may_yet_come || said_ == reason) return {};
        said_ = reason;
        const std::string prefix = has_run_ ? "audio has stopped: " : "no audio yet: ";
        return {.started = false, .trouble = prefix + *reason + "; trying again every second"};
    }

private:
    Backend& backend_;
    bool has_run_ = false;
    std::optional<Instant> next_attempt_;  // empty: at once
    std::optional<std::string> said_;
};

}  // namespace rtjam
