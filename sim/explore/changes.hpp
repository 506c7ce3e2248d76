// A list of changes of a scenario's values, each to something simpler.
#pragma once

#include <array>
#include <functional>
#include <initializer_list>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/explore/shrink_changes.hpp"
#include "sim/scenario.hpp"

namespace rtjam::sim {

// No fault is made shorter than that.
inline constexpr Duration span_min = std::chrono::milliseconds{100};

inline Duration rounded(Duration value, Duration unit) {
    return (value + unit / 2) / unit * unit;
}
inline Instant rounded(Instant value, Duration unit) {
    return Instant{rounded(value.time_since_epoch(), unit)};
}

// Changes of the values that `get` finds in a scenario.
class Changes {
public:
    explicit Changes(const Scenario& scenario) : now_(scenario) {}

    template <typename Get, typename Value>
    void set(Get get, Value value) {
        list_.push_back([get, value](Scenario& s) { get(s) = value; });
    }
    // Each of the values, the simplest first, up to the one that it has: the first is to be that of what is
    // not there at all, or troubles would be added.
    template <typename Get, typename Value>
    void prefer(Get get, std::initializer_list<Value> values) {
        for (const Value& value : values) {
            if (value == get(now_)) return;
            set(get, value);
        }
    }
    // To the roundest time that does.
    template <typename Get>
    void round(Get get) {
        for (const Duration unit : round_units) set(get, rounded(get(now_), unit));
    }
    // The same of what has to stay between two others.
    template <typename Get>
    void round_between(const Span& bounds, Get get) {
        for (const Duration unit : round_units) {
            const Instant value = rounded(get(now_), unit);
            if (bounds.from <= value && value <= bounds.to) set(get, value);
        }
    }
    // A span that is there: none, an earlier one, a shorter one, rounder ones.
    template <typename Get>
    void span(Get get) {
        if (!get(now_)) return;
        using Value = std::decay_t<decltype(get(now_))>;
        set(get, Value{});
        const Span whole = *get(now_);
        const Duration length = whole.to - whole.from;
        if (whole.from > Instant{std::chrono::seconds{1}})
            set(get, Value{Span{.from = Instant{std::chrono::seconds{1}},
                                .to = Instant{std::chrono::seconds{1}} + length}});
        if (length >= 2 * span_min) set(get, Value{Span{.from = whole.from, .to = whole.from + length / 2}});
        round([get](Scenario& s) -> Instant& { return get(s)->from; });
        round([get](Scenario& s) -> Instant& { return get(s)->to; });
    }
    void add(Change change) { list_.push_back(std::move(change)); }
    std::vector<Change> take() { return std::move(list_); }

private:
    static constexpr std::array<Duration, 3> round_units{
        std::chrono::seconds{1}, std::chrono::milliseconds{100}, std::chrono::milliseconds{10}};

    Scenario now_;
    std::vector<Change> list_;
};

}  // namespace rtjam::sim
