#include "targets/pi/connection_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace rtjam {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

class ConnectionWatchTest : public testing::Test {
protected:
    // What is said while the connection is this for that long, looked at every 50 ms.
    std::vector<std::string> during(Connection connection, Duration duration) {
        std::vector<std::string> said;
        for (const Instant end = now_ + duration; now_ < end; now_ += milliseconds{50}) {
            if (const auto news = watch_.update(connection, now_)) said.push_back(news->text);
        }
        return said;
    }

    Instant now_{seconds{1000}};
    ConnectionWatch watch_{"jam:7891", ClientId{7}, now_};
};

TEST_F(ConnectionWatchTest, a_quick_join_says_connected_and_nothing_else) {
    EXPECT_THAT(during(Connection::searching, milliseconds{2900}), IsEmpty());
    EXPECT_FALSE(watch_.has_ever_joined());
    EXPECT_THAT(during(Connection::joined, seconds{60}), ElementsAre("connected to jam:7891"));
    EXPECT_TRUE(watch_.has_ever_joined());
}

TEST_F(ConnectionWatchTest, a_server_that_never_answers_is_reported_once) {
    EXPECT_THAT(during(Connection::searching, seconds{600}),
                ElementsAre("no answer from the server jam:7891, still trying"));
    EXPECT_THAT(during(Connection::joined, seconds{1}), ElementsAre("connected to jam:7891"));
}

TEST_F(ConnectionWatchTest, each_loss_is_said_once_and_so_is_each_return) {
    during(Connection::joined, seconds{1});
    EXPECT_THAT(during(Connection::searching, milliseconds{12300}),
                ElementsAre("lost the server jam:7891, still trying"));
    EXPECT_THAT(during(Connection::joined, seconds{5}), ElementsAre("back after 12.3 s"));
    EXPECT_THAT(during(Connection::searching, seconds{1}),
                ElementsAre("lost the server jam:7891, still trying"));
    EXPECT_THAT(during(Connection::joined, seconds{5}), ElementsAre("back after 1.0 s"));
}

TEST_F(ConnectionWatchTest, a_gap_as_short_as_a_round_trip_is_not_worth_saying) {
    during(Connection::joined, seconds{1});
    EXPECT_THAT(during(Connection::searching, ConnectionWatch::loss_before_news), IsEmpty());
    EXPECT_THAT(during(Connection::joined, seconds{1}), IsEmpty());
    EXPECT_THAT(during(Connection::searching, ConnectionWatch::loss_before_news + milliseconds{50}),
                ElementsAre("lost the server jam:7891, still trying"));
    EXPECT_THAT(during(Connection::joined, seconds{1}), ElementsAre("back after 0.6 s"));
}

TEST_F(ConnectionWatchTest, a_refusal_is_said_once_when_it_lasts) {
    EXPECT_THAT(during(Connection::id_in_use, milliseconds{900}), IsEmpty());
    EXPECT_THAT(during(Connection::joined, seconds{1}), ElementsAre("connected to jam:7891"));
    EXPECT_THAT(during(Connection::id_in_use, seconds{60}),
                ElementsAre("the id 7 is in use by somebody else in the room, still trying"));
    EXPECT_THAT(during(Connection::room_full, seconds{60}), ElementsAre("the room is full, still trying"));
    EXPECT_THAT(during(Connection::id_in_use, seconds{60}), IsEmpty());
    EXPECT_THAT(during(Connection::joined, seconds{1}), ElementsAre("back after 180.0 s"));
    EXPECT_THAT(during(Connection::room_full, seconds{60}), ElementsAre("the room is full, still trying"));
}

TEST_F(ConnectionWatchTest, an_interruption_of_our_own_is_not_the_servers) {
    during(Connection::joined, seconds{1});
    watch_.restart(now_);
    EXPECT_EQ(watch_.unanswered_since(), now_);
    EXPECT_THAT(during(Connection::searching, milliseconds{500}), IsEmpty());
    EXPECT_THAT(during(Connection::joined, seconds{1}), ElementsAre("connected to jam:7891"));
}

TEST_F(ConnectionWatchTest, a_refusal_is_an_answer) {
    EXPECT_EQ(watch_.unanswered_since(), now_);
    during(Connection::room_full, milliseconds{50});
    EXPECT_FALSE(watch_.unanswered_since());
    during(Connection::joined, milliseconds{50});
    EXPECT_FALSE(watch_.unanswered_since());
    const Instant lost = now_;
    during(Connection::searching, seconds{5});
    EXPECT_EQ(watch_.unanswered_since(), lost);
}

}  // namespace
}  // namespace rtjam
