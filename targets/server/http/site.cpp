#include "targets/server/http/site.hpp"

#include "targets/server/http/metrics_text.hpp"
#include "targets/server/http/request_checks.hpp"
#include "targets/server/http/rooms_json.hpp"

namespace rtjam {

namespace {

HttpResponse refusal(HttpStatus status, const char* text) {
    return {.status = status, .body = std::string{text} + "\n"};
}

HttpResponse health(const ServerStatus& status, Instant now) {
    if (now - status.taken > Site::status_age_max || !status.turning) {
        return refusal(HttpStatus::service_unavailable, "stuck");
    }
    return {.body = "ok\n"};
}

HttpResponse page(const std::string& path, const ServerStatus& status, const HttpCounters& counters,
                  Instant now) {
    if (path == "/healthz") return health(status, now);
    if (path == "/metrics") {
        return {.content_type = metrics_content_type, .body = metrics_text(status, counters)};
    }
    if (path == "/v1/rooms") {
        return {.content_type = "application/json", .body = rooms_json(status, Addresses::masked)};
    }
    return refusal(HttpStatus::not_found, "there is nothing here");
}

}  // namespace

HttpResponse Site::answer(const HttpRequest& request, const ServerStatus& status,
                          const HttpCounters& counters, Instant now) const {
    if (!is_host_of_ours(request.host, config_.host_names)) {
        return refusal(HttpStatus::misdirected_request, "this host name is not known here (--http-host)");
    }
    if (!is_same_origin(request.origin, request.host)) {
        return refusal(HttpStatus::forbidden, "a page of another origin may not ask this");
    }
    if (request.method != "GET" && request.method != "HEAD") {
        HttpResponse response = refusal(HttpStatus::method_not_allowed, "only GET and HEAD");
        response.allow = "GET, HEAD";
        return response;
    }
    const std::string path = request.target.substr(0, request.target.find('?'));
    return page(path, status, counters, now);
}

}  // namespace rtjam
