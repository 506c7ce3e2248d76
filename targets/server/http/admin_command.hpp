// What an administrator can order over HTTP, and how it is written: POST /v1/admin/kick {"room": 0, "client":
// 42, "seconds": 60}, …/ban {"whom": "192.0.2.0/24", "seconds": 3600}, …/unban {"whom": "id:42"}, …/tempo
// {"room": 0, "beats_per_minute": 97.5}, …/record {"room": 0}, …/stop-recording {"room": 0}. A ban without
// seconds is for as long as the server runs; a kick keeps out for 60 s if it does not say; a tempo without a
// room is for all of them. Realtime-safe: no. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "core/base/expected.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/room/address_prefix.hpp"

namespace rtjam {

struct KickOrder {
    std::size_t room = 0;
    ClientId client{};
    Duration keep_out = std::chrono::seconds{60};
};
struct BanOrder {
    std::variant<AddressPrefix, ClientId> whom;
    std::optional<Duration> duration{};
};
struct UnbanOrder {
    std::variant<AddressPrefix, ClientId> whom;
};
struct TempoOrder {
    std::optional<std::size_t> room{};
    double beats_per_minute = 0.0;
};
struct RecordOrder {
    std::size_t room = 0;
};
struct StopRecordingOrder {
    std::size_t room = 0;
};
using AdminOrder = std::variant<KickOrder, BanOrder, UnbanOrder, TempoOrder, RecordOrder, StopRecordingOrder>;

inline constexpr Duration keep_out_max = std::chrono::hours{24 * 366};

struct AdminResult {
    enum class Kind : std::uint8_t {
        done,
        not_found,  // no such room, player, ban or recording
        conflict,   // the list of bans is full, or the room is recorded or cannot be
        busy        // the room does not come to its commands
    };
    Kind kind = Kind::done;
    std::string text{};  // for a person, one line
};

// Has the order carried out, and is told the result at some later time, on a thread of its own choice.
using AdminReply = std::function<void(const AdminResult&)>;
using AdminHandler = std::function<void(const AdminOrder&, AdminReply)>;

// By the name after /v1/admin/. The error says in a line what is wrong.
Expected<AdminOrder, std::string> parse_admin_order(const std::string& name, const std::string& json);
bool is_admin_order(const std::string& name);
const char* name_of(const AdminOrder& order);

}  // namespace rtjam
