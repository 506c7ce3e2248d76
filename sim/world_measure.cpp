// What the world looks at, and what it makes of it in the end.
#include <algorithm>
#include <bitset>
#include <string>

#include "sim/checkers/finite_samples.hpp"
#include "sim/mix_check.hpp"
#include "sim/test_signal.hpp"
#include "sim/world.hpp"

namespace rtjam::sim {

namespace {

std::size_t index_of_player_address(const Endpoint& endpoint) {
    return std::size_t{endpoint.address[15]} - 1;
}

void add(ServerResult& sum, const ServerResult& room) {
    for (const Metric<ServerResult>& metric : server_metrics()) sum.*metric.value += room.*metric.value;
}

}  // namespace

std::optional<std::size_t> World::player_at(const Endpoint& endpoint) const {
    const std::size_t index = index_of_player_address(endpoint);
    if (index >= seats_.size()) return std::nullopt;
    const Endpoint& own = seats_[index]->endpoint;
    // Also one of the ports that it has had.
    const bool is_own =
        own.address == endpoint.address && endpoint.port >= player_port && endpoint.port <= own.port;
    return is_own ? std::optional{index} : std::nullopt;
}

AttackerNode* World::attacker_at(const Endpoint& endpoint) {
    const auto found = std::find_if(attackers_.begin(), attackers_.end(),
                                    [&endpoint](const AttackerNode& each) { return each.owns(endpoint); });
    return found == attackers_.end() ? nullptr : &*found;
}

namespace {

HeardPeriod::Sound copy_of(AudioInput audio) {
    return {.left = {audio.left.begin(), audio.left.end()},
            .right = {audio.right.begin(), audio.right.end()}};
}

}  // namespace

void World::measure(std::size_t index) {
    const PlayerNode& player = seats_[index]->player;
    if (!planted_.heard) return check_heard(index, player.output(), player.engine().heard());
    HeardPeriod period{.streams = {player.engine().heard().begin(), player.engine().heard().end()},
                       .sounds = {},
                       .output = copy_of(player.output())};
    for (const StreamOutput& stream : period.streams) period.sounds.push_back(copy_of(stream.audio));
    planted_.heard(index, now_, period);
    for (std::size_t i = 0; i < period.streams.size(); ++i)
        period.streams[i].audio = {.left = period.sounds[i].left, .right = period.sounds[i].right};
    check_heard(index, {.left = period.output.left, .right = period.output.right}, period.streams);
}

void World::check_heard(std::size_t index, AudioInput output, std::span<const StreamOutput> streams) {
    const std::span<const std::unique_ptr<StreamMeter>> meters = meters_of(index);
    Seat& seat = *seats_[index];
    check_finite(output, seat.player.config().name, violations_);
    if (!is_sum_of(output, streams))
        violations_.add("what " + seat.player.config().name + " hears is not the sum of his streams");
    std::bitset<players_limit> heard;
    Violations of_another_sender;  // nobody asks for them
    for (const StreamOutput& stream : streams) {
        if (stream.id == seat.player.config().id) {
            violations_.add(seat.player.config().name + " hears a stream of his own id");
            continue;
        }
        const std::size_t* const sender = player_with(seat.player.config().room, stream.id);
        if (!sender) {
            // In an open room an attacker is a member like others.
            if (attackers_.empty() && !flips_bits_)
                violations_.add(seat.player.config().name + " hears an id that nobody has");
            continue;
        }
        heard[*sender] = true;
        const Seat& sending = *seats_[*sender];
        const PullResult& pull = stream.pull;
        recorder_.record(now_, EventKind::hear, seat.node, sending.node,
                         {pull.position.frame.frames(), std::int64_t{pull.position.fraction},
                          pull.speed.excess(), pull.played.count(), pull.concealed.count(),
                          pull.silent.count(), pull.skipped.count(), pull.repeated.count()});
        if (keeps_histories()) note_heard(index, *sender, stream);
        check_delay(index, *sender, pull);
        const auto& meter = meters[*sender];
        Violations& of_sound = flips_bits_ || may_be_another(*sender) ? of_another_sender : violations_;
        if (meter) {
            meter->hear(stream, seat.player.first_frame(), seat.player.timeline(), sending.player.timeline(),
                        sending.player.numbering(), of_sound);
        }
    }
    for (std::size_t sender = 0; sender < meters.size(); ++sender) {
        if (meters[sender] && !heard[sender])
            meters[sender]->hear_nothing(seat.player.first_frame(), seat.player.timeline());
    }
}

void World::meter_arrival(const Event& event, const Packet& packet) {
    if (!event.comes_from_a_player() || !packet || packet->frames() == FrameCount{} || flips_bits_) return;
    const std::size_t stream = event.node * seats_.size() + event.sender;
    if (!meters_[stream]) return;
    const PlayerNode& plays = seats_[event.sender]->player;
    const auto number = std::int64_t{packet->header().sequence.value()};
    const SamplePosition frame = SamplePosition{} + packet->frames() * number;
    const SamplePosition own_frame = plays.numbering().own_frame(frame);
    const Instant captured = plays.timeline().at_input(own_frame);
    // A packet of the program before a crash has numbers that mean nothing now.
    if (captured >= now_) return;
    meters_[stream]->arrive(now_ - captured);
    delays_[stream].arrive(now_, now_ - captured, own_frame);
}

void World::check_delay(std::size_t listener, std::size_t sender, const PullResult& pull) {
    const PlayerNode& hears = seats_[listener]->player;
    const PlayerNode& plays = seats_[sender]->player;
    DelayBound& bound = delays_[listener * seats_.size() + sender];
    bound.callback();
    if (pull.played == FrameCount{} || flips_bits_ || may_be_another(sender)) return;
    const SamplePosition frame = plays.numbering().own_frame(pull.position.frame);
    // Packets of the sender's new program say nothing of what is left of the one before.
    if (frame < plays.first_sent()) return;
    const Instant captured = plays.timeline().at_input(frame);
    const Instant played = hears.first_frame().at;
    // What the sender has missed meanwhile is in no number, and nobody can know of it.
    const Duration missed = duration_of(plays.timeline().missed_since(frame), sample_rate_48k);
    bound.note(now_, played - captured - missed, violations_);
}

void World::hear_nothing(std::size_t index) {
    Seat& seat = *seats_[index];
    for (const auto& meter : meters_of(index)) {
        if (meter) meter->hear_nothing(seat.player.first_frame(), seat.player.timeline());
    }
}

void World::read_status(std::size_t index) {
    Seat& seat = *seats_[index];
    seat.player.read_status();
    const EngineStatus& status = seat.player.status();
    if (status.connection != seat.connection) {
        seat.connection = status.connection;
        recorder_.record(now_, EventKind::connect, seat.node, server_node_,
                         {static_cast<std::int64_t>(status.connection)});
    }
    PlayerResult& result = seat.result;
    const auto milliseconds = [](Duration duration) { return static_cast<double>(duration.count()) / 1e6; };
    if (status.connection == Connection::joined && result.joined_after_ms != result.joined_after_ms) {
        result.joined_after_ms = milliseconds(now_ - seat.player.config().plays.from);
    }
    result.connection = name_of(status.connection);
    if (status.round_trip) result.round_trip_ms = milliseconds(*status.round_trip);
    result.packets_received = static_cast<double>(status.counters.packets_received);
    result.malformed = static_cast<double>(status.counters.malformed);
    if (keeps_histories()) note_status(index);
    for (const StreamStatus& stream : status.streams) {
        const std::size_t* const sender = player_with(seat.player.config().room, stream.id);
        if (!sender) continue;
        const auto& meter = meters_of(index)[*sender];
        if (meter) meter->take_counts(stream.playout);
    }
}

Results World::results() const {
    Results results{
        .name = scenario_.name, .file = scenario_.file, .description = scenario_.description, .seed = seed_};
    results.duration_s = static_cast<double>(scenario_.duration.count()) / 1e9;
    results.digest = recorder_.digest();
    results.events = recorder_.events();
    for (const auto& seat : seats_) {
        results.players.push_back(seat->result);
        results.players.back().lost_up += static_cast<double>(seat->up.counters().lost);
        results.players.back().lost_down += static_cast<double>(seat->down.counters().lost);
    }
    for (std::size_t listener = 0; listener < seats_.size(); ++listener) {
        for (std::size_t sender = 0; sender < seats_.size(); ++sender) {
            const auto& meter = meters_[listener * seats_.size() + sender];
            if (!meter) continue;
            results.streams.push_back(
                meter->result(scenario_.players[listener].name, scenario_.players[sender].name));
            if (!histories_.empty()) {
                results.histories.push_back(*histories_[listener * seats_.size() + sender]);
            }
            if (!meter->ever_heard()) continue;
            results.players[listener].hears += 1;
            results.players[sender].heard_by += 1;
        }
    }
    for (const Room& room : rooms_) add(results.server, room.server.result());
    results.server.restarts = rooms_.front().server.result().restarts;
    for (const AttackerNode& attacker : attackers_) results.attackers.push_back(attacker.result());
    results.violations = violations_;
    return results;
}

}  // namespace rtjam::sim
