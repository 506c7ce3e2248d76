#include "targets/server/http/masked_address.hpp"

#include <spdlog/fmt/fmt.h>

namespace rtjam {

std::string masked_address(const Endpoint& endpoint) {
    const auto& a = endpoint.address;
    if (is_ipv4(endpoint)) return fmt::format("{}.{}.*.*", a[12], a[13]);
    return fmt::format("{:x}:{:x}:*", a[0] << 8 | a[1], a[2] << 8 | a[3]);
}

}  // namespace rtjam
