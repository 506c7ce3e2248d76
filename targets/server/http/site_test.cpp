#include "targets/server/http/site.hpp"

#include <gtest/gtest.h>

#include "targets/server/http/test_status.hpp"

namespace rtjam {
namespace {

class SiteTest : public testing::Test {
protected:
    HttpResponse get(const std::string& target) const {
        return answer({.method = "GET", .target = target, .host = "localhost:7880"});
    }
    HttpResponse answer(const HttpRequest& request) const {
        return site_.answer(request, status_, {}, status_.taken + age_);
    }

    ServerStatus status_ = status_of_two_players();
    Duration age_{0};
    Site site_{{.host_names = {}}};
};

TEST_F(SiteTest, a_server_that_comes_round_is_healthy) {
    EXPECT_EQ(get("/healthz").status, HttpStatus::ok);
    EXPECT_EQ(get("/healthz").body, "ok\n");
    age_ = Site::status_age_max;
    EXPECT_EQ(get("/healthz").status, HttpStatus::ok);
}

TEST_F(SiteTest, a_server_that_is_stuck_is_not_healthy) {
    age_ = Site::status_age_max + Duration{1};
    EXPECT_EQ(get("/healthz").status, HttpStatus::service_unavailable);
    age_ = Duration{0};
    status_.turning = false;
    EXPECT_EQ(get("/healthz").status, HttpStatus::service_unavailable);
}

TEST_F(SiteTest, metrics_and_rooms_are_never_stored) {
    EXPECT_EQ(get("/metrics").content_type.find("text/plain; version=0.0.4"), 0U);
    EXPECT_EQ(get("/v1/rooms").content_type, "application/json");
    EXPECT_EQ(get("/v1/rooms").cache_control, "no-store");
    EXPECT_EQ(get("/v1/rooms?since=1").status, HttpStatus::ok);
}

TEST_F(SiteTest, nothing_else_is_there) {
    for (const char* target :
         {"", "/nothing", "/v1/rooms/", "/healthz/..", "*", "http://localhost/healthz"}) {
        EXPECT_EQ(get(target).status, HttpStatus::not_found) << target;
    }
}

TEST_F(SiteTest, a_name_that_is_not_ours_gets_nothing) {
    EXPECT_EQ(answer({.method = "GET", .target = "/v1/rooms", .host = "evil.example"}).status,
              HttpStatus::misdirected_request);
    EXPECT_EQ(answer({.method = "GET", .target = "/v1/rooms"}).status, HttpStatus::misdirected_request);
}

TEST_F(SiteTest, a_page_of_another_origin_gets_nothing) {
    const HttpRequest request{
        .method = "GET", .target = "/v1/rooms", .host = "localhost:7880", .origin = "http://evil.example"};
    EXPECT_EQ(answer(request).status, HttpStatus::forbidden);
}

TEST_F(SiteTest, only_get_and_head_are_methods) {
    const HttpResponse response = answer({.method = "PUT", .target = "/v1/rooms", .host = "localhost"});
    EXPECT_EQ(response.status, HttpStatus::method_not_allowed);
    EXPECT_EQ(response.allow, "GET, HEAD");
    EXPECT_EQ(answer({.method = "HEAD", .target = "/v1/rooms", .host = "localhost"}).status, HttpStatus::ok);
}

}  // namespace
}  // namespace rtjam
