// The recording of one room: a feed for the thread that handles its packets, and a thread that writes what
// comes there to FLAC files. A full disk or one that does not keep up ends the recording with one error in
// the log, and never the room. Thread: the one that makes it, unless a line says otherwise. Errors while it
// is made: exceptions.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>

#include "core/base/time.hpp"
#include "targets/server/recording/recording_feed.hpp"
#include "targets/server/recording/recording_writer.hpp"

namespace rtjam {

struct RecordingOptions {
    std::string folder;  // must exist
    std::size_t room = 0;
    std::size_t members_max = 1;
    Instant begin;                                    // on the room's clock
    std::chrono::system_clock::time_point utc_begin;  // the same, for the files' names
};

// What all of a recording's files begin with: FOLDER/room-0_20260131T201500.250Z_client-
std::string path_prefix_of(const RecordingOptions& options);

class RoomRecording {
public:
    // A second of every member's shortest usual packets (64 frames).
    static constexpr std::size_t packets_per_member = 750;

    // Starts the writing thread.
    explicit RoomRecording(const RecordingOptions& options);
    // Writes what the feed holds, and closes the files. The feeding thread must not touch the feed any more.
    ~RoomRecording();
    RoomRecording(const RoomRecording&) = delete;
    RoomRecording& operator=(const RoomRecording&) = delete;

    // For the thread that handles the room's packets, until it has closed it.
    RecordingFeed& feed() { return feed_; }

    // Packets whose sound is in the files, but for the window in which others may come before them (see
    // recording_writer.hpp). Any thread.
    std::uint64_t packets_handled() const { return packets_handled_.load(std::memory_order_acquire); }
    // The files are closed, because the feed was or because of an error. Any thread.
    bool has_ended() const { return ended_.load(std::memory_order_acquire); }
    // Why the recording was broken off, once it has ended; empty if it was not.
    const std::string& error() const { return error_; }

private:
    void run();
    bool write_waiting(RecordingWriter& writer);
    void end(RecordingWriter& writer);

    RecordingOptions options_;
    RecordingFeed feed_;
    std::string error_;
    std::atomic<std::uint64_t> packets_handled_{0};
    std::atomic<bool> ended_{false};
    std::thread thread_;  // the last member: all others exist before it runs
};

}  // namespace rtjam
