// rtjam-client: puts the parts together, and keeps them going until it is time to stop.
#include <signal.h>
#include <time.h>

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <optional>
#include <random>
#include <span>
#include <system_error>
#include <variant>
#include <vector>

#include "targets/common/capture/capture_file.hpp"
#include "targets/common/log.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/common/realtime_setup.hpp"
#include "targets/pi/backend_keeper.hpp"
#include "targets/pi/config.hpp"
#include "targets/pi/file_backend.hpp"
#include "targets/pi/jack_backend.hpp"
#include "targets/pi/jam_session.hpp"

namespace rtjam {
namespace {

constexpr long tick_nanoseconds = 20'000'000;
// Two seconds of a full room of 16, at 64 frames: 10 MB, and 40 with audio.
constexpr std::size_t capture_items = 24'000;

// Blocked in this thread before any other is started, and so in all of them: only the control loop sees them.
sigset_t block_stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

// Waits for one tick; true if it is time to stop.
bool stop_signal_within_tick(const sigset_t& signals) {
    const timespec tick{.tv_sec = 0, .tv_nsec = tick_nanoseconds};
    return sigtimedwait(&signals, nullptr, &tick) > 0;
}

ClientId random_id() {
    std::random_device random;
    ClientId id{random()};
    while (is_reserved(id)) id = ClientId{random()};
    return id;
}

template <AudioBackend Backend>
AudioState state_of(const Backend& backend) {
    return {.period = backend.period(),
            .xruns = backend.xruns(),
            .realtime_priority = backend.realtime_priority()};
}

void tell_audio_started(FrameCount period, const std::optional<FrameCount>& wanted) {
    spdlog::info("audio is running: {} frames a period", period.count());
    if (wanted && *wanted != period) {
        spdlog::warn("--frames {} was asked for, but the audio server's period is {}", wanted->count(),
                     period.count());
    }
}

template <AudioBackend Backend>
ClientReport jam(const ClientConfig& config, const sigset_t& signals, Backend& backend, JamSession& session) {
    const Instant begin = monotonic_now();
    BackendKeeper<Backend> keeper{backend};
    AudioState last{.period = backend.period()};
    while (!config.duration || monotonic_now() - begin < *config.duration) {
        const Instant now = monotonic_now();
        if (!backend.running()) {
            // What has ended by itself is to be cleared away before anything else.
            if (!backend.starting()) backend.stop();
            session.before_audio_starts(now);
        }
        const KeeperNews news = keeper.keep(now);
        if (news.trouble) spdlog::warn("{}", *news.trouble);
        if (backend.running()) {
            last = state_of(backend);
            if (news.started) tell_audio_started(last.period, config.period);
            session.tick(last, now);
            if constexpr (requires { backend.set_playout_delay(FrameCount{}); }) {
                backend.set_playout_delay(frames_in(session.playout_delay(), sample_rate_48k));
            }
        }
        if (stop_signal_within_tick(signals)) break;
    }
    backend.stop();
    last.xruns = backend.xruns();
    return session.finish(last);
}

bool write_report(const std::string& path, const ClientReport& report) {
    if (path.empty()) return true;
    std::ofstream file{path};
    file << to_json(report);
    file.close();
    if (!file) spdlog::error("{} cannot be written", path);
    return file.good();
}

ClientReport run_with_jack(const ClientConfig& config, const JackAudio& jack, ClientId id,
                           const sigset_t& signals, CaptureFeed* capture) {
    JamSession session{config, id};
    session.callback().capture_to(capture);
    const auto process = [&session](AudioInput input, AudioOutput output, Instant now) {
        session.callback().process(input, output, now);
    };
    JackBackend backend{jack, config.monitor, process};
    session.set_backend_clock([&backend] { return backend.now(); });
    return jam(config, signals, backend, session);
}

ClientReport run_with_files(const ClientConfig& config, const FileAudio& files, ClientId id,
                            const sigset_t& signals, CaptureFeed* capture) {
    JamSession session{config, id};
    session.callback().capture_to(capture);
    const auto process = [&session](AudioInput input, AudioOutput output, Instant now) {
        session.callback().process(input, output, now);
    };
    FileBackend backend{files, config.period.value_or(default_file_period), process};
    session.set_backend_clock(FileBackend::now);
    ClientReport report = jam(config, signals, backend, session);
    const WavRecorder& recorder = backend.recorder();
    if (recorder.failed()) spdlog::error("{} is not complete: writing it failed", files.output);
    if (recorder.frames_dropped() > 0) {
        spdlog::error("{} has {} frames of silence for which the disk was too slow", files.output,
                      recorder.frames_dropped());
    }
    return report;
}

int run(const ClientConfig& config) {
    const sigset_t signals = block_stop_signals();
    set_up_log();
    const ClientId id = config.id.value_or(random_id());
    spdlog::info("id {}{}{}", id.value(), config.id ? "" : " (random)",
                 config.name.empty() ? "" : ", " + config.name);
    if (const int error = lock_memory(); error != 0) {
        spdlog::warn("memory is not locked ({}): expect dropouts when it is short",
                     std::system_category().message(error));
    }
    std::optional<CaptureFile> capture;  // outlives the audio, which feeds it
    if (!config.capture.empty()) {
        capture.emplace(CaptureOptions{
            .path = config.capture, .with_audio = config.capture_audio, .items_min = capture_items});
    }
    CaptureFeed* feed = capture ? &capture->feed() : nullptr;
    const auto* jack = std::get_if<JackAudio>(&config.audio);
    const ClientReport report =
        jack != nullptr ? run_with_jack(config, *jack, id, signals, feed)
                        : run_with_files(config, std::get<FileAudio>(config.audio), id, signals, feed);
    return write_report(config.stats_json, report) ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace rtjam

int main(int argument_count, char** arguments) {
    const std::span all{arguments, static_cast<std::size_t>(argument_count)};
    const std::vector<const char*> given(all.begin() + (all.empty() ? 0 : 1), all.end());
    const auto config = rtjam::parse_command_line(given);
    if (!config) {
        (config.error().status == 0 ? std::cout : std::cerr) << config.error().text;
        return config.error().status;
    }
    try {
        return rtjam::run(*config);
    } catch (const std::exception& error) {
        std::cerr << "rtjam-client: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
