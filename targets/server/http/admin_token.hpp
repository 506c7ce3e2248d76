// The administrator's token, from a file that only the server can read.
// Thread: the control thread. Realtime-safe: no. Errors: exceptions.
#pragma once

#include <cstddef>
#include <string>

namespace rtjam {

// Nobody guesses so much, and no header has more.
inline constexpr std::size_t admin_token_chars_min = 16;
inline constexpr std::size_t admin_token_chars_max = 256;

// What the file holds, but for white space at its ends. It must be visible ASCII, for it is to go into a
// header.
std::string read_admin_token(const std::string& path);

}  // namespace rtjam
