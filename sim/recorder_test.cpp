#include "sim/recorder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <sstream>
#include <vector>

namespace rtjam::sim {
namespace {

using std::chrono::milliseconds;

constexpr Instant at{milliseconds{1500}};
constexpr NodeId first{0};
constexpr NodeId second{1};

std::uint64_t digest_of(Instant when, EventKind kind, NodeId node, NodeId peer,
                        std::initializer_list<std::int64_t> values, std::span<const std::byte> bytes) {
    Recorder recorder{nullptr};
    recorder.record(when, kind, node, peer, values, DatagramMark{bytes});
    return recorder.digest();
}

TEST(Recorder, every_part_of_an_event_is_in_the_digest) {
    std::array<std::byte, 40> bytes{};
    const std::uint64_t digest = digest_of(at, EventKind::hear, first, second, {1, 2}, bytes);
    EXPECT_EQ(digest, digest_of(at, EventKind::hear, first, second, {1, 2}, bytes));
    EXPECT_NE(digest, digest_of(at + Duration{1}, EventKind::hear, first, second, {1, 2}, bytes));
    EXPECT_NE(digest, digest_of(at, EventKind::send, first, second, {1, 2}, bytes));
    EXPECT_NE(digest, digest_of(at, EventKind::hear, second, second, {1, 2}, bytes));
    EXPECT_NE(digest, digest_of(at, EventKind::hear, first, first, {1, 2}, bytes));
    EXPECT_NE(digest, digest_of(at, EventKind::hear, first, second, {1, 3}, bytes));
    EXPECT_NE(digest, digest_of(at, EventKind::hear, first, second, {2, 1}, bytes));
    EXPECT_NE(digest, digest_of(at, EventKind::hear, first, second, {1, 2}, std::span{bytes}.first(39)));
    bytes[27] = std::byte{1};
    EXPECT_NE(digest, digest_of(at, EventKind::hear, first, second, {1, 2}, bytes));
}

TEST(Recorder, the_order_of_events_is_in_the_digest) {
    Recorder one{nullptr};
    one.record(at, EventKind::start, first, first, {});
    one.record(at, EventKind::leave, first, first, {});
    Recorder other{nullptr};
    other.record(at, EventKind::leave, first, first, {});
    other.record(at, EventKind::start, first, first, {});
    EXPECT_NE(one.digest(), other.digest());
    EXPECT_EQ(one.events(), 2U);
}

TEST(Recorder, writes_a_line_for_every_event_and_the_digest_does_not_care) {
    std::ostringstream text;
    Recorder recorder{&text};
    const NodeId server = recorder.add_node("server");
    const NodeId ann = recorder.add_node("ann");
    const std::array bytes{std::byte{0x0A}, std::byte{0xFF}};
    recorder.record(at, EventKind::hear, ann, server, {-5, 128});
    recorder.record(Instant{Duration{7}}, EventKind::send, ann, server, {}, DatagramMark{bytes});
    EXPECT_EQ(text.str(),
              "1.500000000 hear ann server -5 128\n"
              "0.000000007 send ann server 2 0aff\n");

    Recorder silent{nullptr};
    silent.record(at, EventKind::hear, ann, server, {-5, 128});
    silent.record(Instant{Duration{7}}, EventKind::send, ann, server, {}, DatagramMark{bytes});
    EXPECT_EQ(silent.digest(), recorder.digest());
}

TEST(Recorder, digests_are_written_as_16_digits) {
    EXPECT_EQ(digest_text(0), "0000000000000000");
    EXPECT_EQ(digest_text(0x0123456789ABCDEF), "0123456789abcdef");
    EXPECT_EQ(digest_text(UINT64_MAX), "ffffffffffffffff");
}

// Word by word, as it is defined.
TEST(Recorder, the_digest_is_of_times_nodes_values_size_and_first_bytes) {
    std::array<std::byte, 30> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(11 * i + 3);
    Recorder recorder{nullptr};
    const NodeId node = recorder.add_node("a");
    const NodeId peer = recorder.add_node("b");
    recorder.record(Instant{Duration{0x1234'5678}}, EventKind::late, node, peer, {-2, 0, 700},
                    DatagramMark{bytes});

    const auto hash_of = [](std::initializer_list<std::uint64_t> words) {
        std::uint64_t hash = 0x243F6A8885A308D3;
        for (const std::uint64_t word : words) {
            hash = (hash ^ word) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 32;
        }
        return hash;
    };
    const std::uint64_t datagram =
        hash_of({30, 0x030E19242F3A4550, 0x5B66717C87929DA8, 0xB3BEC9D4DFEAF500, 0x0B16212C});
    const std::uint64_t kind = static_cast<std::uint64_t>(EventKind::late);
    EXPECT_EQ(recorder.digest(),
              hash_of({0x1234'5678, std::uint64_t{1} << 8 | kind, ~std::uint64_t{1}, 0, 700, datagram}));
}

}  // namespace
}  // namespace rtjam::sim
