#include "targets/server/status_service.hpp"

#include <time.h>

#include <utility>

#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/log.hpp"
#include "targets/common/monotonic_clock.hpp"

namespace rtjam {

namespace {

Duration process_cpu() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);  // cannot fail with this clock
    return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}

}  // namespace

StatusService::StatusService(asio::io_context& io, const std::deque<Worker>& workers, const Endpoint& where,
                             Site site)
    : keeper_(monotonic_now(), WallTime::clock::now()),
      turn_watch_(workers),
      last_turned_(monotonic_now()),
      timer_(io),
      http_(where, std::move(site)) {}

void StatusService::start() {
    publish();
    http_.start();
    spdlog::info("status at http://{}/", to_text(http_.local_endpoint()));
    schedule();
}

void StatusService::publish() {
    const Instant now = monotonic_now();
    if (turn_watch_.all_turned()) last_turned_ = now;
    http_.publish(keeper_.take(now, process_cpu(), now - last_turned_ <= turn_age_max));
}

void StatusService::schedule() {
    timer_.expires_after(publish_interval);
    timer_.async_wait([this](const asio::error_code& error) {
        if (error) return;
        publish();
        schedule();
    });
}

}  // namespace rtjam
