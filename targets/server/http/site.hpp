// What this server answers to each request: a function of the request and of the newest status.
// Realtime-safe: no. Thread: the HTTP thread.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "targets/server/http/admin_command.hpp"
#include "targets/server/http/http_message.hpp"
#include "targets/server/http/server_status.hpp"

namespace rtjam {

struct SiteConfig {
    std::vector<std::string> host_names{};  // that lead here, besides numeric addresses and localhost
    std::string admin_token{};              // empty: nobody is an administrator
};

class Site {
public:
    // A status that is older than this says that the server does not come round any more.
    static constexpr Duration status_age_max = std::chrono::seconds{5};

    explicit Site(SiteConfig config) : config_(std::move(config)) {}

    // The answer, or what is to be ordered to have one. That to HEAD is that to GET; its body is not to be
    // sent.
    std::variant<HttpResponse, AdminOrder> handle(const HttpRequest& request, const ServerStatus& status,
                                                  const HttpCounters& counters, Instant now) const;

private:
    std::variant<HttpResponse, AdminOrder> admin(const HttpRequest& request, const std::string& order) const;
    HttpResponse rooms(const HttpRequest& request, const ServerStatus& status) const;

    SiteConfig config_;
};

// What came of an order, as an answer.
HttpResponse response_to(const AdminResult& result);

}  // namespace rtjam
