#include "targets/pi/resolver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace rtjam {
namespace {

using testing::Contains;
using testing::ElementsAre;

TEST(Resolver, numeric_addresses_of_both_families_need_no_name_server) {
    const auto v4 = resolve({.host = "192.0.2.7", .port = 7891});
    EXPECT_EQ(v4.error, "");
    EXPECT_THAT(v4.endpoints, ElementsAre(ipv4_endpoint({192, 0, 2, 7}, 7891)));

    const auto v6 = resolve({.host = "::1", .port = 65535});
    ASSERT_EQ(v6.endpoints.size(), 1U);
    EXPECT_EQ(v6.endpoints[0].port, 65535);
    EXPECT_EQ(v6.endpoints[0].address[15], 1);
    EXPECT_FALSE(is_ipv4(v6.endpoints[0]));
}

TEST(Resolver, a_name_of_this_machine_is_found) {
    const auto resolution = resolve({.host = "localhost", .port = 1});
    EXPECT_THAT(resolution.endpoints, Contains(ipv4_endpoint({127, 0, 0, 1}, 1)));
}

TEST(Resolver, what_is_no_name_and_what_no_server_can_have_gives_a_reason) {
    for (const char* host : {"no such name", "255.255.255.255", "0.0.0.0", "ff02::1", "::"}) {
        const auto resolution = resolve({.host = host, .port = 7891});
        EXPECT_TRUE(resolution.endpoints.empty()) << host;
        EXPECT_NE(resolution.error, "") << host;
    }
}

TEST(Resolver, the_answer_comes_once_and_a_second_question_is_possible) {
    Resolver resolver{HostPort{.host = "127.0.0.1", .port = 7891}};
    EXPECT_FALSE(resolver.poll());
    for (int question = 0; question < 2; ++question) {
        resolver.start();
        resolver.start();  // no effect: one question at a time
        std::optional<Resolution> answer;
        while (!answer) {
            answer = resolver.poll();
            std::this_thread::yield();
        }
        EXPECT_THAT(answer->endpoints, ElementsAre(ipv4_endpoint({127, 0, 0, 1}, 7891)));
        EXPECT_FALSE(resolver.poll());
    }
}

}  // namespace
}  // namespace rtjam
