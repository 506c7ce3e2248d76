// Tells the workers what their rooms are to keep to: the configuration's word, and what an administrator has
// ordered since. What was ordered lasts as long as the server, read configurations or not; of a configuration
// that is read again a tempo counts only if it has changed there.
// Thread: the control thread. Realtime-safe: no.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "core/room/room_settings.hpp"
#include "targets/server/config.hpp"
#include "targets/server/http/admin_command.hpp"
#include "targets/server/recording_control.hpp"
#include "targets/server/worker.hpp"

namespace rtjam {

class RoomControl {
public:
    // What it refers to outlives it.
    RoomControl(std::deque<Worker>& workers, RecordingControl& recordings, const ServerConfig& config);

    // Limits, bans and tempo to all rooms. False if a worker does not come to its commands.
    bool start();
    bool renew(const ServerConfig& config);

    // The player must be there, by what the caller knows, for a kick to be done: the room is not asked.
    AdminResult obey(const AdminOrder& order, Instant now);

    // By the rooms' numbers.
    const std::vector<double>& tempos_bpm() const { return tempos_bpm_; }
    bool is_recording(std::size_t room) const { return recordings_.is_recording(room); }

private:
    AdminResult obey(const KickOrder& order);
    AdminResult obey(const BanOrder& order, Instant now);
    AdminResult obey(const UnbanOrder& order);
    AdminResult obey(const TempoOrder& order);
    // To all rooms.
    bool apply(std::optional<double> tempo_bpm);
    RoomSettings settings(std::optional<double> tempo_bpm) const;

    std::deque<Worker>& workers_;
    RecordingControl& recordings_;
    RoomSettings configured_;
    BanList ordered_bans_;
    std::vector<double> tempos_bpm_;
};

}  // namespace rtjam
