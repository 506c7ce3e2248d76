// What a failure needs to be replayed beside its seed. Any thread.
#pragma once

namespace rtjam::sim {

// As `git describe` names it, with "-dirty" behind it for a tree with changes; "unknown" outside of git.
const char* built_commit();

}  // namespace rtjam::sim
