// How one thread wakes another that waits in poll(): a file descriptor that becomes readable.
// Realtime-safe: wake() is; it is one non-blocking system call. Any thread.
#pragma once

namespace rtjam {

class WakeEvent {
public:
    // Throws std::system_error.
    WakeEvent();
    ~WakeEvent();
    WakeEvent(const WakeEvent&) = delete;
    WakeEvent& operator=(const WakeEvent&) = delete;

    void wake() const;
    // The waiting thread: not readable any more until the next wake().
    void clear() const;
    int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

}  // namespace rtjam
