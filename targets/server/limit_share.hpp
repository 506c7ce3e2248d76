// The server's limits for strangers, shared out among its threads. Nothing is shared between threads while
// they run, so that none waits for another: each has a part of its own for all of its rooms together, and the
// parts are no more than the whole.
#pragma once

#include <cstddef>

#include "core/room/room_settings.hpp"

namespace rtjam {

// One of so many equal parts of what strangers may do, but at least one a second and one at once: of a limit
// below the number of threads the parts are more than the whole. Members' rates are everybody's own.
RoomLimits share_of(const RoomLimits& whole, std::size_t threads);

}  // namespace rtjam
