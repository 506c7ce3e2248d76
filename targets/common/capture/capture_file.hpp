// A capture on its way to the disk: a feed for the thread that plays or forwards, and a thread that writes
// what comes there. A full disk ends the capture, and one that does not keep up leaves gaps in it; both with
// one line in the log, and neither is noticed by who plays. Realtime-safe: no; the feed is. Thread: the one
// that makes it. Errors while it is made: exceptions.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "core/capture/capture_records.hpp"
#include "core/capture/capture_writer.hpp"
#include "targets/common/capture/address_book.hpp"
#include "targets/common/capture/capture_feed.hpp"

namespace rtjam {

struct CaptureOptions {
    std::string path;
    std::string suffix{};  // of the file's name, after all else
    CaptureKind kind = CaptureKind::client;
    bool with_audio = false;
    std::size_t items_min = 1;           // of the queue
    std::optional<CapturedRoom> room{};  // of a server
};

class CaptureFile {
public:
    // Makes the file and starts the writing thread. If something of that name is there already, it stays, and
    // the file has the time at which it begins in its name: evening-20260131T201500.250Z.cap.
    explicit CaptureFile(const CaptureOptions& options);
    // Writes what the feed holds, and closes the file. The feeding thread must not touch the feed any more.
    ~CaptureFile();
    CaptureFile(const CaptureFile&) = delete;
    CaptureFile& operator=(const CaptureFile&) = delete;

    CaptureFeed& feed() { return feed_; }
    const std::string& path() const { return file_.path; }

private:
    struct NewFile {
        std::string path;
        int descriptor = -1;
    };

    static NewFile create(const CaptureOptions& options, std::chrono::microseconds started);
    void run();
    void write_waiting();
    void add(const CaptureItem& item);
    void add_datagram(const CaptureItem& item);
    void add(const CaptureRecord& record);
    void write_gap();
    void note_missing(std::uint64_t records);
    void flush();
    void tell_end() const;

    CaptureOptions options_;
    CaptureFeed feed_;
    CaptureHeader header_;
    CaptureWriter writer_;
    NewFile file_;
    AddressBook addresses_;
    std::array<std::byte, CaptureWriter::record_size_max> record_{};
    std::vector<std::byte> unwritten_;
    std::uint64_t missing_ = 0;  // since the last gap in the file
    std::uint64_t missing_in_all_ = 0;
    std::uint64_t dropped_noted_ = 0;
    std::uint64_t records_ = 0;
    std::uint64_t bytes_ = 0;
    std::atomic<bool> stop_{false};
    std::thread thread_;  // the last member: all others exist before it runs
};

}  // namespace rtjam
