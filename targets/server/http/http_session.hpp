// One HTTP connection: reads a request, writes its answer, and again, until either side has had enough.
// Thread: the HTTP thread. Realtime-safe: no. What the other side does wrong ends the connection.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "targets/server/http/http_message.hpp"

namespace rtjam {

class HttpSession : public std::enable_shared_from_this<HttpSession> {
public:
    using Reply = std::function<void(const HttpResponse&)>;
    // Calls the reply once, now or later.
    using Answer = std::function<void(const HttpRequest&, Reply)>;

    // What outlives the session: how it finds its answers, and where it counts.
    struct Host {
        Answer answer;
        HttpCounters counters;
        std::size_t sessions = 0;  // that there are
    };

    HttpSession(boost::asio::ip::tcp::socket socket, Host& host);
    ~HttpSession();
    HttpSession(const HttpSession&) = delete;
    HttpSession& operator=(const HttpSession&) = delete;

    void read();

private:
    void on_read(const boost::beast::error_code& error);
    void write(const HttpResponse& response, bool head, bool keep_alive);
    void close();

    Host& host_;
    boost::beast::tcp_stream stream_;
    boost::beast::flat_buffer buffer_;
    std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
    boost::beast::http::response<boost::beast::http::string_body> response_;
};

}  // namespace rtjam
