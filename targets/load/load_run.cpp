#include "targets/load/load_run.hpp"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/audio_types.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/load/process_cpu.hpp"

namespace rtjam {

namespace {

constexpr Duration join_patience = std::chrono::seconds{10};
constexpr Duration settling = std::chrono::milliseconds{300};
// What has not come by then is lost; before, the server may only have been kept from running.
constexpr Duration settling_max = std::chrono::seconds{3};
constexpr Duration late_after = std::chrono::milliseconds{1};
// Without an answer for so long a flood takes what it has sent for lost.
constexpr Duration answer_patience = std::chrono::milliseconds{50};
// Between two packets of the players', so that a late attack does not make them late, too.
constexpr std::uint64_t attack_burst_max = 32;

class Run {
public:
    explicit Run(const LoadOptions& options, const volatile std::sig_atomic_t& stop)
        : options_(options), stop_(stop), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
        if (epoll_ < 0) throw std::system_error(errno, std::system_category(), "epoll_create1");
        prctl(PR_SET_TIMERSLACK, 1UL);  // waits end when they should
        for (std::size_t i = 0; i < options.rooms * options.players; ++i) add_jammer(i);
        if (options.attack == 0) return;
        auto corpus = options.attack_corpus.empty() ? std::vector<std::vector<std::byte>>{}
                                                    : read_corpus(options.attack_corpus);
        attack_.emplace(options.server, std::move(corpus), options.attack_sources);
    }
    ~Run() { close(epoll_); }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    LoadResult operator()() {
        LoadResult result;
        const Instant door = monotonic_now();
        join();
        result.joining = monotonic_now() - door;
        const auto cpu_before = cpu_time();
        const Instant begin = monotonic_now();
        if (options_.mode == LoadOptions::Mode::paced) {
            play_paced(begin, result);
        } else {
            play_flood(begin);
        }
        result.elapsed = monotonic_now() - begin;
        settle();
        const auto cpu_after = cpu_time();
        if (cpu_before && cpu_after) result.server_cpu = *cpu_after - *cpu_before;
        result.delays = std::exchange(delays_, {});
        if (attack_) play_under_attack(result);
        count(result);
        return result;
    }

private:
    void add_jammer(std::size_t index) {
        Endpoint room = options_.server;
        room.port = static_cast<std::uint16_t>(room.port + index / options_.players);
        const ClientId id{Jammer::first_id + static_cast<std::uint32_t>(index % options_.players)};
        Jammer& jammer = jammers_.emplace_back(room, id, options_.frames, options_.uncut);
        jammer.skip_every(options_.skip_every);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = index;
        if (epoll_ctl(epoll_, EPOLL_CTL_ADD, jammer.descriptor(), &event) != 0) {
            throw std::system_error(errno, std::system_category(), "epoll_ctl");
        }
    }

    void join() {
        const Instant give_up = monotonic_now() + join_patience;
        const auto all_joined = [&] {
            return std::all_of(jammers_.begin(), jammers_.end(),
                               [](const Jammer& jammer) { return jammer.joined(); });
        };
        while (!all_joined()) {
            if (stop_ != 0 || monotonic_now() > give_up)
                throw std::runtime_error("the server does not let us all in");
            for (Jammer& jammer : jammers_) {
                if (jammer.joined()) continue;
                jammer.knock();
                if (attack_) attack_->capture(jammer.last_sent());
            }
            receive_until(monotonic_now() + std::chrono::milliseconds{20});
        }
    }

    // The jammers' phases follow the golden ratio: any number of them is spread evenly over the period.
    void play_paced(Instant begin, LoadResult& result) {
        const Duration period = duration_of(options_.frames, sample_rate_48k) * options_.one_period_in;
        std::vector<std::pair<Duration, Jammer*>> turns;
        double phase = 0.0;
        for (Jammer& jammer : jammers_) {
            turns.emplace_back(
                Duration{static_cast<std::int64_t>(phase * static_cast<double>(period.count()))}, &jammer);
            phase += 0.6180339887498949;
            if (phase >= 1.0) phase -= 1.0;
        }
        std::sort(turns.begin(), turns.end());
        const Instant end = begin + options_.duration;
        std::int64_t round = 0;
        for (std::size_t turn = 0; stop_ == 0;) {
            const Instant due = begin + round * period + turns[turn].first;
            if (due >= end) break;
            receive_some(begin);
            if (attacking_since_) attack();
            sleep_until(due);
            if (monotonic_now() > due + late_after) ++result.late;
            turns[turn].second->send(1);
            if (attack_) attack_->capture(turns[turn].second->last_sent());
            if (++turn == turns.size()) {
                turn = 0;
                ++round;
            }
        }
    }

    void play_under_attack(LoadResult& result) {
        attacking_since_ = monotonic_now();
        play_paced(*attacking_since_, result);
        attack_->send(options_.attack - attack_sent_);
        settle();
        attack_->receive();
        result.attack = attack_->counters();
        result.delays_under_attack = std::exchange(delays_, {});
    }

    // What is due by now.
    void attack() {
        const double share = std::chrono::duration<double>{monotonic_now() - *attacking_since_} /
                             std::chrono::duration<double>{options_.duration};
        const auto due =
            static_cast<std::uint64_t>(std::min(share, 1.0) * static_cast<double>(options_.attack));
        const std::uint64_t count = std::min(due - attack_sent_, attack_burst_max);
        attack_->send(count);
        attack_sent_ += count;
    }

    void play_flood(Instant begin) {
        const Instant end = begin + options_.duration;
        Instant progress = begin;
        for (Instant now = begin; now < end && stop_ == 0; now = monotonic_now()) {
            const bool patient = now < progress + answer_patience;
            for (Jammer& jammer : jammers_) {
                if (!patient) jammer.forget_unanswered();
                // In halves, so that the server finds more than one packet of each.
                const std::size_t free =
                    options_.window - std::min<std::size_t>(jammer.unanswered(), options_.window);
                if (2 * free >= options_.window) jammer.send(free);
            }
            if (!patient || receive_some(now + std::chrono::milliseconds{1})) progress = now;
        }
    }

    // Asleep, and not waiting at the sockets: being woken for each packet would be work for the server's
    // processor. The kernel stamps what comes meanwhile.
    static void sleep_until(Instant deadline) {
        const auto since_epoch = deadline.time_since_epoch().count();
        const timespec time{.tv_sec = since_epoch / 1'000'000'000, .tv_nsec = since_epoch % 1'000'000'000};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr);
    }

    void receive_until(Instant deadline) {
        do receive_some(deadline);
        while (stop_ == 0 && monotonic_now() < deadline);
    }

    // Until what is still under way has come; for a while in any case, so that what comes twice is seen, too.
    void settle() {
        const Instant end = monotonic_now() + settling_max;
        receive_until(monotonic_now() + settling);
        while (stop_ == 0 && monotonic_now() < end && lacks_something()) {
            receive_until(monotonic_now() + std::chrono::milliseconds{20});
        }
    }

    bool lacks_something() const {
        LoadResult so_far;
        count(so_far);
        return so_far.lost() > so_far.unsent * (options_.players - 1);
    }

    // Waits for something until the deadline, and takes a batch from each socket that has something.
    bool receive_some(Instant deadline) {
        const Duration left = std::max(deadline - monotonic_now(), Duration{0});
        const timespec timeout{.tv_sec = left.count() / 1'000'000'000,
                               .tv_nsec = left.count() % 1'000'000'000};
        const int ready =
            epoll_pwait2(epoll_, events_.data(), static_cast<int>(events_.size()), &timeout, nullptr);
        for (int i = 0; i < ready; ++i) {
            Jammer& jammer = jammers_[events_[static_cast<std::size_t>(i)].data.u64];
            if (options_.uncut) {
                jammer.receive(segment_receiver_, delays_);
            } else {
                jammer.receive(receiver_, delays_);
            }
        }
        return ready > 0;
    }

    std::optional<Duration> cpu_time() const {
        return options_.server_pid ? process_cpu_time(*options_.server_pid) : std::nullopt;
    }

    void count(LoadResult& result) const {
        for (const Jammer& jammer : jammers_) {
            result.sent += jammer.sent();
            result.unsent += jammer.unsent();
            result.heard += jammer.heard();
            result.pairs_heard += jammer.others_heard();
            result.skipped += jammer.skipped();
            result.knocks += jammer.knocks();
            result.knocks_heard += jammer.knocks_heard();
            result.dropped_here += jammer.dropped_here();
        }
        result.expected = result.sent * (options_.players - 1);
    }

    const LoadOptions& options_;
    const volatile std::sig_atomic_t& stop_;
    int epoll_;
    std::deque<Jammer> jammers_;
    BatchReceiver receiver_;
    SegmentReceiver segment_receiver_;
    OneWayDelays delays_;
    std::optional<Attack> attack_;
    std::optional<Instant> attacking_since_;
    std::uint64_t attack_sent_ = 0;
    std::array<epoll_event, 256> events_{};
};

}  // namespace

std::uint64_t LoadResult::lost() const {
    const std::uint64_t accounted = heard + dropped_here;
    return accounted < expected ? expected - accounted : 0;
}

LoadResult run_load(const LoadOptions& options, const volatile std::sig_atomic_t& stop) {
    return Run{options, stop}();
}

}  // namespace rtjam
