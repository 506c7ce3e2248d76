#include "targets/pi/call_watch.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <cstdarg>
#include <cstddef>
#include <cstdio>

namespace rtjam {
namespace {

constexpr std::size_t wake_size = 8;

// In the program's own block of thread-local storage, which is there from the thread's beginning: the
// definitions below run before and after everything else.
thread_local bool is_watching = false;
thread_local WatchedCalls calls;

void note(const char* name) {
    if (!is_watching) return;
    if (calls.forbidden++ == 0) calls.first_forbidden = name;
}

void note_write(std::size_t size) {
    if (!is_watching) return;
    if (size == wake_size) {
        ++calls.event_writes;
    } else {
        note("write");
    }
}

template <typename Function>
Function* next_definition_of(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

bool call_watch_sees() {
    return true;
}

void begin_call_watch() {
    calls = {};
    is_watching = true;
}

WatchedCalls end_call_watch() {
    is_watching = false;
    return calls;
}

}  // namespace rtjam

// The C library's own names for its allocator: dlsym() itself allocates and cannot be used to find it.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* memory, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
void __libc_free(void* memory);
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

void* malloc(size_t size) noexcept {
    rtjam::note("malloc");
    return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) noexcept {
    rtjam::note("calloc");
    return __libc_calloc(count, size);
}
void* realloc(void* memory, size_t size) noexcept {
    rtjam::note("realloc");
    return __libc_realloc(memory, size);
}
void* aligned_alloc(size_t alignment, size_t size) noexcept {
    rtjam::note("aligned_alloc");
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, size_t alignment, size_t size) noexcept {
    rtjam::note("posix_memalign");
    *memory = __libc_memalign(alignment, size);
    return 0;
}
void free(void* memory) noexcept {
    rtjam::note("free");
    __libc_free(memory);
}

ssize_t write(int file, const void* bytes, size_t size) {
    rtjam::note_write(size);
    static const auto next = rtjam::next_definition_of<ssize_t(int, const void*, size_t)>("write");
    return next(file, bytes, size);
}
}

// A definition that notes the call and passes it on. A macro, because the name is needed as a name and as
// text. NOLINTBEGIN(bugprone-macro-parentheses)
#define RTJAM_WATCH(result, name, parameters, arguments, exceptions)                  \
    extern "C" result name parameters exceptions {                                    \
        rtjam::note(#name);                                                           \
        static const auto next = rtjam::next_definition_of<result parameters>(#name); \
        return next arguments;                                                        \
    }
// NOLINTEND(bugprone-macro-parentheses)

RTJAM_WATCH(int, pthread_mutex_lock, (pthread_mutex_t * m), (m), noexcept)
RTJAM_WATCH(int, pthread_mutex_trylock, (pthread_mutex_t * m), (m), noexcept)
RTJAM_WATCH(int, pthread_rwlock_rdlock, (pthread_rwlock_t * l), (l), noexcept)
RTJAM_WATCH(int, pthread_rwlock_wrlock, (pthread_rwlock_t * l), (l), noexcept)
RTJAM_WATCH(int, pthread_cond_signal, (pthread_cond_t * c), (c), noexcept)
RTJAM_WATCH(int, pthread_cond_broadcast, (pthread_cond_t * c), (c), noexcept)
RTJAM_WATCH(int, pthread_cond_wait, (pthread_cond_t * c, pthread_mutex_t* m), (c, m), )
RTJAM_WATCH(int, sem_wait, (sem_t * s), (s), )
RTJAM_WATCH(int, sem_post, (sem_t * s), (s), noexcept)

RTJAM_WATCH(int, clock_gettime, (clockid_t clock, timespec* time), (clock, time), noexcept)
RTJAM_WATCH(int, gettimeofday, (timeval * time, void* zone), (time, zone), noexcept)
RTJAM_WATCH(time_t, time, (time_t * time), (time), noexcept)
RTJAM_WATCH(int, nanosleep, (const timespec* time, timespec* rest), (time, rest), )
RTJAM_WATCH(int, clock_nanosleep, (clockid_t clock, int flags, const timespec* time, timespec* rest),
            (clock, flags, time, rest), )

RTJAM_WATCH(ssize_t, read, (int file, void* bytes, size_t size), (file, bytes, size), )
RTJAM_WATCH(ssize_t, readv, (int file, const iovec* parts, int count), (file, parts, count), )
RTJAM_WATCH(ssize_t, writev, (int file, const iovec* parts, int count), (file, parts, count), )
RTJAM_WATCH(ssize_t, recv, (int file, void* bytes, size_t size, int flags), (file, bytes, size, flags), )
RTJAM_WATCH(ssize_t, recvfrom,
            (int file, void* bytes, size_t size, int flags, sockaddr* from, socklen_t* length),
            (file, bytes, size, flags, from, length), )
RTJAM_WATCH(ssize_t, recvmsg, (int file, msghdr* message, int flags), (file, message, flags), )
RTJAM_WATCH(int, recvmmsg, (int file, mmsghdr* messages, unsigned count, int flags, timespec* timeout),
            (file, messages, count, flags, timeout), )
RTJAM_WATCH(ssize_t, send, (int file, const void* bytes, size_t size, int flags),
            (file, bytes, size, flags), )
RTJAM_WATCH(ssize_t, sendto,
            (int file, const void* bytes, size_t size, int flags, const sockaddr* to, socklen_t length),
            (file, bytes, size, flags, to, length), )
RTJAM_WATCH(ssize_t, sendmsg, (int file, const msghdr* message, int flags), (file, message, flags), )
RTJAM_WATCH(int, sendmmsg, (int file, mmsghdr* messages, unsigned count, int flags),
            (file, messages, count, flags), )
RTJAM_WATCH(int, poll, (pollfd * files, nfds_t count, int timeout), (files, count, timeout), )
RTJAM_WATCH(int, epoll_wait, (int file, epoll_event* events, int count, int timeout),
            (file, events, count, timeout), )
RTJAM_WATCH(int, close, (int file), (file), )
RTJAM_WATCH(void*, mmap, (void* at, size_t size, int access, int flags, int file, off_t offset),
            (at, size, access, flags, file, offset), noexcept)
RTJAM_WATCH(int, munmap, (void* at, size_t size), (at, size), noexcept)
RTJAM_WATCH(int, sched_yield, (), (), noexcept)

// The C library's own calls of write() and malloc() pass all this by: its streams have to be seen themselves.
RTJAM_WATCH(size_t, fwrite, (const void* bytes, size_t size, size_t count, FILE* file),
            (bytes, size, count, file), )
RTJAM_WATCH(int, fputs, (const char* text, FILE* file), (text, file), )
RTJAM_WATCH(int, fputc, (int byte, FILE* file), (byte, file), )
RTJAM_WATCH(int, putc, (int byte, FILE* file), (byte, file), )
RTJAM_WATCH(int, putchar, (int byte), (byte), )
RTJAM_WATCH(int, puts, (const char* text), (text), )
RTJAM_WATCH(int, fflush, (FILE * file), (file), )
RTJAM_WATCH(int, vfprintf, (FILE * file, const char* format, va_list values), (file, format, values), )
RTJAM_WATCH(FILE*, fopen, (const char* path, const char* mode), (path, mode), )

extern "C" {

int fprintf(FILE* file, const char* format, ...) {
    rtjam::note("fprintf");
    va_list values;
    va_start(values, format);
    const int result = vfprintf(file, format, values);
    va_end(values);
    return result;
}
int printf(const char* format, ...) {
    rtjam::note("printf");
    va_list values;
    va_start(values, format);
    const int result = vfprintf(stdout, format, values);
    va_end(values);
    return result;
}

// What is not given is passed on too; the callee does not look at it.
int open(const char* path, int flags, ...) {
    rtjam::note("open");
    va_list values;
    va_start(values, flags);
    const mode_t mode = va_arg(values, mode_t);
    va_end(values);
    static const auto next = rtjam::next_definition_of<int(const char*, int, ...)>("open");
    return next(path, flags, mode);
}
long syscall(long number, ...) noexcept {
    rtjam::note("syscall");
    va_list values;
    va_start(values, number);
    long argument[6];
    for (long& each : argument) each = va_arg(values, long);
    va_end(values);
    static const auto next = rtjam::next_definition_of<long(long, ...)>("syscall");
    return next(number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
}
}
