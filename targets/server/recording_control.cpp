#include "targets/server/recording_control.hpp"

#include <chrono>
#include <exception>
#include <utility>

#include "targets/common/monotonic_clock.hpp"

namespace rtjam {

namespace {

using Kind = AdminResult::Kind;

AdminResult busy() {
    return {Kind::busy, "a thread does not come to its commands"};
}

}  // namespace

RecordingControl::RecordingControl(std::deque<Worker>& workers, std::string folder, std::size_t rooms,
                                   std::size_t members_max)
    : workers_(workers), folder_(std::move(folder)), members_max_(members_max), recordings_(rooms) {}

RecordingFeed& RecordingControl::open(std::size_t room) {
    recordings_[room] = {.recording = std::make_unique<RoomRecording>(RecordingOptions{
                             .folder = folder_,
                             .room = room,
                             .members_max = members_max_,
                             .begin = monotonic_now(),
                             .utc_begin = std::chrono::system_clock::now(),
                         })};
    return recordings_[room].recording->feed();
}

AdminResult RecordingControl::start(std::size_t room) {
    if (room >= recordings_.size()) return {Kind::not_found, "there is no such room"};
    if (folder_.empty()) return {Kind::conflict, "the server has no folder to record into (--record)"};
    tidy();
    if (is_recording(room)) return {Kind::conflict, "this room is recorded already"};
    if (recordings_[room].recording) {
        return {Kind::busy, "the room's last recording is still being written"};
    }
    try {
        RecordingFeed& feed = open(room);
        if (post_to_room(workers_, room, {.kind = WorkerCommand::Kind::record, .recording = &feed})) {
            return {Kind::done, "done"};
        }
    } catch (const std::exception& error) {  // a folder that is gone, or no more threads
        return {Kind::conflict, error.what()};
    }
    recordings_[room] = {};  // no worker knows of it
    return busy();
}

AdminResult RecordingControl::stop(std::size_t room) {
    if (room >= recordings_.size()) return {Kind::not_found, "there is no such room"};
    if (!is_recording(room)) return {Kind::not_found, "this room is not recorded"};
    return let_go(room) ? AdminResult{Kind::done, "done"} : busy();
}

bool RecordingControl::is_recording(std::size_t room) const {
    const RoomState& state = recordings_[room];
    return state.recording && !state.stopping && !state.recording->has_ended();
}

// One that was broken off its worker still feeds, until it is told to let go of it.
void RecordingControl::tidy() {
    for (std::size_t room = 0; room < recordings_.size(); ++room) {
        RoomState& state = recordings_[room];
        if (!state.recording || !state.recording->has_ended()) continue;
        if (state.recording->feed().is_closed()) {
            state = {};
        } else if (!state.stopping) {
            let_go(room);
        }
    }
}

bool RecordingControl::let_go(std::size_t room) {
    const bool posted = post_to_room(workers_, room, {.kind = WorkerCommand::Kind::record});
    if (posted) recordings_[room].stopping = true;
    return posted;
}

}  // namespace rtjam
