// How much faster than real time a whole jam is simulated, real audio through the real engines: the counter
// x_real_time, per second of processor time. A room of 4 is to reach 100, one of 8 a quarter, for it
// has 56 streams instead of 12.
#include <benchmark/benchmark.h>

#include "sim/world.hpp"

namespace rtjam::sim {
namespace {

constexpr std::chrono::seconds length{10};

Scenario jam(std::size_t players) {
    Scenario scenario;
    scenario.duration = length;
    for (std::size_t i = 0; i < players; ++i) {
        PlayerConfig player;
        player.name = "player" + std::to_string(i + 1);
        player.id = ClientId{static_cast<std::uint32_t>(1001 + i)};
        player.plays = {.from = Instant{}, .to = Instant{length}};
        player.up = {.delay = std::chrono::milliseconds{10}, .jitter = std::chrono::milliseconds{1}};
        player.down = player.up;
        scenario.players.push_back(player);
    }
    return scenario;
}

void simulate(benchmark::State& state) {
    const Scenario scenario = jam(static_cast<std::size_t>(state.range(0)));
    for ([[maybe_unused]] const auto each : state)
        benchmark::DoNotOptimize(World{scenario, 1, nullptr}.run().digest);
    const double seconds = static_cast<double>(state.iterations()) * static_cast<double>(length.count());
    state.counters["x_real_time"] = benchmark::Counter(seconds, benchmark::Counter::kIsRate);
}
BENCHMARK(simulate)->ArgName("players")->Arg(2)->Arg(4)->Arg(8)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rtjam::sim
