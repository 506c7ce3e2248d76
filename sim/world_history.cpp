// What the world writes down of each stream over time, if asked for.
#include "sim/world.hpp"

namespace rtjam::sim {
namespace {

const StreamOutput* stream_of(const PlayerNode& player, ClientId id) {
    for (const StreamOutput& stream : player.engine().heard()) {
        if (stream.id == id) return &stream;
    }
    return nullptr;
}

// How much faster than the listener's clock the sender's runs.
std::int64_t ppb_between(const PlayerNode& sender, const PlayerNode& listener, Instant at) {
    constexpr std::int64_t billion = 1'000'000'000;
    const std::int64_t sends = sender.clock().rate_at(at).parts_per_billion();
    const std::int64_t hears = listener.clock().rate_at(at).parts_per_billion();
    return (sends - hears) * billion / (billion + hears);
}

}  // namespace

void World::keep_histories() {
    histories_.resize(meters_.size());
    for (std::size_t i = 0; i < meters_.size(); ++i) {
        if (!meters_[i]) continue;
        histories_[i].emplace(scenario_.players[i / seats_.size()].name,
                              scenario_.players[i % seats_.size()].name, scenario_.duration);
    }
}

void World::note_heard(std::size_t listener, std::size_t sender, const StreamOutput& heard) {
    auto& history = histories_[listener * seats_.size() + sender];
    if (!history) return;
    const PlayerNode& hears = seats_[listener]->player;
    const PlayerNode& plays = seats_[sender]->player;
    const SamplePosition frame = plays.numbering().own_frame(heard.pull.position.frame);
    history->hear(now_, hears.first_frame().at - plays.timeline().at_input(frame), heard.pull);
}

void World::note_arrival(const Event& event, const Packet& packet) {
    if (!event.comes_from_a_player() || !packet || packet->frames() == FrameCount{}) return;
    auto& history = histories_[event.node * seats_.size() + event.sender];
    if (!history) return;
    const PlayerNode& hears = seats_[event.node]->player;
    const PlayerNode& plays = seats_[event.sender]->player;
    const auto number = std::int64_t{packet->header().sequence.value()};
    const SamplePosition frame =
        plays.numbering().own_frame(SamplePosition{number * packet->frames().count()});
    std::optional<Duration> margin;
    if (const StreamOutput* heard = stream_of(hears, plays.config().id); heard != nullptr) {
        // As if it went on at its own speed; the few frames that a resampler reads ahead are left out.
        const FrameCount ahead = frame - plays.numbering().own_frame(heard->pull.position.frame);
        const FrameCount period = hears.config().period;
        const std::int64_t callbacks = ahead.count() < 0 ? 0 : ahead.count() / period.count();
        margin = hears.timeline().at_output(hears.first_frame().frame + period * callbacks) - now_;
    }
    history->arrive(now_, now_ - plays.timeline().at_input(frame + packet->frames()), margin);
}

void World::note_status(std::size_t listener) {
    for (const StreamStatus& stream : seats_[listener]->player.status().streams) {
        const std::size_t* const sender = player_with(seats_[listener]->player.config().room, stream.id);
        if (!sender || !stream.present) continue;
        auto& history = histories_[listener * seats_.size() + *sender];
        if (!history) continue;
        history->take_status(
            now_, stream.playout,
            {.seen_ppb = stream.clock_ppb,
             .true_ppb = ppb_between(seats_[*sender]->player, seats_[listener]->player, now_)});
    }
}

}  // namespace rtjam::sim
