// The concealments that are compared, by name.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "sim/quality/concealer.hpp"

namespace rtjam::sim::quality {

enum class Method : std::uint8_t { silence, repetition, burg_255_256, rtjam };

inline constexpr std::array methods{Method::silence, Method::repetition, Method::burg_255_256, Method::rtjam};

constexpr std::string_view name_of(Method method) {
    constexpr std::array<std::string_view, methods.size()> names{"silence", "repetition", "burg 255/256",
                                                                 "rtjam"};
    return names[static_cast<std::size_t>(method)];
}

// As new, at 48 kHz.
std::unique_ptr<Concealer> make_concealer(Method method);

}  // namespace rtjam::sim::quality
