// Starts and stops the recordings of the rooms, each at most one at a time: a recording that has been stopped
// is written to its end before the room's next one can begin.
// Thread: the control thread. Realtime-safe: no; the rooms' workers never wait for what it does.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "targets/server/http/admin_command.hpp"
#include "targets/server/recording/room_recording.hpp"
#include "targets/server/worker.hpp"

namespace rtjam {

class RecordingControl {
public:
    // Outlives the workers, which feed what it keeps; room k is the worker k mod their number's. With an
    // empty folder nothing can be recorded.
    RecordingControl(std::deque<Worker>& workers, std::string folder, std::size_t rooms,
                     std::size_t members_max);

    // A recording from now on, for a room whose worker does not run yet: its feed is to be handed to it.
    // Errors: exceptions, for a folder that is gone.
    RecordingFeed& open(std::size_t room);

    AdminResult start(std::size_t room);
    AdminResult stop(std::size_t room);
    // False too when it was broken off by an error.
    bool is_recording(std::size_t room) const;

    // To be called now and then: lets go of the recordings that have ended.
    void tidy();
    // Writes all of them to their ends. The workers must have ended.
    void finish() { recordings_.clear(); }

private:
    struct RoomState {
        std::unique_ptr<RoomRecording> recording{};  // until it is written to its end
        bool stopping = false;                       // its worker was told to let go of it
    };

    bool let_go(std::size_t room);

    std::deque<Worker>& workers_;
    std::string folder_;
    std::size_t members_max_;
    std::vector<RoomState> recordings_;  // by the rooms' numbers
};

}  // namespace rtjam
