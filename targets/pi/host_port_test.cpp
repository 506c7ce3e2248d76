#include "targets/pi/host_port.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

struct Accepted {
    const char* text;
    const char* host;
    int port;
};

TEST(HostPort, every_way_of_writing_a_place_is_understood) {
    constexpr Accepted cases[] = {
        {"jam.example.org", "jam.example.org", 7891},
        {"jam.example.org:1", "jam.example.org", 1},
        {"192.0.2.1:65535", "192.0.2.1", 65535},
        {"[2001:db8::1]:7000", "2001:db8::1", 7000},
        {"[2001:db8::1]", "2001:db8::1", 7891},
        {"2001:db8::1", "2001:db8::1", 7891},
        {"::1", "::1", 7891},
    };
    for (const auto& expected : cases) {
        const auto place = parse_host_port(expected.text);
        ASSERT_TRUE(place) << expected.text;
        EXPECT_EQ(place->host, expected.host) << expected.text;
        EXPECT_EQ(place->port, expected.port) << expected.text;
    }
}

TEST(HostPort, anything_else_is_refused) {
    for (const char* text : {"", ":7891", "[]", "[]:7891", "host:", "host:0", "host:65536", "host:-1",
                             "host:+1", "host:12x", "host: 12", "[::1", "[::1]7891", "[::1]:", "[::1]:0"}) {
        EXPECT_FALSE(parse_host_port(text)) << text;
    }
}

TEST(HostPort, the_text_of_a_place_reads_back_as_the_same_place) {
    for (const char* text : {"jam.example.org:7891", "192.0.2.1:1", "[2001:db8::1]:65535"}) {
        const auto place = parse_host_port(text);
        ASSERT_TRUE(place) << text;
        EXPECT_EQ(to_text(*place), text);
    }
}

}  // namespace
}  // namespace rtjam
