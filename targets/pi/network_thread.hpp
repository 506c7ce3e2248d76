// The thread between the socket and the audio callback's rings: stamps what arrives and sends what the
// callback has left, as soon as it wakes it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>

#include "core/base/time.hpp"
#include "targets/common/kernel_clock.hpp"
#include "targets/common/udp_options.hpp"
#include "targets/pi/audio_callback.hpp"

namespace rtjam {

// Since the program's start: they outlive the thread that counts. Written by one network thread at a time.
struct NetworkCounters {
    std::atomic<std::uint64_t> datagrams_sent{0};
    // A send that failed, or one that the other side turned out to have refused (ICMP). Nothing else happens
    // then: the next one may pass.
    std::atomic<std::uint64_t> send_errors{0};
    std::atomic<std::uint64_t> receive_ring_full{0};  // arrived, and dropped for want of a place
};

class NetworkThread {
public:
    // The socket is connected to the server: the kernel drops what others send. Starts the thread; throws
    // std::system_error. The callback and the counters must outlive it.
    NetworkThread(UdpSocket socket, AudioCallback& callback, NetworkCounters& counters,
                  std::function<Instant()> backend_now);
    // Stops it and waits for it: a few milliseconds.
    ~NetworkThread();
    NetworkThread(const NetworkThread&) = delete;
    NetworkThread& operator=(const NetworkThread&) = delete;

    // Just below the audio thread's, or 0 for ordinary scheduling. 0 or the system's error number.
    int set_priority(int priority);

private:
    void run();
    void send_all();
    void receive_all();
    bool receive_one(ReceivedDatagram& datagram);

    UdpSocket socket_;
    AudioCallback& callback_;
    NetworkCounters& counters_;
    KernelClock clock_;
    ReceivedDatagram dropped_;  // where a datagram goes for which the ring has no place
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace rtjam
