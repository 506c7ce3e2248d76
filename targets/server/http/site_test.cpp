#include "targets/server/http/site.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "targets/server/http/test_status.hpp"

namespace rtjam {
namespace {

class SiteTest : public testing::Test {
protected:
    HttpResponse get(const std::string& target) const {
        return answer({.method = "GET", .target = target, .host = "localhost:7880"});
    }
    HttpResponse answer(const HttpRequest& request) const {
        const auto outcome = site_.handle(request, status_, {}, status_.taken + age_);
        EXPECT_TRUE(std::holds_alternative<HttpResponse>(outcome));
        return std::get<HttpResponse>(outcome);
    }

    ServerStatus status_ = status_of_two_players();
    Duration age_{0};
    Site site_{SiteConfig{}};
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

TEST_F(SiteTest, the_page_and_all_that_it_asks_for_are_there) {
    EXPECT_EQ(get("/").content_type, "text/html; charset=utf-8");
    const std::string page = get("/").body;
    EXPECT_EQ(page.find("<!DOCTYPE html>"), 0U);
    EXPECT_TRUE(page.ends_with("</html>\n"));
    for (const char* path : {"/icon.svg", "/status.css", "/status.js", "/plot.js", "/measures.js"}) {
        EXPECT_EQ(get(path).status, HttpStatus::ok) << path;
        const bool asked_for =
            (page + get("/status.js").body).find("\"" + std::string{path} + "\"") != std::string::npos;
        EXPECT_TRUE(asked_for) << path;
    }
    for (const char* path : {"/", "/icon.svg", "/status.css", "/status.js", "/plot.js", "/measures.js"}) {
        const std::string body = get(path).body;
        const bool own =
            body.find("://") == std::string::npos || body.find("://") == body.find("://www.w3.org/2000/svg");
        EXPECT_TRUE(own) << path << " is to ask nobody else";
    }
}

TEST_F(SiteTest, a_page_that_has_not_changed_is_not_sent_again) {
    HttpRequest request{.method = "GET", .target = "/status.js", .host = "localhost"};
    request.if_none_match = answer(request).etag;
    EXPECT_EQ(answer(request).status, HttpStatus::not_modified);
    EXPECT_EQ(answer(request).body, "");
    request.target = "/status.css";
    EXPECT_EQ(answer(request).status, HttpStatus::ok);
}

class AdminSiteTest : public SiteTest {
protected:
    AdminSiteTest() { site_ = Site{{.admin_token = token_}}; }

    const std::string token_ = "0123456789abcdef";
    const HttpRequest order_{.method = "POST",
                             .target = "/v1/admin/kick",
                             .host = "localhost",
                             .authorization = "Bearer " + token_,
                             .content_type = "application/json",
                             .body = R"({"room": 0, "client": 42})"};
};

TEST_F(SiteTest, without_a_token_there_is_no_admin) {
    for (const char* authorization : {"", "Bearer ", "Bearer x"}) {
        const HttpRequest request{.method = "POST",
                                  .target = "/v1/admin/kick",
                                  .host = "localhost",
                                  .authorization = authorization,
                                  .content_type = "application/json",
                                  .body = R"({"room": 0, "client": 42})"};
        EXPECT_EQ(answer(request).status, HttpStatus::not_found);
    }
    const HttpRequest rooms{
        .method = "GET", .target = "/v1/rooms", .host = "localhost", .authorization = "Bearer "};
    EXPECT_EQ(answer(rooms).body.find("192.0.2.1"), std::string::npos);
}

TEST_F(AdminSiteTest, an_order_with_the_token_is_to_be_carried_out) {
    const auto outcome = site_.handle(order_, status_, {}, status_.taken);
    ASSERT_TRUE(std::holds_alternative<AdminOrder>(outcome));
    EXPECT_EQ(std::get<KickOrder>(std::get<AdminOrder>(outcome)).client, ClientId{42});
}

TEST_F(AdminSiteTest, an_order_that_lacks_anything_is_refused) {
    const auto status_when = [&](auto change) {
        HttpRequest request = order_;
        change(request);
        return answer(request).status;
    };
    using R = HttpRequest&;
    EXPECT_EQ(status_when([](R r) { r.authorization.clear(); }), HttpStatus::unauthorized);
    EXPECT_EQ(status_when([](R r) { r.authorization += "0"; }), HttpStatus::unauthorized);
    EXPECT_EQ(status_when([](R r) { r.method = "GET"; }), HttpStatus::method_not_allowed);
    EXPECT_EQ(status_when([](R r) { r.content_type = "text/plain"; }), HttpStatus::unsupported_media_type);
    EXPECT_EQ(status_when([](R r) { r.body = "{}"; }), HttpStatus::bad_request);
    EXPECT_EQ(status_when([](R r) { r.origin = "http://evil.example"; }), HttpStatus::forbidden);
    EXPECT_EQ(status_when([](R r) { r.host = "evil.example"; }), HttpStatus::misdirected_request);
    EXPECT_EQ(status_when([](R r) { r.target = "/v1/admin/shutdown"; }), HttpStatus::not_found);
}

TEST_F(AdminSiteTest, the_token_shows_whole_addresses_and_a_wrong_one_nothing) {
    HttpRequest request{.method = "GET", .target = "/v1/rooms", .host = "localhost"};
    EXPECT_EQ(answer(request).body.find("192.0.2.1"), std::string::npos);
    request.authorization = "Bearer " + token_;
    EXPECT_NE(answer(request).body.find("192.0.2.1:4000"), std::string::npos);
    request.authorization += "0";
    EXPECT_EQ(answer(request).status, HttpStatus::unauthorized);
    EXPECT_EQ(answer(request).www_authenticate, "Bearer");
}

TEST_F(AdminSiteTest, a_result_has_a_status_of_its_own) {
    EXPECT_EQ(response_to({AdminResult::Kind::done, "done"}).status, HttpStatus::ok);
    EXPECT_EQ(response_to({AdminResult::Kind::not_found, ""}).status, HttpStatus::not_found);
    EXPECT_EQ(response_to({AdminResult::Kind::conflict, ""}).status, HttpStatus::conflict);
    EXPECT_EQ(response_to({AdminResult::Kind::busy, ""}).status, HttpStatus::service_unavailable);
}

}  // namespace
}  // namespace rtjam
