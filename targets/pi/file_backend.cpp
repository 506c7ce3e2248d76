#include "targets/pi/file_backend.hpp"

#include <time.h>

#include <algorithm>
#include <cassert>
#include <span>
#include <utility>

#include "targets/common/realtime_setup.hpp"
#include "targets/pi/period_pacer.hpp"

namespace rtjam {
namespace {

// So that the first period is not late already.
constexpr Duration head_start = std::chrono::milliseconds{10};

void sleep_until(Instant instant) {
    const auto since_epoch = instant.time_since_epoch();
    const auto whole_seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
    timespec until{};
    until.tv_sec = whole_seconds.count();
    until.tv_nsec = (since_epoch - whole_seconds).count();
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

// The part of the sound that begins at the position, and silence after its end.
void copy_sound(std::span<const float> sound, SamplePosition position, std::span<float> out) {
    const std::size_t begin = std::min(static_cast<std::size_t>(position.frames()), sound.size());
    const std::size_t frames = std::min(sound.size() - begin, out.size());
    std::copy_n(sound.begin() + static_cast<std::ptrdiff_t>(begin), frames, out.begin());
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(frames), out.end(), 0.0F);
}

}  // namespace

FileBackend::FileBackend(const FileAudio& files, FrameCount period, AudioProcess process)
    : period_(period),
      process_(std::move(process)),
      sound_(read_sound(files.input)),
      recorder_(files.output, sample_rate_48k),
      input_left_(period.size()),
      input_right_(period.size()),
      output_left_(period.size()),
      output_right_(period.size()) {}

FileBackend::~FileBackend() {
    stop();
}

std::optional<std::string> FileBackend::start() {
    assert(!running() && !stop_.load());
    thread_ = std::thread{[this] { run(); }};
    const int error = set_realtime_priority(thread_.native_handle(), priority_wanted);
    priority_ = error == 0 ? priority_wanted : 0;
    return std::nullopt;
}

void FileBackend::stop() {
    if (!running()) return;
    stop_.store(true);
    thread_.join();
}

void FileBackend::run() {
    PeriodPacer pacer{now() + head_start, period_, sample_rate()};
    while (!stop_.load()) {
        sleep_until(pacer.due());
        pacer.wake(now());
        xruns_.store(pacer.xruns(), std::memory_order_relaxed);
        run_period(pacer.position(), pacer.due());
        pacer.advance();
    }
}

void FileBackend::run_period(SamplePosition position, Instant due) {
    copy_sound(sound_.left, position, input_left_);
    copy_sound(sound_.right, position, input_right_);
    process_({.left = input_left_, .right = input_right_}, {.left = output_left_, .right = output_right_},
             due);
    recorder_.push(position, {.left = output_left_, .right = output_right_});
}

}  // namespace rtjam
