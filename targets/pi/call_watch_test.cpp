// The watch itself: each of these would be seen in a callback.
#include "targets/pi/call_watch.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

#include "targets/common/monotonic_clock.hpp"
#include "targets/pi/wake_event.hpp"

namespace rtjam {
namespace {

template <typename Action>
void is_seen(const char* name, Action action) {
    begin_call_watch();
    action();
    const WatchedCalls calls = end_call_watch();
    EXPECT_GE(calls.forbidden, 1) << name;
    EXPECT_STREQ(calls.first_forbidden, name);
}

TEST(CallWatch, what_is_forbidden_is_seen) {
    // Through a volatile, so that the compiler keeps a memory that is not used.
    void* volatile memory = nullptr;
    is_seen("malloc", [&] { memory = std::malloc(10); });
    is_seen("realloc", [&] { memory = std::realloc(memory, 20); });
    is_seen("free", [&] { std::free(memory); });
    int* volatile number = nullptr;
    is_seen("malloc", [&] { number = new int{1}; });
    is_seen("free", [&] { delete number; });
    is_seen("clock_gettime", [] { monotonic_now(); });
    is_seen("clock_gettime", [] { std::chrono::steady_clock::now(); });
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    is_seen("pthread_mutex_lock", [&] { pthread_mutex_lock(&mutex); });
    pthread_mutex_unlock(&mutex);
    char byte = 0;
    is_seen("recv", [&] { EXPECT_LT(recv(-1, &byte, 1, 0), 0); });
    is_seen("send", [&] { EXPECT_LT(send(-1, &byte, 1, 0), 0); });
    is_seen("read", [&] { EXPECT_LT(read(-1, &byte, 1), 0); });
    is_seen("write", [&] { EXPECT_LT(write(-1, &byte, 1), 0); });
    is_seen("open", [&] { EXPECT_LT(open("", O_RDONLY), 0); });
    is_seen("syscall", [&] { EXPECT_EQ(syscall(SYS_getpid), getpid()); });
}

int print(FILE* file, const char* format, ...) {
    va_list values;
    va_start(values, format);
    const int result = vfprintf(file, format, values);
    va_end(values);
    return result;
}

TEST(CallWatch, the_c_librarys_streams_are_seen) {
    FILE* const nowhere = std::fopen("/dev/null", "w");
    ASSERT_NE(nowhere, nullptr);
    is_seen("fwrite", [&] { EXPECT_EQ(std::fwrite("text", 1, 4, nowhere), 4U); });
    // Of a text that they know, compilers make an fwrite().
    const char* volatile text = "a line that a test prints";
    is_seen("fputs", [&] { std::fputs(text, nowhere); });
    is_seen("fputc", [&] { std::fputc('t', nowhere); });
    is_seen("putc", [&] { putc('t', nowhere); });
    is_seen("fprintf", [&] { EXPECT_EQ(std::fprintf(nowhere, "%d %s", 12, "text"), 7); });
    is_seen("vfprintf", [&] { EXPECT_EQ(print(nowhere, "%d %s", 12, "text"), 7); });
    is_seen("fflush", [&] { std::fflush(nowhere); });
    is_seen("puts", [&] { std::puts(text); });
    is_seen("putchar", [] { std::putchar('\n'); });
    is_seen("printf", [] { std::printf("%d lines that a test prints\n", 2); });
    is_seen("fopen", [] { EXPECT_EQ(std::fopen("", "r"), nullptr); });
    std::fclose(nowhere);
}

TEST(CallWatch, a_wake_is_seen_as_one_and_nothing_is_counted_outside) {
    const WakeEvent event;
    begin_call_watch();
    event.wake();
    const WatchedCalls calls = end_call_watch();
    EXPECT_EQ(calls.event_writes, 1);
    EXPECT_EQ(calls.forbidden, 0);
    event.wake();
    begin_call_watch();
    EXPECT_EQ(end_call_watch().event_writes, 0);
}

}  // namespace
}  // namespace rtjam
