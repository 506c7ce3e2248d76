#include "targets/server/status_service.hpp"

#include <time.h>

#include <algorithm>
#include <asio/post.hpp>
#include <utility>
#include <variant>
#include <vector>

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

StatusService::StatusService(asio::io_context& io, const std::deque<Worker>& workers, RoomControl& control,
                             const Endpoint& where, Site site)
    : control_(control),
      keeper_(monotonic_now(), WallTime::clock::now()),
      turn_watch_(workers),
      last_turned_(monotonic_now()),
      timer_(io),
      http_(where, std::move(site), [this, &io](const AdminOrder& order, AdminReply reply) {
          asio::post(io, [this, order, reply = std::move(reply)] { reply(obey(order)); });
      }) {}

void StatusService::start() {
    publish();
    http_.start();
    spdlog::info("status at http://{}/", to_text(http_.local_endpoint()));
    schedule();
}

AdminResult StatusService::obey(const AdminOrder& order) {
    const auto* kick = std::get_if<KickOrder>(&order);
    AdminResult result = kick == nullptr || has(*kick)
                             ? control_.obey(order, monotonic_now())
                             : AdminResult{AdminResult::Kind::not_found, "there is no such player"};
    spdlog::info("an administrator's {}: {}", name_of(order), result.text);
    return result;
}

bool StatusService::has(const KickOrder& order) const {
    if (order.room >= published_->rooms.size()) return false;
    const auto& members = published_->rooms[order.room].snapshot.members;
    return std::any_of(members.begin(), members.end(),
                       [&](const Member& member) { return member.id == order.client; });
}

void StatusService::publish() {
    const Instant now = monotonic_now();
    if (turn_watch_.all_turned()) last_turned_ = now;
    const std::vector<double>& tempos = control_.tempos_bpm();
    for (std::size_t room = 0; room < tempos.size(); ++room) {
        keeper_.set_tempo(room, tempos[room]);
        keeper_.set_recording(room, control_.is_recording(room));
    }
    published_ = keeper_.take(now, process_cpu(), now - last_turned_ <= turn_age_max);
    http_.publish(published_);
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
