#include "targets/common/realtime_setup.hpp"

#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace rtjam {
namespace {

constexpr std::size_t stack_bytes = 1 << 20;

int limit_stacks_of_new_threads() {
    pthread_attr_t attributes;
    if (const int error = pthread_attr_init(&attributes); error != 0) return error;
    int error = pthread_attr_setstacksize(&attributes, stack_bytes);
    if (error == 0) error = pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
    return error;
}

}  // namespace

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
    if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0) return errno;
    return limit_stacks_of_new_threads();
}

}  // namespace rtjam
