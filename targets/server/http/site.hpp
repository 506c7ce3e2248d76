// What this server answers to each request: a function of the request and of the newest status.
// Realtime-safe: no. Thread: the HTTP thread.
#pragma once

#include <string>
#include <vector>

#include "targets/server/http/http_message.hpp"
#include "targets/server/http/server_status.hpp"

namespace rtjam {

struct SiteConfig {
    std::vector<std::string> host_names;  // that lead here, besides numeric addresses and localhost
};

class Site {
public:
    // A status that is older than this says that the server does not come round any more.
    static constexpr Duration status_age_max = std::chrono::seconds{5};

    explicit Site(SiteConfig config) : config_(std::move(config)) {}

    // The answer to HEAD is that to GET; its body is not to be sent.
    HttpResponse answer(const HttpRequest& request, const ServerStatus& status, const HttpCounters& counters,
                        Instant now) const;

private:
    SiteConfig config_;
};

}  // namespace rtjam
