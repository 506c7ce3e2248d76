#include "targets/common/capture/capture_file.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>

#include "targets/common/log.hpp"

namespace rtjam {
namespace {

// So much is lost at most when the program is killed; and seldom enough for the processor.
constexpr auto writing_interval = std::chrono::milliseconds{50};

CaptureHeader header_of(const CaptureOptions& options) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {.kind = options.kind,
            .has_audio = options.with_audio,
            .started = std::chrono::duration_cast<std::chrono::microseconds>(now)};
}

int create(const std::string& path) {
    const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor < 0) throw std::system_error(errno, std::system_category(), path + " cannot be written");
    return descriptor;
}

}  // namespace

CaptureFile::CaptureFile(const CaptureOptions& options)
    : options_(options),
      feed_(options.items_min, options.with_audio),
      writer_(header_of(options)),
      descriptor_(create(options.path)) {
    const auto header = writer_.header(record_);
    unwritten_.assign(header.begin(), header.end());
    if (options_.room) add(CaptureRecord{*options_.room});
    flush();
    thread_ = std::thread{[this] { run(); }};
}

CaptureFile::~CaptureFile() {
    stop_.store(true, std::memory_order_release);
    thread_.join();
    close(descriptor_);
}

void CaptureFile::run() {
    // Signals are the control thread's; and a file that grows beyond its limit is an error of a write, not
    // the end of the program (SIGXFSZ).
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    while (!stop_.load(std::memory_order_acquire)) {
        write_waiting();
        std::this_thread::sleep_for(writing_interval);
    }
    write_waiting();
    // What was dropped after the last item.
    note_missing(feed_.dropped() - dropped_noted_);
    write_gap();
    flush();
    tell_end();
}

void CaptureFile::write_waiting() {
    for (std::size_t i = 0; i < feed_.capacity(); ++i) {
        const CaptureItem* item = feed_.front();
        if (item == nullptr) break;
        add(*item);
        feed_.pop();
    }
    flush();
}

void CaptureFile::add(const CaptureItem& item) {
    note_missing(item.dropped_before);
    dropped_noted_ += item.dropped_before;
    switch (item.kind) {
        case CaptureItem::Kind::datagram:
            return add_datagram(item);
        case CaptureItem::Kind::callback:
            return add(CaptureRecord{CapturedCallback{item.at}});
        case CaptureItem::Kind::engine:
            return add(CaptureRecord{item.engine});
        case CaptureItem::Kind::totals:
            return add(CaptureRecord{CapturedTotals{item.at, item.counters}});
    }
}

void CaptureFile::add_datagram(const CaptureItem& item) {
    const bool server = options_.kind == CaptureKind::server;
    const bool unanswerable = server && !can_be_replied_to(item.from);
    const bool is_packet = item.size >= header_size && item.size <= packet_size_max && item.size % 4 == 0;
    if (unanswerable || !is_packet) {
        return add(CaptureRecord{CapturedRubbish{item.at, item.size, unanswerable}});
    }
    const auto from = server ? addresses_.number_of(item.from) : CapturedAddress{};
    if (!from) return note_missing(1);
    CapturedDatagram datagram{.at = item.at,
                              .from = *from,
                              .size = item.size,
                              .header = parse(item.header_bytes).value().header(),
                              .cookie_good = item.cookie_good,
                              .audio = {}};
    if (options_.with_audio && CaptureFeed::has_audio(item)) {
        datagram.audio = std::span{feed_.front_audio()}.first(item.size - header_size);
    }
    add(CaptureRecord{datagram});
}

void CaptureFile::add(const CaptureRecord& record) {
    write_gap();
    const auto bytes = writer_.record(record, record_);
    if (bytes.empty()) return note_missing(1);
    unwritten_.insert(unwritten_.end(), bytes.begin(), bytes.end());
    ++records_;
}

void CaptureFile::write_gap() {
    if (missing_ == 0) return;
    const auto gap = writer_.record(CapturedGap{missing_}, record_);
    unwritten_.insert(unwritten_.end(), gap.begin(), gap.end());
    missing_ = 0;
}

void CaptureFile::note_missing(std::uint64_t records) {
    if (records > 0 && missing_in_all_ == 0) {
        spdlog::warn("capture: {} has gaps: the disk does not keep up, or there are too many sources",
                     options_.path);
    }
    missing_ += records;
    missing_in_all_ += records;
}

void CaptureFile::flush() {
    std::span<const std::byte> rest{unwritten_};
    while (!rest.empty() && !feed_.is_broken()) {
        const ssize_t written = write(descriptor_, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            feed_.break_off();
            spdlog::error("capture: {} was broken off: {}", options_.path,
                          std::system_category().message(errno));
            break;
        }
        bytes_ += static_cast<std::uint64_t>(written);
        rest = rest.subspan(static_cast<std::size_t>(written));
    }
    unwritten_.clear();
}

void CaptureFile::tell_end() const {
    spdlog::info("capture: {}: records={} bytes={} missing={}", options_.path, records_, bytes_,
                 missing_in_all_);
}

}  // namespace rtjam
