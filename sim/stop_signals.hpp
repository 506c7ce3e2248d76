// SIGINT and SIGTERM for a program that computes: they are not delivered but looked for, so that no handler
// and no global is needed. Thread: any one; blocked for the threads that it starts, too.
#pragma once

#include <csignal>

namespace rtjam::sim {

// From now on, a signal to stop waits until the program asks. Before any thread is started.
inline void hold_stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

// The signal that waits; 0: none. A system call.
inline int waiting_stop_signal() {
    sigset_t waiting;
    sigpending(&waiting);
    if (sigismember(&waiting, SIGINT) == 1) return SIGINT;
    return sigismember(&waiting, SIGTERM) == 1 ? SIGTERM : 0;
}

}  // namespace rtjam::sim
