// A value or an error: std::expected of C++23, in the few lines that we need of it.
// Realtime-safe: yes, if the value's and the error's own operations are.
#pragma once

#include <cassert>
#include <utility>
#include <variant>

namespace rtjam {

template <typename E>
class Unexpected {
public:
    constexpr explicit Unexpected(E error) : error_(std::move(error)) {}
    constexpr const E& error() const { return error_; }

private:
    E error_;
};

template <typename T, typename E>
class Expected {
public:
    constexpr Expected(T value) : content_(std::in_place_index<0>, std::move(value)) {}
    constexpr Expected(Unexpected<E> unexpected) : content_(std::in_place_index<1>, unexpected.error()) {}

    constexpr bool has_value() const { return content_.index() == 0; }
    constexpr explicit operator bool() const { return has_value(); }

    // Only when has_value().
    constexpr const T& value() const {
        assert(has_value());
        return *std::get_if<0>(&content_);
    }
    constexpr T& value() {
        assert(has_value());
        return *std::get_if<0>(&content_);
    }
    constexpr const T& operator*() const { return value(); }
    constexpr T& operator*() { return value(); }
    constexpr const T* operator->() const { return &value(); }
    constexpr T* operator->() { return &value(); }

    // Only when not has_value().
    constexpr const E& error() const {
        assert(!has_value());
        return *std::get_if<1>(&content_);
    }

private:
    std::variant<T, E> content_;
};

}  // namespace rtjam
