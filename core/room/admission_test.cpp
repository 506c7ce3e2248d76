#include "core/room/admission.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr SipHashKey key{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
const Endpoint source = ipv4_endpoint({192, 0, 2, 1}, 5000);
constexpr Instant start{seconds{100}};  // an epoch begins

TEST(Admission, cookie_has_bit_63_set_and_admits_its_source) {
    const Admission admission{Admission::Mode::cookie, key};
    const ServerTime cookie = admission.cookie_for(source, start);
    EXPECT_TRUE(cookie.is_cookie());
    EXPECT_TRUE(admission.admits(source, cookie, start));
}

TEST(Admission, cookie_is_the_siphash_of_address_port_and_epoch) {
    const Admission admission{Admission::Mode::cookie, key};
    const std::array<std::uint8_t, 26> message{0, 0, 0, 0,    0,    0,  0, 0, 0, 0, 0xFF, 0xFF, 192,
                                               0, 2, 1, 0x13, 0x88, 50, 0, 0, 0, 0, 0,    0,    0};
    EXPECT_EQ(admission.cookie_for(source, start), ServerTime::of_cookie(siphash_2_4(key, message)));
}

TEST(Admission, cookie_lasts_through_its_epoch_and_the_next_one) {
    const Admission admission{Admission::Mode::cookie, key};
    const ServerTime cookie = admission.cookie_for(source, start);
    EXPECT_EQ(admission.cookie_for(source, start + seconds{2} - nanoseconds{1}), cookie);
    EXPECT_NE(admission.cookie_for(source, start + seconds{2}), cookie);
    EXPECT_TRUE(admission.admits(source, cookie, start + seconds{4} - nanoseconds{1}));
    EXPECT_FALSE(admission.admits(source, cookie, start + seconds{4}));
}

TEST(Admission, cookie_of_the_future_does_not_admit) {
    const Admission admission{Admission::Mode::cookie, key};
    EXPECT_FALSE(admission.admits(source, admission.cookie_for(source, start), start - nanoseconds{1}));
}

TEST(Admission, cookie_holds_for_one_address_one_port_and_one_key) {
    const Admission admission{Admission::Mode::cookie, key};
    const ServerTime cookie = admission.cookie_for(source, start);
    EXPECT_FALSE(admission.admits(ipv4_endpoint({192, 0, 2, 2}, 5000), cookie, start));
    EXPECT_FALSE(admission.admits(ipv4_endpoint({192, 0, 2, 1}, 5001), cookie, start));
    EXPECT_FALSE(admission.admits(ipv4_endpoint({192, 0, 2, 1}, 5000 + 256), cookie, start));
    SipHashKey other = key;
    other[15] ^= 1;
    EXPECT_FALSE(Admission(Admission::Mode::cookie, other).admits(source, cookie, start));
}

TEST(Admission, room_time_zero_and_a_cookie_without_its_bit_do_not_admit) {
    const Admission admission{Admission::Mode::cookie, key};
    const ServerTime cookie = admission.cookie_for(source, start);
    EXPECT_FALSE(admission.admits(source, ServerTime{}, start));
    EXPECT_FALSE(admission.admits(source, ServerTime::of_room(start), start));
    EXPECT_FALSE(admission.admits(source, ServerTime{cookie.on_the_wire() & (UINT64_MAX >> 1)}, start));
    EXPECT_FALSE(admission.admits(source, ServerTime{cookie.on_the_wire() ^ 1}, start));
}

TEST(Admission, works_at_the_clocks_epoch_and_before) {
    const Admission admission{Admission::Mode::cookie, key};
    for (const Instant now : {Instant{}, Instant{-seconds{3}}}) {
        EXPECT_TRUE(admission.admits(source, admission.cookie_for(source, now), now));
        EXPECT_TRUE(admission.admits(source, admission.cookie_for(source, now), now + seconds{2}));
    }
}

TEST(Admission, open_mode_admits_whatever_is_looped) {
    const Admission admission{Admission::Mode::open, key};
    EXPECT_TRUE(admission.admits(source, ServerTime{}, start));
    EXPECT_TRUE(admission.admits(source, ServerTime{UINT64_MAX}, start));
}

}  // namespace
}  // namespace rtjam
