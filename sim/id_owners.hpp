// Which player has an id, of those who are or have been members of a room.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "core/base/ids.hpp"

namespace rtjam::sim {

// Asked for every packet and every period of every stream: a few side by side are found sooner than in a
// tree.
class IdOwners {
public:
    void set(ClientId id, std::size_t player) {
        const auto found = find(id);
        if (found != entries_.end())
            entries_[static_cast<std::size_t>(found - entries_.begin())].player = player;
        else
            entries_.push_back({id, player});
    }
    std::optional<std::size_t> player_with(ClientId id) const {
        const auto found = find(id);
        return found == entries_.end() ? std::nullopt : std::optional{found->player};
    }

private:
    struct Entry {
        ClientId id;
        std::size_t player;
    };
    std::vector<Entry>::const_iterator find(ClientId id) const {
        return std::find_if(entries_.begin(), entries_.end(),
                            [id](const Entry& each) { return each.id == id; });
    }

    std::vector<Entry> entries_;
};

}  // namespace rtjam::sim
