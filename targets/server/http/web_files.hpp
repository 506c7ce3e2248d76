// The files of web/, which the build puts into the program.
// Realtime-safe: no. Any thread.
#pragma once

#include <span>
#include <string_view>

namespace rtjam {

struct WebFile {
    std::string_view path;  // under which it is served
    std::string_view content_type;
    std::string_view content;
};

std::span<const WebFile> web_files();

}  // namespace rtjam
