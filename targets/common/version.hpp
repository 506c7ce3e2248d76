// What --version says.
#pragma once

#include <string_view>

namespace rtjam {

inline constexpr std::string_view version_text = RTJAM_VERSION;

}  // namespace rtjam
