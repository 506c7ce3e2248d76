#include "targets/common/service_manager.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

namespace rtjam {
namespace {

// A service manager's socket, with an abstract name of its own.
class ServiceManagerTest : public testing::Test {
protected:
    ServiceManagerTest() : descriptor_(socket(AF_UNIX, SOCK_DGRAM, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path + 1, name_.data(), name_.size());
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name_.size());
        EXPECT_EQ(bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size), 0);
        setenv("NOTIFY_SOCKET", ("@" + name_).c_str(), 1);
    }
    ~ServiceManagerTest() override {
        for (const char* variable : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) unsetenv(variable);
        close(descriptor_);
    }
    std::string told() const {
        std::array<char, 256> text{};
        const ssize_t size = recv(descriptor_, text.data(), text.size(), MSG_DONTWAIT);
        return size < 0 ? "nothing" : std::string(text.data(), static_cast<std::size_t>(size));
    }

    const std::string name_ = "rtjam-test-" + std::to_string(getpid());
    int descriptor_;
};

TEST_F(ServiceManagerTest, states_are_told_in_their_words) {
    ServiceManager manager;
    EXPECT_EQ(told(), "nothing");
    manager.tell_ready();
    EXPECT_EQ(told(), "READY=1");
    manager.tell_alive();
    EXPECT_EQ(told(), "WATCHDOG=1");
    manager.tell_reloading(Instant{std::chrono::seconds{3}});
    EXPECT_EQ(told(), "RELOADING=1\nMONOTONIC_USEC=3000000");
    manager.tell_stopping();
    EXPECT_EQ(told(), "STOPPING=1");
}

TEST_F(ServiceManagerTest, the_watchdog_is_ours_only_if_it_is_meant_for_us) {
    EXPECT_FALSE(ServiceManager{}.watchdog_timeout().has_value());
    setenv("WATCHDOG_USEC", "1500000", 1);
    EXPECT_EQ(ServiceManager{}.watchdog_timeout(), std::chrono::milliseconds{1500});
    setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
    EXPECT_EQ(ServiceManager{}.watchdog_timeout(), std::chrono::milliseconds{1500});
    setenv("WATCHDOG_PID", "1", 1);
    EXPECT_FALSE(ServiceManager{}.watchdog_timeout().has_value());
    unsetenv("WATCHDOG_PID");
    for (const char* nonsense : {"", "0", "-1", "soon", "1s"}) {
        setenv("WATCHDOG_USEC", nonsense, 1);
        EXPECT_FALSE(ServiceManager{}.watchdog_timeout().has_value()) << nonsense;
    }
}

TEST_F(ServiceManagerTest, without_a_manager_or_with_a_name_that_is_none_nothing_happens) {
    unsetenv("NOTIFY_SOCKET");
    ServiceManager{}.tell_ready();
    for (const std::string& name :
         {std::string{"relative"}, std::string{}, std::string(200, '/'), std::string{"/nowhere"}}) {
        setenv("NOTIFY_SOCKET", name.c_str(), 1);
        ServiceManager{}.tell_ready();
    }
    EXPECT_EQ(told(), "nothing");
}

}  // namespace
}  // namespace rtjam
