// What a request must say of itself before anything is done for it.
// Realtime-safe: no. Any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rtjam {

// Whether the Host header (RFC 9110 section 7.2) is a numeric address, localhost, or one of the names, with
// any port. Another name that leads here is how a page of somebody else's gets a browser to read from this
// server as if it were its own (DNS rebinding).
bool is_host_of_ours(std::string_view host, std::span<const std::string> names);

// Whether the Origin header (RFC 6454) is that of a page of this host's, or is not there: programs send none.
bool is_same_origin(std::string_view origin, std::string_view host);

// Whether the Authorization header (RFC 6750 section 2.1) has this token. How long that takes says nothing
// about how much of it is right.
bool bears_token(std::string_view authorization, std::string_view token);

}  // namespace rtjam
