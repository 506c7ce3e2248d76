#include "targets/server/http/request_checks.hpp"

#include <algorithm>

#include "targets/common/endpoint_sockaddr.hpp"

namespace rtjam {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_but_for_case(std::string_view one, std::string_view other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

// The part before the port, and of a bracketed address what is inside; empty if it is neither.
std::string_view without_port(std::string_view host) {
    if (host.starts_with('[')) {
        const std::size_t end = host.find(']');
        return end == std::string_view::npos ? std::string_view{} : host.substr(1, end - 1);
    }
    return host.substr(0, host.find(':'));
}

}  // namespace

bool is_host_of_ours(std::string_view host, std::span<const std::string> names) {
    const std::string_view name = without_port(host);
    if (parse_address(std::string{name}, 0) || equal_but_for_case(name, "localhost")) return true;
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& ours) { return equal_but_for_case(name, ours); });
}

bool is_same_origin(std::string_view origin, std::string_view host) {
    if (origin.empty()) return true;
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (origin.starts_with(scheme)) return equal_but_for_case(origin.substr(scheme.size()), host);
    }
    return false;
}

bool bears_token(std::string_view authorization, std::string_view token) {
    constexpr std::string_view scheme = "bearer ";
    if (token.empty() || !equal_but_for_case(authorization.substr(0, scheme.size()), scheme)) return false;
    const std::string_view borne = authorization.substr(scheme.size());
    if (borne.size() != token.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < token.size(); ++i) {
        difference |= static_cast<unsigned>(static_cast<unsigned char>(borne[i])) ^
                      static_cast<unsigned>(static_cast<unsigned char>(token[i]));
    }
    return difference == 0;
}

}  // namespace rtjam
