#include "targets/common/realtime_setup.hpp"

#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>

namespace rtjam {

int set_realtime_priority(pthread_t thread, int priority) {
    sched_param parameters{};
    parameters.sched_priority = priority;
    const int policy = priority > 0 ? SCHED_FIFO | SCHED_RESET_ON_FORK : SCHED_OTHER;
    return pthread_setschedparam(thread, policy, &parameters);
}

int lock_memory() {
    rlimit limit{};
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return errno;
    if (geteuid() != 0 && limit.rlim_cur != RLIM_INFINITY) return EPERM;
    return mlockall(MCL_CURRENT | MCL_FUTURE) == 0 ? 0 : errno;
}

}  // namespace rtjam
