// A room under any sequence of datagrams, times and tempos: after every step the properties that hold for all
// rooms are checked against what the world outside has seen.
//
// Input: 1 byte capacity, 1 byte admission mode, then steps of one byte and its arguments until the input
// ends.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/byte_reader.hpp"
#include "core/room/room.hpp"
#include "core/wire/packet.hpp"
#include "fuzz/check.hpp"
#include "fuzz/room_checks.hpp"

namespace rtjam {
namespace {

constexpr std::size_t steps_max = 4096;
constexpr std::size_t sources = 12;
constexpr std::uint32_t id_count = 10;

// What one address has sent and received: enough to say what the room owes it.
struct Source {
    Endpoint endpoint;
    ServerTime looped;  // the last server time received, as a client loops it
    std::uint32_t sequence = 0;
    struct Cookie {
        ServerTime value;
        Instant received;
    };
    std::vector<Cookie> cookies;
};

struct Sent {
    std::size_t source = 0;
    std::vector<std::byte> before;
    std::vector<std::byte> bytes;  // the room's to patch
    bool was_member = false;
};

class World {
public:
    World(ByteReader& input, std::size_t capacity, Admission::Mode mode)
        : input_(input), mode_(mode), room_(config(capacity, mode)), out_(capacity, Room::storage_bytes_max) {
        for (std::size_t i = 0; i < sources; ++i) {
            // The last one cannot be replied to.
            const auto port = static_cast<std::uint16_t>(i + 1 == sources ? 0 : 5000 + i / 2);
            sources_[i].endpoint = ipv4_endpoint({10, 0, 0, static_cast<std::uint8_t>(i % 2)}, port);
        }
    }

    void step() {
        switch (input_.u8() % 8) {
            case 0:
                now_ += std::chrono::microseconds{input_.u16()};
                break;
            case 1:
                now_ += std::chrono::milliseconds{input_.u16() % 5000};
                break;
            case 2:
                now_ += std::chrono::milliseconds{input_.u8()};
                room_.tick(now_);
                check_nobody_is_overdue(room_, now_);
                break;
            case 3:
                tick_at_deadline();
                break;
            case 4:
                room_.set_tempo(static_cast<double>(input_.u16()) / 64.0 - 10.0, now_);
                room_.clear_events();
                govern();
                break;
            default:
                send();
        }
        check_members(room_, now_);
        check_counters();
    }

private:
    static RoomConfig config(std::size_t capacity, Admission::Mode mode) {
        RoomConfig config;
        config.members_max = capacity;
        config.admission = mode;
        config.cookie_key = {9, 8, 7, 6, 5, 4, 3, 2, 1};
        // So low that they are reached.
        config.limits.of_member = {.per_second = 500, .burst = 20};
        config.limits.challenges = {.all = {.per_second = 100, .burst = 20},
                                    .of_customer = {.per_second = 50, .burst = 15}};
        config.limits.joins = {.all = {.per_second = 50, .burst = 15},
                               .of_customer = {.per_second = 20, .burst = 10}};
        return config;
    }

    // Sometimes: somebody is kicked, or the bans change.
    void govern() {
        const std::uint8_t choice = input_.u8();
        const ClientId id{choice % id_count};
        if (choice >= 0xF0) room_.kick(id, std::chrono::milliseconds{10 * choice}, now_);
        if (choice < 0xE0 || choice >= 0xF0) return;
        RoomSettings settings{.limits = config(1, mode_).limits, .bans = {}, .tempo_bpm = 100.0};
        if (choice % 3 != 0) settings.bans.add({id, {}});
        if (choice % 3 == 1) settings.bans.add({prefix_of(sources_[choice % sources].endpoint, 128), {}});
        room_.apply(settings, now_);
        RTJAM_FUZZ_CHECK(choice % 3 == 0 || !has_id(id));
    }

    bool has_id(ClientId id) const {
        const auto members = room_.members();
        return std::any_of(members.begin(), members.end(),
                           [&](const Member& member) { return member.id == id; });
    }

    void tick_at_deadline() {
        const auto deadline = room_.next_deadline();
        RTJAM_FUZZ_CHECK(deadline.has_value() == !room_.members().empty());
        if (!deadline) return;
        for (const Member& member : room_.members())
            RTJAM_FUZZ_CHECK(*deadline <= member.last_heard + RoomConfig{}.member_timeout);
        now_ = std::max(now_, *deadline);
        room_.tick(now_);
        check_nobody_is_overdue(room_, now_);
        RTJAM_FUZZ_CHECK(room_.members().empty() || *room_.next_deadline() > now_);
    }

    // A datagram of one source, its fields chosen by the input.
    void send() {
        Sent sent;
        sent.source = input_.u8() % sources;
        Source& source = sources_[sent.source];
        PacketHeader header;
        header.client_id = ClientId{input_.u8() % id_count};
        const std::uint8_t choice = input_.u8();
        header.server_time = server_time(choice % 4, source);
        source.sequence += choice & 0x10 ? input_.u32() : 1U;
        header.sequence = SequenceNumber{source.sequence};
        header.channel = choice & 0x20 ? 255 : 0;
        header.beat = choice;
        header.client_time_us = source.sequence;
        const std::size_t audio_bytes = choice & 0x40 ? input_.u16() % 1100 : 4 * (choice % 3);
        sent.before.assign(header_size + audio_bytes, std::byte{choice});
        encode_header(header, sent.before);
        if (choice & 0x80) sent.before.resize(input_.u8() % 40);
        sent.bytes = sent.before;
        sent.was_member = is_member(room_, source.endpoint);

        out_.clear();
        const std::uint64_t dropped_before = silently_dropped();
        room_.handle(sent.bytes, source.endpoint, now_, out_);
        ++datagrams_;
        bytes_in_ += sent.bytes.size();
        check_nobody_is_overdue(room_, now_);
        check_admission(sent);
        check_transmits(sent, dropped_before);
    }

    ServerTime server_time(unsigned choice, const Source& source) {
        if (choice == 0) return source.looped;
        if (choice == 1) return ServerTime{input_.u64()};
        if (choice == 2) return sources_[input_.u8() % sources].looped;  // another's cookie, perhaps
        return ServerTime{};
    }

    void check_admission(const Sent& sent) const {
        const Source& source = sources_[sent.source];
        const bool is_now = is_member(room_, source.endpoint);
        const auto packet = parse(sent.before);
        const bool heard = packet && can_be_replied_to(source.endpoint);
        if (!heard) RTJAM_FUZZ_CHECK(!is_now || sent.was_member);
        if (!heard || !is_now || sent.was_member || mode_ == Admission::Mode::open) return;
        // Only who received this very cookie, at this very address and not too long ago, has come in.
        const bool proved =
            std::any_of(source.cookies.begin(), source.cookies.end(), [&](const Source::Cookie& cookie) {
                return cookie.value == packet->header().server_time &&
                       now_ - cookie.received < 2 * Admission::epoch;
            });
        RTJAM_FUZZ_CHECK(proved);
    }

    // What is valid and has no reply.
    std::uint64_t silently_dropped() const {
        const RoomCounters& counters = room_.counters();
        return counters.over_rate + counters.challenges_limited + counters.joins_limited + counters.banned;
    }

    void check_transmits(const Sent& sent, std::uint64_t dropped_before) {
        Source& from = sources_[sent.source];
        const bool is_valid = parse(sent.before).has_value() && can_be_replied_to(from.endpoint);
        std::size_t replies = 0;
        std::size_t forwards = 0;
        for (const Transmit& transmit : out_.items()) {
            RTJAM_FUZZ_CHECK(transmits_to(transmit.to) == 1);
            const bool is_forward = transmit.bytes.data() == sent.bytes.data();
            RTJAM_FUZZ_CHECK(is_forward == (transmit.to != from.endpoint));
            bytes_out_ += transmit.bytes.size();
            if (is_forward) {
                ++forwards;
                RTJAM_FUZZ_CHECK(is_member(room_, transmit.to) && is_member(room_, from.endpoint));
                RTJAM_FUZZ_CHECK(transmit.bytes.size() == sent.before.size());
            } else {
                ++replies;
                check_reply(sent, transmit.bytes);
            }
        }
        RTJAM_FUZZ_CHECK(out_.dropped() == 0);
        RTJAM_FUZZ_CHECK(replies + silently_dropped() - dropped_before == (is_valid ? 1U : 0U));
        RTJAM_FUZZ_CHECK(forwards == 0 || forwards == room_.members().size() - 1);
        check_patched(sent);
        forwarded_ += forwards;
        replies_ += replies;
        for (const Transmit& transmit : out_.items()) {
            for (Source& source : sources_) {
                if (source.endpoint == transmit.to) receive(source, transmit.bytes);
            }
        }
    }

    std::ptrdiff_t transmits_to(const Endpoint& endpoint) const {
        const auto items = out_.items();
        return std::count_if(items.begin(), items.end(),
                             [&](const Transmit& transmit) { return transmit.to == endpoint; });
    }

    void check_reply(const Sent& sent, std::span<const std::byte> reply) const {
        RTJAM_FUZZ_CHECK(reply.size() == header_size && reply.size() <= sent.before.size());
        const PacketHeader header = parse(reply)->header();
        RTJAM_FUZZ_CHECK(header.channel == 0 || header.channel == 254 || header.channel == 255);
        RTJAM_FUZZ_CHECK(header.server_time.is_cookie() == !is_member(room_, sources_[sent.source].endpoint));
        RTJAM_FUZZ_CHECK(header.beat < 4);
        RTJAM_FUZZ_CHECK(std::equal(reply.begin() + 12, reply.end(), sent.before.begin() + 12));
        RTJAM_FUZZ_CHECK(reply[1] == sent.before[1] && reply[2] == sent.before[2]);
    }

    // Nothing but beat (3) and server time (4 to 11) may have changed.
    void check_patched(const Sent& sent) const {
        for (std::size_t i = 0; i < sent.before.size(); ++i) {
            RTJAM_FUZZ_CHECK((i >= 3 && i < 12) || sent.bytes[i] == sent.before[i]);
        }
    }

    void receive(Source& source, std::span<const std::byte> bytes) const {
        source.looped = parse(bytes)->header().server_time;
        if (source.looped.is_cookie()) source.cookies.push_back({source.looped, now_});
    }

    void check_counters() const {
        const RoomCounters& counters = room_.counters();
        RTJAM_FUZZ_CHECK(counters.datagrams == datagrams_ && counters.bytes_in == bytes_in_);
        RTJAM_FUZZ_CHECK(counters.forwarded == forwarded_ && counters.replies == replies_);
        RTJAM_FUZZ_CHECK(counters.bytes_out == bytes_out_);
        RTJAM_FUZZ_CHECK(counters.joins - counters.leaves == room_.members().size());
        RTJAM_FUZZ_CHECK(counters.datagrams == counters.replies + counters.too_short + counters.ragged_audio +
                                                   counters.too_long + counters.unanswerable +
                                                   silently_dropped());
        RTJAM_FUZZ_CHECK(mode_ == Admission::Mode::cookie || counters.challenges == 0);
    }

    ByteReader& input_;
    Admission::Mode mode_;
    Room room_;
    TransmitList out_;
    std::array<Source, sources> sources_;
    Instant now_{};
    std::uint64_t datagrams_ = 0;
    std::uint64_t bytes_in_ = 0;
    std::uint64_t forwarded_ = 0;
    std::uint64_t replies_ = 0;
    std::uint64_t bytes_out_ = 0;
};

}  // namespace
}  // namespace rtjam

// libFuzzer gives the name. NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    rtjam::ByteReader input{std::as_bytes(std::span{data, size})};
    const std::size_t capacity = 1 + input.u8() % 8;
    const auto mode = input.u8() % 4 == 0 ? rtjam::Admission::Mode::open : rtjam::Admission::Mode::cookie;
    rtjam::World world{input, capacity, mode};
    for (std::size_t i = 0; i < rtjam::steps_max && !input.rest().empty(); ++i) world.step();
    return 0;
}
