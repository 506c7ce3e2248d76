#include "targets/server/option_checks.hpp"

#include <cstddef>
#include <string>

#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/server/ban_text.hpp"

namespace rtjam {

CLI::Validator between(double min, double max) {
    const std::string range = CLI::detail::to_string(min) + " to " + CLI::detail::to_string(max);
    const auto check = [min, max, range](const std::string& text) {
        double value = 0.0;
        const bool inside = CLI::detail::lexical_cast(text, value) && value >= min && value <= max;
        return inside ? std::string{} : "'" + text + "' is not a number from " + range;
    };
    return {check, range};
}

CLI::Validator numeric_address() {
    const auto check = [](const std::string& text) {
        return parse_address(text, 0) ? std::string{} : "'" + text + "' is not an IPv4 or IPv6 address";
    };
    return {check, "ADDRESS"};
}

CLI::Validator numeric_endpoint() {
    const auto check = [](const std::string& text) {
        return parse_endpoint(text) ? std::string{} : "'" + text + "' is not ADDRESS:PORT or [IPV6]:PORT";
    };
    return {check, "ADDRESS:PORT"};
}

CLI::Validator folder() {
    const auto check = [](const std::string& text) {
        const bool exists = CLI::detail::check_path(text.c_str()) == CLI::detail::path_type::directory;
        return text.empty() || exists ? std::string{} : "'" + text + "' is not a folder";
    };
    return {check, "FOLDER"};
}

CLI::Validator room_or_none() {
    const auto check = [](const std::string& text) {
        std::size_t room = 0;
        const bool is_room = CLI::detail::lexical_cast(text, room) && room < rooms_limit;
        return is_room || text == "none" ? std::string{} : "'" + text + "' is no room's number, and not none";
    };
    return {check, "ROOM"};
}

CLI::Validator ban() {
    const auto check = [](const std::string& text) {
        return parse_ban(text) ? std::string{} : "'" + text + "' is no address, address/bits or id:number";
    };
    return {check, "BAN"};
}

}  // namespace rtjam
