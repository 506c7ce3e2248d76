// Something for each of some ids.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/base/ids.hpp"

namespace rtjam::sim {

// Asked for every packet and every period of every stream: a few ids side by side are found sooner than in a
// tree. In the order of the ids, whenever they have come.
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

    // A new one if there was none.
    Value& operator[](ClientId id) {
        if (Value* const found = find(id)) return *found;
        const auto place = std::lower_bound(ids_.begin(), ids_.end(), id) - ids_.begin();
        ids_.insert(ids_.begin() + place, id);
        return *values_.emplace(values_.begin() + place);
    }

    // Calls visit(id, value) for each.
    template <typename Visit>
    void for_each(const Visit& visit) {
        for (std::size_t i = 0; i < ids_.size(); ++i) visit(ids_[i], values_[i]);
    }
    template <typename Visit>
    void for_each(const Visit& visit) const {
        for (std::size_t i = 0; i < ids_.size(); ++i) visit(ids_[i], values_[i]);
    }

private:
    std::size_t place_of(ClientId id) const {
        return static_cast<std::size_t>(std::find(ids_.begin(), ids_.end(), id) - ids_.begin());
    }

    std::vector<ClientId> ids_;
    std::vector<Value> values_;
};

}  // namespace rtjam::sim
