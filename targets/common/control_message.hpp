// What goes with a datagram beside its bytes, to the kernel or from it: control messages (cmsg(3)).
// Errors: none. Realtime-safe: yes. Any thread.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <type_traits>

namespace rtjam {

struct ControlKind {
    int level;  // SOL_…, IPPROTO_…
    int type;

    friend bool operator==(const ControlKind&, const ControlKind&) = default;
};

// Has room for one message with each of these. A header that it is part of points into it.
template <typename... Values>
class ControlBuffer {
public:
    // For the messages that come with the next datagram. The kernel writes over what the header says of the
    // room: before each one.
    void attach_to(msghdr& header) {
        header.msg_control = bytes_.data();
        header.msg_controllen = bytes_.size();
    }

    // As the only message of a datagram that is to be sent.
    template <typename Value>
    void put(msghdr& header, ControlKind kind, const Value& value) {
        static_assert((std::is_same_v<Value, Values> || ...));
        header.msg_control = bytes_.data();
        header.msg_controllen = CMSG_SPACE(sizeof value);
        cmsghdr* control = CMSG_FIRSTHDR(&header);
        control->cmsg_level = kind.level;
        control->cmsg_type = kind.type;
        control->cmsg_len = CMSG_LEN(sizeof value);
        std::memcpy(CMSG_DATA(control), &value, sizeof value);
    }

private:
    static_assert((std::is_trivially_copyable_v<Values> && ...));

    alignas(cmsghdr) std::array<std::byte, (CMSG_SPACE(sizeof(Values)) + ...)> bytes_{};
};

// The first message of that kind; empty if there is none, or none whose value is whole.
template <typename Value>
std::optional<Value> find_control(msghdr& header, ControlKind kind) {
    static_assert(std::is_trivially_copyable_v<Value>);
    for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr;
         control = CMSG_NXTHDR(&header, control)) {
        if (ControlKind{control->cmsg_level, control->cmsg_type} != kind) continue;
        if (control->cmsg_len < CMSG_LEN(sizeof(Value))) continue;
        Value value;
        std::memcpy(&value, CMSG_DATA(control), sizeof value);
        return value;
    }
    return std::nullopt;
}

}  // namespace rtjam
