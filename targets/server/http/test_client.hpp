// An HTTP client for tests: what it is told to say it says, right or wrong.
// Thread: any one. Errors: exceptions, which fail the test.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <string>

#include "core/base/endpoint.hpp"

namespace rtjam {

// A client that says what it is told to, and waits for as long as it takes.
class TestClient {
public:
    explicit TestClient(const Endpoint& server) : socket_(io_) {
        socket_.connect({boost::asio::ip::make_address("127.0.0.1"), server.port});
    }
    void send(const std::string& text) {
        boost::system::error_code ignored;  // the server may have had enough
        boost::asio::write(socket_, boost::asio::buffer(text), ignored);
    }
    // As far as that text, which is in what it returns.
    std::string receive_until(const std::string& end) {
        boost::system::error_code ignored;
        const std::size_t size =
            boost::asio::read_until(socket_, boost::asio::dynamic_buffer(received_), end, ignored);
        std::string text = received_.substr(0, size);
        received_.erase(0, size);
        return text;
    }
    // Until the server closes.
    std::string receive_all() {
        boost::system::error_code ignored;
        boost::asio::read(socket_, boost::asio::dynamic_buffer(received_), ignored);
        return received_;
    }

private:
    boost::asio::io_context io_;
    boost::asio::ip::tcp::socket socket_;
    std::string received_;
};

// One request, and all of the answer.
inline std::string http_get(const Endpoint& server, const std::string& target) {
    TestClient client(server);
    client.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    return client.receive_all();
}

// With that token.
inline std::string http_post(const Endpoint& server, const std::string& target, const std::string& token,
                             const std::string& json) {
    TestClient client(server);
    client.send("POST " + target +
                " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + token +
                "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) +
                "\r\n\r\n" + json);
    return client.receive_all();
}

}  // namespace rtjam
