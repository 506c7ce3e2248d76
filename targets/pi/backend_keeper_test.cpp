#include "targets/pi/backend_keeper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtjam {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

// A backend whose server is there or not as the test says.
struct FakeBackend {
    std::optional<std::string> start() {
        if (!is_starting) ++starts;
        is_starting = hangs;
        if (hangs) return "no answer";
        is_running = !obstacle;
        return obstacle;
    }
    bool starting() const { return is_starting; }
    void stop() { is_running = false; }
    bool running() const { return is_running; }
    FrameCount period() const { return FrameCount{128}; }
    SampleRate sample_rate() const { return sample_rate_48k; }
    std::uint64_t xruns() const { return 0; }
    int realtime_priority() const { return 0; }
    static Instant now() { return {}; }

    std::optional<std::string> obstacle;
    bool hangs = false;
    bool is_starting = false;
    bool is_running = false;
    int starts = 0;
};

class BackendKeeperTest : public testing::Test {
protected:
    Instant now_{seconds{1000}};
    FakeBackend backend_;
    BackendKeeper<FakeBackend> keeper_{backend_};
};

TEST_F(BackendKeeperTest, what_starts_at_once_is_started_once) {
    EXPECT_TRUE(keeper_.keep(now_).started);
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(keeper_.keep(now_ += milliseconds{50}).started);
    EXPECT_EQ(backend_.starts, 1);
}

TEST_F(BackendKeeperTest, a_missing_server_is_said_once_and_tried_every_second) {
    backend_.obstacle = "no server";
    const auto first = keeper_.keep(now_);
    ASSERT_TRUE(first.trouble);
    EXPECT_THAT(*first.trouble, HasSubstr("no audio yet: no server"));
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(keeper_.keep(now_ += milliseconds{50}).trouble);
    EXPECT_EQ(backend_.starts, 6);  // at 0, 1, 2, 3, 4 and 5 s

    backend_.obstacle.reset();
    EXPECT_TRUE(keeper_.keep(now_ += seconds{1}).started);
}

TEST_F(BackendKeeperTest, a_start_that_takes_long_is_waited_for_and_said_once) {
    backend_.hangs = true;
    for (int i = 0; i < 20; ++i) {
        EXPECT_FALSE(keeper_.keep(now_).trouble);
        now_ += milliseconds{50};
    }
    const auto news = keeper_.keep(now_);
    ASSERT_TRUE(news.trouble);
    EXPECT_THAT(*news.trouble, HasSubstr("no audio yet: no answer"));
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(keeper_.keep(now_ += milliseconds{50}).trouble);
    EXPECT_EQ(backend_.starts, 1);
    backend_.hangs = false;
    EXPECT_TRUE(keeper_.keep(now_ += milliseconds{50}).started);
    EXPECT_EQ(backend_.starts, 1);
}

TEST_F(BackendKeeperTest, a_start_that_takes_less_than_a_second_is_no_trouble) {
    backend_.hangs = true;
    EXPECT_FALSE(keeper_.keep(now_).trouble);
    backend_.hangs = false;
    const auto news = keeper_.keep(now_ += milliseconds{950});
    EXPECT_TRUE(news.started);
    EXPECT_FALSE(news.trouble);
}

TEST_F(BackendKeeperTest, another_reason_is_another_thing_to_say) {
    backend_.obstacle = "no server";
    EXPECT_TRUE(keeper_.keep(now_).trouble);
    backend_.obstacle = "wrong rate";
    const auto second = keeper_.keep(now_ += seconds{1});
    ASSERT_TRUE(second.trouble);
    EXPECT_THAT(*second.trouble, HasSubstr("wrong rate"));
}

TEST_F(BackendKeeperTest, an_end_by_itself_is_said_once_and_mended) {
    EXPECT_TRUE(keeper_.keep(now_).started);
    for (int round = 0; round < 3; ++round) {
        backend_.is_running = false;
        backend_.obstacle = "no server";
        const auto lost = keeper_.keep(now_ += seconds{10});
        ASSERT_TRUE(lost.trouble);
        EXPECT_THAT(*lost.trouble, HasSubstr("audio has stopped: no server"));
        EXPECT_FALSE(keeper_.keep(now_ += seconds{1}).trouble);
        backend_.obstacle.reset();
        EXPECT_TRUE(keeper_.keep(now_ += seconds{1}).started);
    }
}

}  // namespace
}  // namespace rtjam
