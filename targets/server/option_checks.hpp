// What an option of the command line, or a key of the configuration, takes: each says what is wrong with a
// text, or nothing. Realtime-safe: no. Any thread.
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>

namespace rtjam {

// More rooms a server has not.
inline constexpr std::size_t rooms_limit = 64;

// Unlike CLI::Range it takes no NaN.
CLI::Validator between(double min, double max);
CLI::Validator numeric_address();
CLI::Validator numeric_endpoint();
// One that exists; or nothing, as the printed configuration has it.
CLI::Validator folder();
CLI::Validator room_or_none();
CLI::Validator ban();

}  // namespace rtjam
