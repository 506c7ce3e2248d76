#include "targets/server/http/admin_token.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace rtjam {

std::string read_admin_token(const std::string& path) {
    // One more than there may be, so that a longer one is seen, and a line end.
    std::string text(admin_token_chars_max + 2, '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    const char* const white = " \t\r\n";
    text.erase(0, std::min(text.find_first_not_of(white), text.size()));
    text.erase(text.find_last_not_of(white) + 1);
    const bool visible = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
    if (!visible || text.size() < admin_token_chars_min || text.size() > admin_token_chars_max) {
        throw std::runtime_error("--admin-token-file: " + path +
                                 " holds no token of 16 to 256 visible characters");
    }
    return text;
}

}  // namespace rtjam
