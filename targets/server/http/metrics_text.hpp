// What Prometheus reads: the text format, version 0.0.4 (prometheus.io, "Exposition formats"), in base units.
// Realtime-safe: no. Any thread.
#pragma once

#include <string>

#include "targets/server/http/http_message.hpp"
#include "targets/server/http/server_status.hpp"

namespace rtjam {

inline constexpr const char* metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

// Rooms are labelled by their numbers. Players are added up: a stranger chooses its id, and each new label
// would stay with Prometheus for good.
std::string metrics_text(const ServerStatus& status, const HttpCounters& http);

}  // namespace rtjam
