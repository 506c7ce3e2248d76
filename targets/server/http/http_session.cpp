#include "targets/server/http/http_session.hpp"

#include <string>
#include <utility>

#include "targets/common/version.hpp"
#include "targets/server/http/http_server.hpp"

namespace rtjam {

namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

// Nothing but what this server itself serves may act in a page of its, and no other page may show one.
constexpr const char* content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

HttpRequest to_request(const http::request<http::string_body>& message) {
    const auto field = [&](http::field name) {
        const auto found = message.find(name);
        return found == message.end() ? std::string{} : std::string{found->value()};
    };
    return {.method = std::string{message.method_string()},
            .target = std::string{message.target()},
            .host = field(http::field::host),
            .origin = field(http::field::origin),
            .authorization = field(http::field::authorization),
            .content_type = field(http::field::content_type),
            .if_none_match = field(http::field::if_none_match),
            .body = message.body()};
}

http::response<http::string_body> to_message(const HttpResponse& response, bool head) {
    http::response<http::string_body> message{static_cast<http::status>(response.status), 11};
    message.set(http::field::server, "rtjam-server/" + std::string{version_text});
    message.set(http::field::cache_control, response.cache_control);
    message.set("Content-Security-Policy", content_security_policy);
    message.set("X-Content-Type-Options", "nosniff");
    message.set("Referrer-Policy", "no-referrer");
    message.set("Cross-Origin-Resource-Policy", "same-origin");
    if (!response.etag.empty()) message.set(http::field::etag, response.etag);
    if (!response.allow.empty()) message.set(http::field::allow, response.allow);
    if (!response.www_authenticate.empty()) {
        message.set(http::field::www_authenticate, response.www_authenticate);
    }
    if (response.status == HttpStatus::not_modified) return message;
    message.set(http::field::content_type, response.content_type);
    message.content_length(response.body.size());
    if (!head) message.body() = response.body;
    return message;
}

// Empty if the other side has gone, or is too slow to be answered.
std::optional<HttpStatus> refusal_for(const beast::error_code& error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return HttpStatus::header_fields_too_large;
    }
    if (error == http::error::body_limit) return HttpStatus::payload_too_large;
    if (error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
    if (error.category() == make_error_code(http::error::bad_version).category()) {
        return HttpStatus::bad_request;
    }
    return std::nullopt;
}

}  // namespace

HttpSession::HttpSession(boost::asio::ip::tcp::socket socket, Host& host)
    : host_(host),
      stream_(std::move(socket)),
      buffer_(HttpServer::header_bytes_max + HttpServer::body_bytes_max) {
    ++host_.sessions;
    ++host_.counters.connections;
}

HttpSession::~HttpSession() {
    --host_.sessions;
}

void HttpSession::read() {
    parser_.emplace();
    parser_->header_limit(HttpServer::header_bytes_max);
    parser_->body_limit(HttpServer::body_bytes_max);
    stream_.expires_after(HttpServer::patience_max);
    http::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](const beast::error_code& error, std::size_t) { self->on_read(error); });
}

void HttpSession::on_read(const beast::error_code& error) {
    if (error) {
        if (const auto status = refusal_for(error)) {
            write({.status = *status, .body = error.message() + "\n"}, false, false);
        } else {
            close();
        }
        return;
    }
    const HttpRequest request = to_request(parser_->get());
    const auto reply = [self = shared_from_this(), head = request.method == "HEAD",
                        keep_alive = parser_->get().keep_alive()](const HttpResponse& response) {
        self->write(response, head, keep_alive);
    };
    host_.answer(request, reply);
}

void HttpSession::write(const HttpResponse& response, bool head, bool keep_alive) {
    host_.counters.count(response.status);
    response_ = to_message(response, head);
    response_.keep_alive(keep_alive);
    stream_.expires_after(HttpServer::patience_max);
    http::async_write(stream_, response_,
                      [self = shared_from_this(), keep_alive](const beast::error_code& error, std::size_t) {
                          if (!error && keep_alive) return self->read();
                          self->close();
                      });
}

void HttpSession::close() {
    beast::error_code ignored;  // the other side may have gone before
    stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
}

}  // namespace rtjam
