// Something for each of some ids.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "core/base/ids.hpp"

namespace rtjam::sim {

// Asked for every packet and every period of every stream: where an id is mostly need not be searched for.
template <typename Value>
class IdTable {
public:
    std::size_t size() const { return ids_.size(); }

    // Null if there is none. It stays where it is until another id comes.
    const Value* find(ClientId id) const {
        const std::size_t place = place_of(id);
        return place == ids_.size() ? nullptr : &values_[place];
    }
    Value* find(ClientId id) {
        const std::size_t place = place_of(id);
        return place == ids_.size() ? nullptr : &values_[place];
    }

    // Its place, which it keeps; that of a new one if there was none.
    std::size_t place(ClientId id) {
        const std::size_t place = place_of(id);
        if (place == ids_.size()) {
            ids_.push_back(id);
            values_.emplace_back();
            guess(id) = static_cast<std::uint8_t>(place);
        }
        return place;
    }
    Value& at(std::size_t place) {
        assert(place < values_.size());
        return values_[place];
    }
    ClientId id_at(std::size_t place) const {
        assert(place < ids_.size());
        return ids_[place];
    }
    Value& operator[](ClientId id) { return values_[place(id)]; }

    // Calls visit(id, value) for each, in the order of the ids, whenever they have come.
    template <typename Visit>
    void for_each(const Visit& visit) {
        for (const std::size_t place : places_by_id()) visit(ids_[place], values_[place]);
    }
    template <typename Visit>
    void for_each(const Visit& visit) const {
        for (const std::size_t place : places_by_id()) visit(ids_[place], values_[place]);
    }

private:
    std::size_t place_of(ClientId id) const {
        const std::size_t guessed = guess(id);
        if (guessed < ids_.size() && ids_[guessed] == id) return guessed;
        return static_cast<std::size_t>(std::find(ids_.begin(), ids_.end(), id) - ids_.begin());
    }
    std::vector<std::size_t> places_by_id() const {
        std::vector<std::size_t> places(ids_.size());
        std::iota(places.begin(), places.end(), std::size_t{0});
        std::sort(places.begin(), places.end(),
                  [this](std::size_t a, std::size_t b) { return ids_[a] < ids_[b]; });
        return places;
    }

    // Of several ids that have one guess it is right for the last, if that is among the first 256 that came.
    static constexpr std::size_t guess_of(ClientId id) { return (id.value() * 0x9E3779B9U) >> 24; }
    std::uint8_t guess(ClientId id) const { return guesses_[guess_of(id)]; }
    std::uint8_t& guess(ClientId id) { return guesses_[guess_of(id)]; }

    // As they have come.
    std::vector<ClientId> ids_;
    std::vector<Value> values_;
    std::array<std::uint8_t, 256> guesses_{};
};

}  // namespace rtjam::sim
