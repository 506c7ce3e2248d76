#include "targets/server/http/site.hpp"

#include <spdlog/fmt/fmt.h>

#include <functional>
#include <string_view>

#include "targets/server/http/metrics_text.hpp"
#include "targets/server/http/request_checks.hpp"
#include "targets/server/http/rooms_json.hpp"
#include "targets/server/http/web_files.hpp"

namespace rtjam {

namespace {

HttpResponse plain(HttpStatus status, const char* text) {
    return {.status = status, .body = std::string{text} + "\n"};
}

HttpResponse health(const ServerStatus& status, Instant now) {
    if (now - status.taken > Site::status_age_max || !status.turning) {
        return plain(HttpStatus::service_unavailable, "stuck");
    }
    return {.body = "ok\n"};
}

// A file of the page; it may be kept, but the server is asked each time whether it is still the same.
HttpResponse file_response(const WebFile& file, const std::string& if_none_match) {
    HttpResponse response;
    response.cache_control = "no-cache";
    response.etag = fmt::format("\"{:016x}\"", std::hash<std::string_view>{}(file.content));
    response.content_type = file.content_type;
    if (if_none_match == response.etag) {
        response.status = HttpStatus::not_modified;
    } else {
        response.body = file.content;
    }
    return response;
}

HttpResponse not_allowed(const char* allowed) {
    HttpResponse response = plain(HttpStatus::method_not_allowed, allowed);
    response.allow = allowed;
    return response;
}

HttpResponse unauthorized() {
    HttpResponse response = plain(HttpStatus::unauthorized, "this needs the administrator's token");
    response.www_authenticate = "Bearer";
    return response;
}

}  // namespace

std::variant<HttpResponse, AdminOrder> Site::handle(const HttpRequest& request, const ServerStatus& status,
                                                    const HttpCounters& counters, Instant now) const {
    if (!is_host_of_ours(request.host, config_.host_names)) {
        return plain(HttpStatus::misdirected_request, "this host name is not known here (--http-host)");
    }
    if (!is_same_origin(request.origin, request.host)) {
        return plain(HttpStatus::forbidden, "a page of another origin may not ask this");
    }
    const std::string path = request.target.substr(0, request.target.find('?'));
    const std::string admin_folder = "/v1/admin/";
    if (path.starts_with(admin_folder)) return admin(request, path.substr(admin_folder.size()));
    if (request.method != "GET" && request.method != "HEAD") return not_allowed("GET, HEAD");
    if (path == "/healthz") return health(status, now);
    if (path == "/v1/rooms") return rooms(request, status);
    if (path == "/metrics") {
        return HttpResponse{.content_type = metrics_content_type, .body = metrics_text(status, counters)};
    }
    for (const WebFile& file : web_files()) {
        if (path == file.path) return file_response(file, request.if_none_match);
    }
    return plain(HttpStatus::not_found, "there is nothing here");
}

HttpResponse Site::rooms(const HttpRequest& request, const ServerStatus& status) const {
    Addresses addresses = Addresses::masked;
    if (!request.authorization.empty() && !config_.admin_token.empty()) {
        if (!bears_token(request.authorization, config_.admin_token)) return unauthorized();
        addresses = Addresses::whole;
    }
    return {.content_type = "application/json", .body = rooms_json(status, addresses)};
}

std::variant<HttpResponse, AdminOrder> Site::admin(const HttpRequest& request,
                                                   const std::string& order) const {
    if (config_.admin_token.empty() || !is_admin_order(order)) {
        return plain(HttpStatus::not_found, "there is nothing here");
    }
    if (request.method != "POST") return not_allowed("POST");
    if (!bears_token(request.authorization, config_.admin_token)) return unauthorized();
    if (!request.content_type.starts_with("application/json")) {
        return plain(HttpStatus::unsupported_media_type, "an order is application/json");
    }
    const auto parsed = parse_admin_order(order, request.body);
    if (!parsed) return plain(HttpStatus::bad_request, parsed.error().c_str());
    return *parsed;
}

HttpResponse response_to(const AdminResult& result) {
    const auto status = [&] {
        switch (result.kind) {
            case AdminResult::Kind::done:
                return HttpStatus::ok;
            case AdminResult::Kind::not_found:
                return HttpStatus::not_found;
            case AdminResult::Kind::conflict:
                return HttpStatus::conflict;
            case AdminResult::Kind::busy:
                break;
        }
        return HttpStatus::service_unavailable;
    };
    return plain(status(), result.text.c_str());
}

}  // namespace rtjam
