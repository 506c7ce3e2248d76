#include "targets/server/recording/room_recording.hpp"

#include <pthread.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>

#include "targets/common/log.hpp"

namespace rtjam {
namespace {

// Often enough for the ring, seldom enough for the processor.
constexpr auto writing_interval = std::chrono::milliseconds{50};

}  // namespace

std::string path_prefix_of(const RecordingOptions& options) {
    const auto begin = std::chrono::floor<std::chrono::milliseconds>(options.utc_begin);
    const auto day = std::chrono::floor<std::chrono::days>(begin);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{begin - day};
    return fmt::format("{}/room-{}_{:04}{:02}{:02}T{:02}{:02}{:02}.{:03}Z_client-", options.folder,
                       options.room, static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(),
                       time.seconds().count(), time.subseconds().count());
}

RoomRecording::RoomRecording(const RecordingOptions& options)
    : options_(options), feed_(options.members_max * packets_per_member) {
    std::error_code error;
    if (!std::filesystem::is_directory(options.folder, error)) {
        throw std::runtime_error(options.folder + " is not a folder: nothing can be recorded there");
    }
    thread_ = std::thread{[this] { run(); }};
}

RoomRecording::~RoomRecording() {
    feed_.close();
    thread_.join();
}

void RoomRecording::run() {
    // Signals are the control thread's; and a file that grows beyond its limit is an error of a write, not
    // the end of the program (SIGXFSZ).
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    RecordingWriter writer(path_prefix_of(options_), options_.begin);
    while (true) {
        const bool last = feed_.is_closed() || feed_.is_overrun();
        if (!write_waiting(writer) || last) break;
        if (!writer.is_behind()) std::this_thread::sleep_for(writing_interval);
    }
    end(writer);
}

bool RoomRecording::write_waiting(RecordingWriter& writer) {
    std::uint64_t handled = packets_handled_.load(std::memory_order_relaxed);
    for (std::size_t i = 0; i < feed_.capacity(); ++i) {
        const RecordedPacket* packet = feed_.front();
        if (packet == nullptr) break;
        if (!writer.add(*packet)) return false;
        feed_.pop();
        ++handled;
    }
    if (!writer.advance()) return false;
    packets_handled_.store(handled, std::memory_order_release);
    return true;
}

void RoomRecording::end(RecordingWriter& writer) {
    feed_.break_off();
    writer.finish();
    error_ = writer.error();
    if (error_.empty() && feed_.is_overrun())
        error_ = options_.folder + " does not take it as fast as it comes";
    const RecordingWriter::Counters counters = writer.counters();
    if (!error_.empty()) spdlog::error("room {}: the recording was broken off: {}", options_.room, error_);
    spdlog::info(
        "room {}: recorded to {}*.flac: tracks={} late_packets={} unheld_packets={} untracked_packets={} "
        "moves={}",
        options_.room, path_prefix_of(options_), writer.tracks(), counters.late_packets,
        counters.unheld_packets, counters.untracked_packets, counters.moves);
    ended_.store(true, std::memory_order_release);
}

}  // namespace rtjam
