// An HTTP request and its response, as far as this server looks at them: values, without a socket.
// Realtime-safe: no. Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace rtjam {

struct HttpRequest {
    std::string method{};
    std::string target{};
    // Headers; empty where there is none.
    std::string host{};
    std::string origin{};
    std::string authorization{};
    std::string content_type{};
    std::string if_none_match{};
    std::string body{};
};

enum class HttpStatus : std::uint16_t {
    ok = 200,
    not_modified = 304,
    bad_request = 400,
    unauthorized = 401,
    forbidden = 403,
    not_found = 404,
    method_not_allowed = 405,
    conflict = 409,
    payload_too_large = 413,
    unsupported_media_type = 415,
    misdirected_request = 421,
    header_fields_too_large = 431,
    service_unavailable = 503
};

struct HttpResponse {
    HttpStatus status = HttpStatus::ok;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body{};
    std::string cache_control = "no-store";
    // Headers that only some responses have; empty: none.
    std::string etag{};
    std::string allow{};
    std::string www_authenticate{};
};

// Since the start; the HTTP thread's.
struct HttpCounters {
    static constexpr std::size_t classes = 6;  // by the status's first digit; 0 and 1 stay empty
    std::array<std::uint64_t, classes> responses{};
    std::uint64_t connections = 0;
    std::uint64_t connections_refused = 0;  // beyond the most that are served at once

    void count(HttpStatus status) { ++responses[static_cast<std::size_t>(status) / 100]; }
};

}  // namespace rtjam
