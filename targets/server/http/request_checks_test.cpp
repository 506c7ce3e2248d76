#include "targets/server/http/request_checks.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace rtjam {
namespace {

const std::vector<std::string> names{"jam.example.org"};

TEST(RequestChecks, numeric_addresses_localhost_and_known_names_are_hosts_of_ours) {
    for (const char* host : {"127.0.0.1", "127.0.0.1:7880", "[::1]", "[::1]:7880", "localhost",
                             "LocalHost:80", "jam.example.org", "JAM.example.org:443"}) {
        EXPECT_TRUE(is_host_of_ours(host, names)) << host;
    }
}

TEST(RequestChecks, no_other_name_is_a_host_of_ours) {
    for (const char* host : {"", ":7880", "evil.example", "evil.example:7880", "127.0.0.1.evil.example",
                             "jam.example.org.evil.example", "xjam.example.org", "[::1", "[evil.example]",
                             "[]", "localhost.evil.example"}) {
        EXPECT_FALSE(is_host_of_ours(host, names)) << host;
    }
}

TEST(RequestChecks, an_origin_is_the_hosts_own_or_absent) {
    EXPECT_TRUE(is_same_origin("", "127.0.0.1:7880"));
    EXPECT_TRUE(is_same_origin("http://127.0.0.1:7880", "127.0.0.1:7880"));
    EXPECT_TRUE(is_same_origin("https://jam.example.org", "Jam.Example.org"));
    for (const char* origin :
         {"null", "http://evil.example", "http://127.0.0.1:7881", "http://127.0.0.1", "127.0.0.1:7880",
          "file://127.0.0.1:7880", "http://127.0.0.1:7880.evil.example"}) {
        EXPECT_FALSE(is_same_origin(origin, "127.0.0.1:7880")) << origin;
    }
}

TEST(RequestChecks, only_the_whole_token_is_the_token) {
    const std::string token = "0123456789abcdef";
    EXPECT_TRUE(bears_token("Bearer 0123456789abcdef", token));
    EXPECT_TRUE(bears_token("bearer 0123456789abcdef", token));
    for (const char* wrong : {"", "Bearer", "Bearer ", "Bearer 0123456789abcde", "Bearer 0123456789abcdef0",
                              "Bearer 0123456789abcdeF", "Basic 0123456789abcdef", "0123456789abcdef",
                              "Bearer  0123456789abcdef"}) {
        EXPECT_FALSE(bears_token(wrong, token)) << wrong;
    }
}

TEST(RequestChecks, nobody_bears_an_empty_token) {
    EXPECT_FALSE(bears_token("Bearer ", ""));
    EXPECT_FALSE(bears_token("", ""));
}

}  // namespace
}  // namespace rtjam
