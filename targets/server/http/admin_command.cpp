#include "targets/server/http/admin_command.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <stdexcept>
#include <string_view>

#include "core/room/metronome.hpp"
#include "targets/server/ban_text.hpp"

namespace rtjam {

namespace {

using Json = nlohmann::json;

// What is wrong with an order; leaves this file as a value.
class OrderError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The members of a JSON object, each asked for by name; those that nobody asked for are a mistake.
class Fields {
public:
    explicit Fields(const std::string& text) : json_(Json::parse(text, nullptr, false)) {
        if (!json_.is_object()) throw OrderError("the body is no JSON object");
    }

    std::optional<double> number(const char* name, double min, double max) {
        const auto found = take(name);
        if (!found) return std::nullopt;
        if (!found->is_number()) throw OrderError(std::string{name} + " is no number");
        const double value = found->get<double>();
        if (!(value >= min && value <= max)) throw OrderError(std::string{name} + " is out of range");
        return value;
    }
    std::optional<std::uint32_t> whole_number(const char* name) {
        const auto found = take(name);
        if (!found) return std::nullopt;
        const bool fits = found->is_number_unsigned() && found->get<std::uint64_t>() <= UINT32_MAX;
        if (!fits) throw OrderError(std::string{name} + " is no whole number below 2^32");
        return found->get<std::uint32_t>();
    }
    std::optional<Duration> seconds(const char* name) {
        const double max = std::chrono::duration<double>{keep_out_max}.count();
        const auto value = number(name, 0.0, max);
        if (!value) return std::nullopt;
        return std::chrono::duration_cast<Duration>(std::chrono::duration<double>{*value});
    }
    std::variant<AddressPrefix, ClientId> whom() {
        const auto found = take("whom");
        const auto ban = found && found->is_string() ? parse_ban(found->get<std::string>()) : std::nullopt;
        if (!ban) throw OrderError("whom is no address, address/bits or id:number");
        return *ban;
    }
    void end() const {
        if (!json_.empty()) throw OrderError("there is no " + json_.begin().key() + " in this order");
    }

private:
    std::optional<Json> take(const char* name) {
        const auto found = json_.find(name);
        if (found == json_.end()) return std::nullopt;
        Json value = *found;
        json_.erase(found);
        return value;
    }
    Json json_;
};

template <typename T>
T needed(const std::optional<T>& value, const char* name) {
    if (!value) throw OrderError(std::string{name} + " is missing");
    return *value;
}

AdminOrder kick(Fields& fields) {
    KickOrder order;
    order.room = needed(fields.whole_number("room"), "room");
    order.client = ClientId{needed(fields.whole_number("client"), "client")};
    order.keep_out = fields.seconds("seconds").value_or(order.keep_out);
    return order;
}

AdminOrder ban(Fields& fields) {
    return BanOrder{.whom = fields.whom(), .duration = fields.seconds("seconds")};
}

AdminOrder unban(Fields& fields) {
    return UnbanOrder{.whom = fields.whom()};
}

AdminOrder tempo(Fields& fields) {
    const auto bpm = fields.number("beats_per_minute", tempo_bpm_min, tempo_bpm_max);
    return TempoOrder{.room = fields.whole_number("room"),
                      .beats_per_minute = needed(bpm, "beats_per_minute")};
}

AdminOrder record(Fields& fields) {
    return RecordOrder{.room = needed(fields.whole_number("room"), "room")};
}

AdminOrder stop_recording(Fields& fields) {
    return StopRecordingOrder{.room = needed(fields.whole_number("room"), "room")};
}

struct OrderKind {
    const char* name;
    AdminOrder (*parse)(Fields&);
};
// In the order of AdminOrder.
constexpr std::array<OrderKind, std::variant_size_v<AdminOrder>> kinds{{{"kick", kick},
                                                                        {"ban", ban},
                                                                        {"unban", unban},
                                                                        {"tempo", tempo},
                                                                        {"record", record},
                                                                        {"stop-recording", stop_recording}}};

const OrderKind* find_kind(std::string_view name) {
    for (const OrderKind& kind : kinds) {
        if (kind.name == name) return &kind;
    }
    return nullptr;
}

}  // namespace

const char* name_of(const AdminOrder& order) {
    return kinds[order.index()].name;
}

bool is_admin_order(const std::string& name) {
    return find_kind(name) != nullptr;
}

Expected<AdminOrder, std::string> parse_admin_order(const std::string& name, const std::string& json) {
    const OrderKind* kind = find_kind(name);
    if (kind == nullptr) return Unexpected{std::string{"there is no such order"}};
    try {
        Fields fields(json);
        const AdminOrder order = kind->parse(fields);
        fields.end();
        return order;
    } catch (const OrderError& error) {
        return Unexpected{std::string{error.what()}};
    }
}

}  // namespace rtjam
