#include "targets/common/capture/capture_file.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <spdlog/fmt/chrono.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <filesystem>
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

// Whoever may not hear the players need not read it. -1, with errno, if it cannot be made.
int create_new(const std::string& path) {
    return open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
}

std::string dated(const std::string& path, std::chrono::microseconds time) {
    const std::filesystem::path name{path};
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    const std::string date =
        fmt::format("-{:%Y%m%dT%H%M%S}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(ms / 1000)), ms % 1000);
    return name.parent_path() / (name.stem().string() + date + name.extension().string());
}

}  // namespace

// A service that starts again after a fall must neither lose what it captured before nor stay down for it.
CaptureFile::NewFile CaptureFile::create(const CaptureOptions& options, std::chrono::microseconds started) {
    std::string path = options.path + options.suffix;
    int descriptor = create_new(path);
    if (descriptor < 0 && errno == EEXIST) {
        const std::string other = dated(options.path, started) + options.suffix;
        spdlog::info("capture: {} is there already: this one goes to {}", path, other);
        path = other;
        descriptor = create_new(path);
    }
    if (descriptor < 0) throw std::system_error(errno, std::system_category(), path + " cannot be written");
    return {.path = path, .descriptor = descriptor};
}

CaptureFile::CaptureFile(const CaptureOptions& options)
    : options_(options),
      feed_(options.items_min, options.with_audio),
      header_(header_of(options)),
      writer_(header_),
      file_(create(options, header_.started)) {
    const auto header = writer_.header(record_);
    unwritten_.assign(header.begin(), header.end());
    if (options_.room) add(CaptureRecord{*options_.room});
    flush();
    thread_ = std::thread{[this] { run(); }};
}

CaptureFile::~CaptureFile() {
    stop_.store(true, std::memory_order_release);
    thread_.join();
    close(file_.descriptor);
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
                     file_.path);
    }
    missing_ += records;
    missing_in_all_ += records;
}

void CaptureFile::flush() {
    std::span<const std::byte> rest{unwritten_};
    while (!rest.empty() && !feed_.is_broken()) {
        const ssize_t written = write(file_.descriptor, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            feed_.break_off();
            spdlog::error("capture: {} was broken off: {}", file_.path,
                          std::system_category().message(errno));
            break;
        }
        bytes_ += static_cast<std::uint64_t>(written);
        rest = rest.subspan(static_cast<std::size_t>(written));
    }
    unwritten_.clear();
}

void CaptureFile::tell_end() const {
    spdlog::info("capture: {}: records={} bytes={} missing={}", file_.path, records_, bytes_,
                 missing_in_all_);
}

}  // namespace rtjam
