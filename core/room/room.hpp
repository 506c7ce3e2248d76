// One room: who is in it, and who gets what. Sending makes you a member, silence frees your slot, and what a
// member sends goes to all the other members.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/endpoint.hpp"
#include "core/base/siphash.hpp"
#include "core/base/static_vector.hpp"
#include "core/base/time.hpp"
#include "core/base/transmit_list.hpp"
#include "core/room/admission.hpp"
#include "core/room/member_table.hpp"
#include "core/room/metronome.hpp"
#include "core/room/room_settings.hpp"
#include "core/room/room_stats.hpp"
#include "core/room/stranger_limits.hpp"
#include "core/wire/packet.hpp"

namespace rtjam {

struct RoomConfig {
    std::size_t members_max = 16;
    Duration member_timeout = std::chrono::seconds{1};
    // A silent member's id may be taken over by another source after this time: a client whose NAT moved it.
    Duration takeover_after = std::chrono::milliseconds{250};
    Admission::Mode admission = Admission::Mode::cookie;
    SipHashKey cookie_key{};  // to be drawn at start; whoever knows it can join without being reachable
    double tempo_bpm = 120.0;
    RoomLimits limits{};
};

// What happened to the membership, for logs.
struct RoomEvent {
    enum class Kind : std::uint8_t { joined, left, moved, kicked, refused_full, refused_id_in_use };
    Kind kind = Kind::joined;
    ClientId id;
    Endpoint endpoint;
};

class Room {
public:
    static constexpr std::size_t events_max = 256;

    // Rooms of one thread may have a door in common, whose limits then are for all of them together; it
    // outlives them. Without one the room has its own.
    explicit Room(const RoomConfig& config, StrangerDoor* common_door = nullptr);

    // One datagram as it arrived. It is patched in place (server time, beat) when it is forwarded, and what
    // is added to `out` aliases it: the caller keeps it until `out` is cleared. `now` never goes backwards.
    // True if it was a member's packet, and went to the others.
    bool handle(std::span<std::byte> datagram, const Endpoint& from, Instant now, TransmitList& out);

    // Lets go of the members that have been silent for too long; to be called at next_deadline(), which is
    // never later than the first of them, but may be earlier. Empty when nobody is there.
    void tick(Instant now);
    std::optional<Instant> next_deadline() const;

    // What the caller could not send to that endpoint, for want of room in a queue or for an error: counted
    // against the member there, if it is one.
    void count_unsent(const Endpoint& to, std::uint64_t datagrams, bool full);

    // From now on. Members who are banned are kicked.
    void apply(const RoomSettings& settings, Instant now);
    // Makes the member leave, and keeps its id and its address out for so long. False if there is none of
    // that id.
    bool kick(ClientId id, Duration keep_out, Instant now);

    void set_tempo(double beats_per_minute, Instant now);

    // Whether a source that is not a member may become one by looping that.
    bool admits(const Endpoint& from, ServerTime looped, Instant now) const {
        return admission_.admits(from, looped, now);
    }

    std::span<const Member> members() const { return members_.members(); }
    const RoomCounters& counters() const { return counters_; }
    // Since the last clear_events(); beyond its capacity the oldest are kept and the rest is counted as lost.
    std::span<const RoomEvent> events() const { return {events_.begin(), events_.size()}; }
    void clear_events() { events_.clear(); }

    // Transmits and storage that one handle() can add at most: what a TransmitList must hold for each
    // datagram of a batch.
    std::size_t transmits_max() const { return members_.capacity(); }
    static constexpr std::size_t storage_bytes_max = header_size;

private:
    // The sender's index, admitted by this very packet if need be; or empty, with its reply sent.
    std::optional<std::size_t> find_or_admit(const PacketHeader& header, const Endpoint& from, Instant now,
                                             TransmitList& out);
    std::nullopt_t challenge(const PacketHeader& header, const Endpoint& from, Instant now,
                             TransmitList& out);
    bool is_banned(const Endpoint& from, ClientId id, Instant now) const;
    void remove_kicked(std::size_t index);
    std::size_t join(ClientId id, const Endpoint& from, Instant now);
    std::size_t change_id(std::size_t index, ClientId id, Instant now);
    std::size_t take_over(std::size_t index, const Endpoint& from);
    std::nullopt_t refuse(const PacketHeader& header, const Endpoint& from, Membership reason,
                          ServerTime server_time, Instant now, TransmitList& out);
    void forward(std::span<std::byte> datagram, std::size_t sender, Instant now, TransmitList& out);
    // The client's own header back to it, but for channel, server time and beat.
    void reply(PacketHeader header, const Endpoint& to, Membership membership, ServerTime server_time,
               Instant now, TransmitList& out);
    StrangerDoor& door() { return common_door_ != nullptr ? *common_door_ : *own_door_; }
    void expect_expiry(Instant expiry);
    void record(RoomEvent::Kind kind, ClientId id, const Endpoint& endpoint);

    Duration member_timeout_;
    Duration takeover_after_;
    Admission admission_;
    RoomLimits limits_;
    std::optional<StrangerDoor> own_door_;
    StrangerDoor* common_door_;
    BanList bans_;
    BanList kicked_;  // who was, and until when they stay out
    MemberTable members_;
    Metronome metronome_;
    RoomCounters counters_;
    StaticVector<RoomEvent, events_max> events_;
    // No member expires before this, though the first may do so later: it has been heard again since. Empty
    // when nobody is there.
    std::optional<Instant> expiry_min_;
};

}  // namespace rtjam
