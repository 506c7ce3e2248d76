#include "targets/pi/jam_session.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace rtjam {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// Backend's clock to ours; while the audio runs, the card falls behind.
constexpr Duration offset_at_start = seconds{-70};
constexpr Duration offset_at_stop = offset_at_start + milliseconds{3};
// On the backend's clock.
constexpr Instant first_period{seconds{5000}};
constexpr Instant last_period{seconds{5001}};
constexpr FrameCount period{128};

// Where in its readings of the clocks the thread is kept from running: after the so-manyth; 0: nowhere.
struct Stalls {
    int at_start = 0;
    int at_stop = 0;
};

// Two periods of a jam without a server, on clocks of which each reading takes 50 ns.
class Jam {
public:
    Jam() {
        session_.set_backend_clock([this] { return read() - offset_; });
    }
    ClientReport play(const Stalls& stalls) {
        readings_to_stall_ = stalls.at_start;
        session_.tick({.period = period}, now_);
        play_period(first_period);
        play_period(last_period);
        offset_ = offset_at_stop;
        readings_to_stall_ = stalls.at_stop;
        return session_.finish({.period = period});
    }

private:
    static ClientConfig config() {
        ClientConfig result;
        result.server.host = "0.0.0.0";  // which can be nobody's
        return result;
    }
    void play_period(Instant now) {
        const std::vector<float> in(period.size());
        std::vector<float> left(period.size());
        std::vector<float> right(period.size());
        session_.callback().process({.left = in, .right = in}, {.left = left, .right = right}, now);
    }
    Instant read() {
        const Instant told = now_;
        now_ += nanoseconds{50};
        if (--readings_to_stall_ == 0) now_ += milliseconds{20};
        return told;
    }

    Instant now_{seconds{100}};
    Duration offset_ = offset_at_start;
    int readings_to_stall_ = 0;
    JamSession session_{config(), ClientId{1}, [this] { return read(); }};
};

void expect_right_times(const ClientReport& report) {
    EXPECT_EQ(report.periods, 2U);
    EXPECT_EQ(report.audio_start, first_period + offset_at_start);
    EXPECT_EQ(report.audio_stop, last_period + duration_of(period, sample_rate_48k) + offset_at_stop);
}

TEST(JamSession, tells_when_the_audio_began_and_ended_by_our_clock_as_the_cards_was_then) {
    expect_right_times(Jam{}.play({}));
}

TEST(JamSession, tells_so_though_the_thread_is_kept_from_running_while_it_reads_the_clocks) {
    constexpr int readings_max = 6;
    for (int reading = 1; reading <= readings_max; ++reading) {
        SCOPED_TRACE(reading);
        expect_right_times(Jam{}.play({.at_start = reading}));
        expect_right_times(Jam{}.play({.at_stop = reading}));
    }
}

}  // namespace
}  // namespace rtjam
