#include "targets/server/http/http_server.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "targets/common/monotonic_clock.hpp"
#include "targets/server/http/test_client.hpp"
#include "targets/server/http/test_status.hpp"

namespace rtjam {
namespace {

class HttpServerTest : public testing::Test {
protected:
    HttpServerTest() {
        auto status = std::make_shared<ServerStatus>(status_of_two_players());
        status->taken = monotonic_now() + std::chrono::hours{1};
        server_.publish(status);
        server_.start();
    }
    std::string answer_to(const std::string& text) {
        TestClient client(server_.local_endpoint());
        client.send(text);
        return client.receive_all();
    }

    // Carries orders out on a thread of its own, as the real one does.
    AdminHandler admin_ = [this](const AdminOrder& order, AdminReply reply) {
        admin_thread_ = std::thread([order, reply = std::move(reply)] {
            reply({AdminResult::Kind::done, std::to_string(std::get<KickOrder>(order).client.value())});
        });
    };
    std::thread admin_thread_;
    HttpServer server_{ipv4_endpoint({127, 0, 0, 1}, 0), Site{{.admin_token = "0123456789abcdef"}}, admin_};
};

TEST_F(HttpServerTest, a_connection_serves_one_request_after_the_other) {
    TestClient client(server_.local_endpoint());
    for (int i = 0; i < 3; ++i) {
        client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        const std::string answer = client.receive_until("ok\n");
        EXPECT_EQ(answer.find("HTTP/1.1 200 OK\r\n"), 0U) << answer;
    }
}

TEST_F(HttpServerTest, an_answer_lets_a_browser_do_nothing_but_show_it) {
    const std::string answer =
        answer_to("GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    for (const char* header :
         {"Content-Security-Policy: default-src 'none'", "X-Content-Type-Options: nosniff",
          "Referrer-Policy: no-referrer", "Cache-Control: no-store", "Content-Type: application/json"}) {
        EXPECT_NE(answer.find(std::string{"\r\n"} + header), std::string::npos) << header << "\n" << answer;
    }
}

TEST_F(HttpServerTest, head_has_the_length_and_no_body) {
    const std::string answer =
        answer_to("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_NE(answer.find("Content-Length: 3\r\n"), std::string::npos) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST_F(HttpServerTest, what_is_no_http_is_refused) {
    for (const char* text :
         {"nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /healthz HTTP/1.1\r\n: x\r\n\r\n",
          "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"}) {
        EXPECT_EQ(answer_to(text).find("HTTP/1.1 400 "), 0U) << text;
    }
}

TEST_F(HttpServerTest, headers_and_bodies_have_limits) {
    const std::string long_header =
        "GET / HTTP/1.1\r\nX: " + std::string(HttpServer::header_bytes_max, 'x') + "\r\n\r\n";
    EXPECT_EQ(answer_to(long_header).find("HTTP/1.1 431 "), 0U);
    const std::string head = "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ";
    const std::string fits = std::to_string(HttpServer::body_bytes_max);
    EXPECT_EQ(answer_to(head + fits + "\r\n\r\n" + std::string(HttpServer::body_bytes_max, 'x'))
                  .find("HTTP/1.1 405 "),
              0U);
    EXPECT_EQ(
        answer_to(head + std::to_string(HttpServer::body_bytes_max + 1) + "\r\n\r\n").find("HTTP/1.1 413 "),
        0U);
}

TEST_F(HttpServerTest, connections_have_a_limit_and_those_that_are_there_go_on) {
    std::deque<TestClient> clients;
    for (std::size_t i = 0; i < HttpServer::connections_max; ++i) {
        clients.emplace_back(server_.local_endpoint());
        clients.back().send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        EXPECT_NE(clients.back().receive_until("ok\n"), "");
    }
    EXPECT_EQ(answer_to("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"), "");
    clients.front().send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    const std::string metrics = clients.front().receive_all();
    EXPECT_NE(metrics.find("rtjam_http_refused_connections_total{} 1\n"), std::string::npos) << metrics;
}

TEST_F(HttpServerTest, an_order_is_answered_when_it_was_carried_out) {
    const std::string body = R"({"room": 0, "client": 42})";
    const std::string answer =
        http_post(server_.local_endpoint(), "/v1/admin/kick", "0123456789abcdef", body);
    admin_thread_.join();
    EXPECT_EQ(answer.find("HTTP/1.1 200 "), 0U) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\n42\n")) << answer;
}

TEST_F(HttpServerTest, a_stop_waits_for_nobody) {
    TestClient idle(server_.local_endpoint());
    TestClient slow(server_.local_endpoint());
    slow.send("GET /healthz HT");
    server_.stop();
}

TEST_F(HttpServerTest, a_port_in_use_is_an_error_that_names_it) {
    try {
        HttpServer second(server_.local_endpoint(), Site{SiteConfig{}}, {});
        FAIL();
    } catch (const std::exception& error) {
        EXPECT_EQ(std::string{error.what()}.find("cannot serve HTTP on 127.0.0.1:"), 0U) << error.what();
    }
}

}  // namespace
}  // namespace rtjam
