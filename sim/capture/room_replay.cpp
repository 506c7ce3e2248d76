#include "sim/capture/room_replay.hpp"

#include <algorithm>
#include <memory>

#include "sim/capture/captured_bytes.hpp"
#include "sim/recorder.hpp"
#include "sim/text_table.hpp"

namespace rtjam::sim {
namespace {

constexpr SipHashKey key{};  // cookies are made anew, and nobody is there to guess them

// As many networks, and addresses in them, as there were.
Endpoint endpoint_of(CapturedAddress from) {
    const auto byte = [](int value) { return static_cast<std::uint8_t>(value & 0xFF); };
    return ipv4_endpoint({10, byte(from.network >> 8), byte(from.network), 1},
                         static_cast<std::uint16_t>(20'000 + from.address));
}

std::optional<std::string> excuse_of(const RoomCounters& recorded) {
    if (recorded.kicks > 0) return "somebody was kicked";
    if (recorded.banned > 0) return "somebody was banned";
    // The lots are drawn from the room's key, and rooms of one thread have their limits together.
    if (recorded.challenges_limited + recorded.joins_limited > 0) return "limits refused strangers by lot";
    return std::nullopt;
}

class Replayer {
public:
    void operator()(const CapturedRoom& made) {
        if (room_) return;
        RoomConfig config = made.config;
        config.cookie_key = key;
        room_ = std::make_unique<Room>(config);
        out_ = std::make_unique<TransmitList>(room_->transmits_max(), Room::storage_bytes_max);
    }
    void operator()(CapturedDatagram datagram) {
        note_time(datagram.at);
        const Endpoint from = endpoint_of(datagram.from);
        if (datagram.cookie_good) datagram.header.server_time = admission_.cookie_for(from, now_);
        if (!handle(bytes_.of(datagram), from)) return;  // a stranger's, who has no line
        replay_.capture.lines.add(datagram, *begin_);
        note_member(datagram.header.client_id);
    }
    void operator()(const CapturedRubbish& rubbish) {
        note_time(rubbish.at);
        handle(bytes_.of(rubbish), rubbish.unanswerable ? Endpoint{} : endpoint_of({}));
    }
    void operator()(const CapturedTotals& totals) {
        note_time(totals.at);
        room().tick(now_);
        room().clear_events();
        replay_.recorded = totals.counters;
        replay_.replayed = room().counters();
        for (const RoomCounterName& counter : captured_counters) {
            const std::uint64_t was = totals.counters.*counter.value;
            const std::uint64_t is = replay_.replayed.*counter.value;
            if (was == is || replay_.difference) continue;
            const double seconds = std::chrono::duration<double>{now_ - *begin_}.count();
            replay_.difference = std::string{counter.name} + " " + std::to_string(is) +
                                 ", where the room had " + std::to_string(was) + ", after " +
                                 number_text(seconds, 3) + " s";
            replay_.excuse = excuse_of(totals.counters);
        }
    }
    void operator()(const CapturedGap& gap) { replay_.capture.missing += gap.records; }
    // A client's.
    void operator()(const CapturedEngine&) {}
    void operator()(const CapturedCallback&) {}

    RoomReplay finish() {
        if (begin_) replay_.capture.length = now_ - *begin_;
        replay_.capture.digest = recorder_.digest();
        if (!replay_.recorded) replay_.replayed = room().counters();
        for (CapturedLine& line : replay_.capture.lines.lines()) {
            for (const ReplayedMember& member : replay_.members) {
                if (member.id == line.client && member.stats.round_trip())
                    line.round_trip_min = member.stats.round_trip()->min;
            }
        }
        return std::move(replay_);
    }
    void count_record() { ++replay_.capture.records; }

private:
    Room& room() {
        if (!room_) (*this)(CapturedRoom{});
        return *room_;
    }
    void note_time(Instant at) {
        if (!begin_) {
            begin_ = at;
            now_ = at;
        }
        now_ = std::max(now_, at);
    }
    bool handle(std::span<std::byte> bytes, const Endpoint& from) {
        const bool played = room().handle(bytes, from, now_, *out_);
        recorder_.record(now_, EventKind::serve, {from.port}, {},
                         {played ? 1 : 0, static_cast<std::int64_t>(out_->items().size())}, {});
        out_->clear();
        room().clear_events();
        return played;
    }
    void note_member(ClientId client) {
        const auto members = room().members();
        const auto member = std::find_if(members.begin(), members.end(),
                                         [client](const Member& each) { return each.id == client; });
        if (member == members.end()) return;
        auto known = std::find_if(replay_.members.begin(), replay_.members.end(),
                                  [client](const ReplayedMember& each) { return each.id == client; });
        if (known == replay_.members.end())
            known = replay_.members.insert(known, {.id = client, .stats = {}});
        known->stats = member->stats;
    }

    RoomReplay replay_;
    std::unique_ptr<Room> room_;
    std::unique_ptr<TransmitList> out_;
    Admission admission_{Admission::Mode::cookie, key};
    CapturedBytes bytes_;
    Recorder recorder_{nullptr};
    std::optional<Instant> begin_;
    Instant now_;
};

}  // namespace

RoomReplay replay_room(CaptureReader& reader) {
    Replayer replayer;
    while (const auto record = reader.next()) {
        replayer.count_record();
        std::visit(replayer, *record);
    }
    return replayer.finish();
}

}  // namespace rtjam::sim
