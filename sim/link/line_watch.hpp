// What a line does in the spans of time in which somebody looks.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <vector>

#include "core/base/time.hpp"
#include "sim/link/line_spell.hpp"
#include "sim/link/span.hpp"

namespace rtjam::sim {

class LineWatch {
public:
    // Before anything is sent in it. Spans may overlap.
    void add(const Span& span) {
        assert(first_ == 0);
        const auto place = std::lower_bound(
            watched_.begin(), watched_.end(), span,
            [](const Watched& each, const Span& added) { return each.span.from < added.from; });
        const auto same =
            std::find_if(place, watched_.end(), [&](const Watched& each) { return each.span == span; });
        if (same == watched_.end()) watched_.insert(place, {.span = span, .seen = {}});
    }

    // What is sent never goes back in time.
    void lose(Instant at, bool by_queue) {
        for_each_at(at, [&](LineSpell& seen) { seen.lose(at, by_queue); });
    }
    void deliver(Instant at, Duration took) {
        for_each_at(at, [&](LineSpell& seen) { seen.deliver(at, took); });
    }

    const LineSpell& seen_in(const Span& span) const {
        const auto found = std::find_if(watched_.begin(), watched_.end(),
                                        [&](const Watched& each) { return each.span == span; });
        assert(found != watched_.end());
        return found->seen;
    }

private:
    struct Watched {
        Span span;
        LineSpell seen;
    };

    template <typename Note>
    void for_each_at(Instant at, Note note) {
        while (first_ < watched_.size() && watched_[first_].span.to <= at) ++first_;
        for (std::size_t i = first_; i < watched_.size() && watched_[i].span.from <= at; ++i) {
            if (watched_[i].span.contains(at)) note(watched_[i].seen);
        }
    }

    std::vector<Watched> watched_;  // in the order in which they begin
    std::size_t first_ = 0;         // those before it are over
};

}  // namespace rtjam::sim
