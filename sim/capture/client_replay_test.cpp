// What was captured comes out of the replay as it was: an engine's counts, and the delay that a scenario of
// the lines has.
#include "sim/capture/client_replay.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "sim/capture/capture_test_parts.hpp"
#include "sim/capture/evening_scenario.hpp"
#include "sim/playout/trace_figures.hpp"
#include "sim/scenario_writer.hpp"
#include "sim/world.hpp"

namespace rtjam::sim {
namespace {

using namespace std::chrono_literals;

constexpr FrameCount frames = captured_frames;
constexpr ClientId own_id{5};
constexpr std::int64_t second = 375;  // in periods

// An engine that hears two jammers over a line that loses, delays, doubles and overtakes, for so many
// seconds.
class CapturedClient {
public:
    explicit CapturedClient(std::int64_t periods) {
        const EngineConfig config{.id = own_id, .period = frames, .first_sequence = SequenceNumber{9}};
        engine_ = std::make_unique<Engine>(config);
        capturing.add(CapturedEngine{own_id, frames, SequenceNumber{9}, true});
        for (std::int64_t i = 0; i < periods; ++i) {
            for (const ClientId client : {ClientId{1}, ClientId{2}}) send(client, i);
            callback(Instant{100s} + duration_of(frames * i, sample_rate_48k));
        }
        engine_->read_status(status);
    }

    Capturing capturing{CaptureKind::client};
    EngineStatus status;

private:
    void send(ClientId client, std::int64_t number) {
        if (rng_.uniform() < 0.02) return;
        const Instant sent = Instant{100s} + duration_of(frames * number, sample_rate_48k);
        const Duration jitter{static_cast<std::int64_t>(rng_.below(6'000'000))};
        const Duration stall = number % 1500 < 20 ? 40ms : number % 211 == 0 ? 70ms : 0ms;
        const auto packet = noise(rng_, client, 0xFFFFFF00U + static_cast<std::uint32_t>(number));
        under_way_.emplace(sent + 9ms + jitter + stall, packet);
        if (rng_.uniform() < 0.01) under_way_.emplace(sent + 10ms + jitter, packet);
    }
    void callback(Instant at) {
        while (!under_way_.empty() && under_way_.begin()->first <= at) {
            const auto& [arrived, bytes] = *under_way_.begin();
            engine_->receive(bytes, arrived);
            capturing.add(captured(bytes, arrived));
            under_way_.erase(under_way_.begin());
        }
        capturing.add(CapturedCallback{at});
        engine_->process({silence_, silence_}, {left_, right_}, at, transmits_);
        transmits_.clear();
    }

    std::unique_ptr<Engine> engine_;
    Rng rng_{11};
    std::multimap<Instant, std::vector<std::byte>> under_way_;
    TransmitList transmits_{1, packet_size_max};
    std::vector<float> silence_ = std::vector<float>(frames.size());
    std::vector<float> left_ = silence_;
    std::vector<float> right_ = silence_;
};

TEST(ClientReplay, an_engine_counts_again_what_it_has_counted) {
    const CapturedClient client{second * 12};
    auto reader = client.capturing.reader();
    const ClientReplay replay = replay_client(reader);
    EXPECT_FALSE(reader.error());
    EXPECT_EQ(replay.packets_received, client.status.counters.packets_received);
    ASSERT_EQ(replay.streams.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        const PlayoutStats& was = client.status.streams[i].playout;
        const PlayoutStats& is = replay.streams[i].playout;
        EXPECT_EQ(is.packets, was.packets);
        EXPECT_EQ(is.lost, was.lost);
        EXPECT_GT(was.lost, 10U);
        EXPECT_EQ(is.late, was.late);
        EXPECT_GT(was.late, 0U);
        EXPECT_EQ(is.duplicate, was.duplicate);
        EXPECT_EQ(is.reordered, was.reordered);
        EXPECT_EQ(is.concealed_frames, was.concealed_frames);
        EXPECT_EQ(is.skipped_frames, was.skipped_frames);
        EXPECT_EQ(is.played_frames, was.played_frames);
        EXPECT_EQ(replay.streams[i].delay, client.status.streams[i].delay);
    }
    EXPECT_EQ(replay.capture.lines.lines().size(), 2U);
    EXPECT_EQ(replay.callbacks.size(), 375U * 12U);
}

TEST(ClientReplay, everything_made_up_is_of_a_gap_and_what_came_late_is_in_the_line) {
    const CapturedClient client{second * 12};
    auto reader = client.capturing.reader();
    const ClientReplay replay = replay_client(reader);
    for (const CapturedLine& line : replay.capture.lines.lines()) {
        FrameCount concealed{0};
        std::size_t came = 0;
        for (const HeardGap& gap : replay.gaps) {
            if (gap.client != line.client) continue;
            concealed += gap.concealed;
            ASSERT_TRUE(gap.missing);
            const std::size_t number =
                gap.missing->value() - static_cast<std::uint32_t>(line.trace.first_number);
            ASSERT_LT(number, line.trace.packets.size());
            const auto arrived = line.trace.packets[number].arrived;
            ASSERT_EQ(arrived.has_value(), gap.came_after.has_value());
            if (!arrived) continue;
            EXPECT_EQ(*arrived, gap.callback + *gap.came_after);
            ++came;
        }
        EXPECT_GT(came, 0U);
        const auto stream = std::find_if(replay.streams.begin(), replay.streams.end(),
                                         [&line](const auto& each) { return each.id == line.client; });
        ASSERT_NE(stream, replay.streams.end());
        EXPECT_EQ(concealed.size(), stream->playout.concealed_frames);
    }
}

TEST(ClientReplay, one_capture_has_one_digest_and_another_one_another) {
    const CapturedClient client{500};
    const auto digest_of = [](const CapturedClient& of) {
        auto reader = of.capturing.reader();
        return replay_client(reader).capture.digest;
    };
    EXPECT_EQ(digest_of(client), digest_of(client));
    EXPECT_NE(digest_of(client), digest_of(CapturedClient{501}));
}

TEST(ClientReplay, what_is_of_no_engine_and_of_an_impossible_one_is_survived) {
    Rng rng{1};
    Capturing capturing{CaptureKind::client};
    capturing.add(CapturedCallback{Instant{1s}});
    capturing.add(captured(noise(rng, ClientId{1}, 1), Instant{1s}));
    capturing.add(CapturedEngine{own_id, FrameCount{4093}, SequenceNumber{9}, true});  // a prime
    capturing.add(CapturedCallback{Instant{2s}});
    capturing.add(CapturedTotals{});
    auto reader = capturing.reader();
    EXPECT_EQ(replay_client(reader).packets_received, 0U);
}

// The scenario's listener hears with about the delay that the playout had on the captured lines.
TEST(ClientReplay, a_scenario_of_the_lines_has_about_their_delay) {
    const CapturedClient client{second * 30};
    auto reader = client.capturing.reader();
    const ClientReplay replay = replay_client(reader);
    const std::filesystem::path folder =
        std::filesystem::path{testing::TempDir()} / ("rtjam_evening_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    for (const CapturedLine& line : replay.capture.lines.lines()) {
        std::ofstream csv{folder / (line.trace.name + ".csv")};
        write_trace(line.trace, csv);
    }
    const Scenario written = evening_scenario(
        replay.capture.lines, {.name = "evening",
                               .kind = CaptureKind::client,
                               .length = replay.capture.length,
                               .listener = replay.id,
                               .period = replay.period,
                               .round_trip_min = std::nullopt,
                               .trace_file = [](const Trace& trace) { return trace.name + ".csv"; }});
    const auto scenario = parse_scenario(scenario_text(written), (folder / "evening.toml").string());
    ASSERT_TRUE(scenario) << scenario.error();
    ASSERT_EQ(scenario->players.size(), 3U);
    World world{*scenario, 1, nullptr};
    const Results results = world.run();
    EXPECT_EQ(results.violations.count(), 0U);
    for (const CapturedLine& line : replay.capture.lines.lines()) {
        const TraceFigures figures = measure(line.trace, {.period = frames, .callbacks = replay.callbacks});
        std::size_t streams = 0;
        for (const StreamResult& stream : results.streams) {
            if (stream.listener != "listener" || stream.sender != line.trace.name) continue;
            ++streams;
            // The capture buffer is a period, which no trace has.
            EXPECT_NEAR(stream.delay_mean_ms - 128.0 / 48.0, figures.added_delay_ms, 3.0);
            EXPECT_NEAR(stream.lost_percent, figures.lost_percent, 0.5);
            EXPECT_GT(stream.lost_percent, 1.0);
        }
        EXPECT_EQ(streams, 1U);
    }
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace rtjam::sim
