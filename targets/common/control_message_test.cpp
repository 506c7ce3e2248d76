#include "targets/common/control_message.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace rtjam {
namespace {

constexpr ControlKind wanted{SOL_SOCKET, 7};

struct Value {
    std::uint64_t first = 0;
    std::uint32_t second = 0;

    friend bool operator==(const Value&, const Value&) = default;
};

// The messages one after the other, as they come with one datagram.
class Received {
public:
    template <typename Message>
    void add(ControlKind kind, const Message& value) {
        msghdr one{};
        ControlBuffer<Message> buffer;
        buffer.put(one, kind, value);
        const auto* begin = static_cast<const std::byte*>(one.msg_control);
        bytes_.insert(bytes_.end(), begin, begin + one.msg_controllen);
        header_.msg_control = bytes_.data();  // new aligns for any type
        header_.msg_controllen = bytes_.size();
    }
    msghdr& header() { return header_; }

private:
    std::vector<std::byte> bytes_;
    msghdr header_{};
};

TEST(ControlMessage, what_was_put_is_found) {
    msghdr header{};
    ControlBuffer<std::uint16_t, Value> buffer;
    const Value value{.first = 0x0123'4567'89AB'CDEF, .second = 77};
    buffer.put(header, wanted, value);
    EXPECT_EQ(find_control<Value>(header, wanted), value);
    // What is put takes the place of what was there.
    buffer.put(header, wanted, std::uint16_t{1200});
    EXPECT_EQ(find_control<std::uint16_t>(header, wanted), 1200);
    EXPECT_EQ(find_control<Value>(header, wanted), std::nullopt);
}

TEST(ControlMessage, says_its_length_and_that_of_its_place_as_the_kernel_wants_them) {
    msghdr header{};
    ControlBuffer<std::uint16_t, Value> buffer;
    buffer.put(header, wanted, std::uint16_t{1200});
    EXPECT_EQ(header.msg_controllen, CMSG_SPACE(sizeof(std::uint16_t)));
    EXPECT_EQ(CMSG_FIRSTHDR(&header)->cmsg_len, CMSG_LEN(sizeof(std::uint16_t)));
    buffer.attach_to(header);
    EXPECT_EQ(header.msg_controllen, CMSG_SPACE(sizeof(std::uint16_t)) + CMSG_SPACE(sizeof(Value)));
}

TEST(ControlMessage, is_not_found_where_there_is_none) {
    msghdr header{};
    EXPECT_EQ(find_control<int>(header, wanted), std::nullopt);
}

TEST(ControlMessage, of_another_level_or_type_is_passed_over) {
    Received received;
    received.add({wanted.level + 1, wanted.type}, 1);
    received.add({wanted.level, wanted.type + 1}, std::uint64_t{2});
    EXPECT_EQ(find_control<int>(received.header(), wanted), std::nullopt);
    received.add(wanted, 3);
    received.add(wanted, 4);
    EXPECT_EQ(find_control<int>(received.header(), wanted), 3);
}

TEST(ControlMessage, that_is_too_short_for_its_value_is_passed_over) {
    Received received;
    // Its place is as large as that of the value.
    received.add(wanted, std::array<char, sizeof(Value) - 1>{});
    EXPECT_EQ(find_control<Value>(received.header(), wanted), std::nullopt);
    received.add(wanted, Value{.first = 5});
    EXPECT_EQ(find_control<Value>(received.header(), wanted), Value{.first = 5});
}

}  // namespace
}  // namespace rtjam
