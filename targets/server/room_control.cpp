#include "targets/server/room_control.hpp"

#include <algorithm>

#include "targets/common/log.hpp"

namespace rtjam {

namespace {

AdminResult result(AdminResult::Kind kind, const char* text) {
    return {kind, text};
}

AdminResult done_if(bool posted) {
    if (posted) return result(AdminResult::Kind::done, "done");
    return result(AdminResult::Kind::busy, "a thread does not come to its commands");
}

}  // namespace

RoomControl::RoomControl(std::deque<Worker>& workers, RecordingControl& recordings,
                         const ServerConfig& config)
    : workers_(workers),
      recordings_(recordings),
      configured_(settings_of(config, workers.size())),
      tempos_bpm_(config.rooms, config.room.tempo_bpm) {}

bool RoomControl::start() {
    return apply(configured_.tempo_bpm);
}

bool RoomControl::renew(const ServerConfig& config) {
    const std::optional<double> before = configured_.tempo_bpm;
    configured_ = settings_of(config, workers_.size());
    if (configured_.tempo_bpm == before) return apply({});
    std::fill(tempos_bpm_.begin(), tempos_bpm_.end(), config.room.tempo_bpm);
    return apply(config.room.tempo_bpm);
}

AdminResult RoomControl::obey(const AdminOrder& order, Instant now) {
    ordered_bans_.expire(now);
    if (const auto* ban = std::get_if<BanOrder>(&order)) return obey(*ban, now);
    if (const auto* kick = std::get_if<KickOrder>(&order)) return obey(*kick);
    if (const auto* unban = std::get_if<UnbanOrder>(&order)) return obey(*unban);
    if (const auto* record = std::get_if<RecordOrder>(&order)) return recordings_.start(record->room);
    if (const auto* stop = std::get_if<StopRecordingOrder>(&order)) return recordings_.stop(stop->room);
    return obey(std::get<TempoOrder>(order));
}

AdminResult RoomControl::obey(const KickOrder& order) {
    return done_if(post_to_room(
        workers_, order.room,
        {.kind = WorkerCommand::Kind::kick, .client = order.client, .keep_out = order.keep_out}));
}

AdminResult RoomControl::obey(const BanOrder& order, Instant now) {
    Ban ban{.whom = order.whom, .until = {}};
    if (order.duration) ban.until = now + *order.duration;
    // Both lists become one, which has to hold them.
    if (configured_.bans.size() + ordered_bans_.size() >= BanList::bans_max || !ordered_bans_.add(ban)) {
        return result(AdminResult::Kind::conflict, "the list of bans is full");
    }
    return done_if(apply({}));
}

AdminResult RoomControl::obey(const UnbanOrder& order) {
    const bool was_ordered = ordered_bans_.remove(order.whom);
    const bool was_configured = configured_.bans.remove(order.whom);
    if (!was_ordered && !was_configured) return result(AdminResult::Kind::not_found, "there is no such ban");
    return done_if(apply({}));
}

AdminResult RoomControl::obey(const TempoOrder& order) {
    if (!order.room) {
        std::fill(tempos_bpm_.begin(), tempos_bpm_.end(), order.beats_per_minute);
        return done_if(apply(order.beats_per_minute));
    }
    if (*order.room >= tempos_bpm_.size())
        return result(AdminResult::Kind::not_found, "there is no such room");
    tempos_bpm_[*order.room] = order.beats_per_minute;
    return done_if(
        post_to_room(workers_, *order.room,
                     {.kind = WorkerCommand::Kind::apply, .settings = settings(order.beats_per_minute)}));
}

bool RoomControl::apply(std::optional<double> tempo_bpm) {
    bool all = true;
    for (Worker& worker : workers_) {
        if (!worker.post({.kind = WorkerCommand::Kind::apply, .settings = settings(tempo_bpm)})) all = false;
    }
    return all;
}

RoomSettings RoomControl::settings(std::optional<double> tempo_bpm) const {
    RoomSettings merged = configured_;
    for (const Ban& ban : ordered_bans_) {
        if (!merged.bans.add(ban)) spdlog::warn("there are more bans than the server keeps");
    }
    merged.tempo_bpm = tempo_bpm;
    return merged;
}

}  // namespace rtjam
