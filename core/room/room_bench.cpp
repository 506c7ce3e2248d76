// What forwarding one packet costs, as a ratio to the least that any room must do with this interface: write
// the server's nine bytes and one Transmit for each member, with no lookup, no parsing and no bookkeeping.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <vector>

#include "core/room/room.hpp"
#include "core/room/room_test_support.hpp"

namespace rtjam::room_test {
namespace {

using WallClock = std::chrono::steady_clock;
constexpr int batch = 256;

struct Bench {
    explicit Bench(std::size_t members)
        : room(config_of(members, Admission::Mode::open)), out(members, 4096) {
        for (std::uint32_t i = 0; i < members; ++i) {
            PacketHeader header;
            header.client_id = ClientId{i};
            datagrams.push_back(datagram_of(header, usual_frames));
            endpoints.push_back(address(i));
        }
    }

    // The members in turn, time running as if each sent every 2.7 ms.
    void send_through_room() {
        for (int i = 0; i < batch; ++i) {
            if (++turn == datagrams.size()) {
                turn = 0;
                now += microseconds{2667};
            }
            out.clear();
            room.handle(datagrams[turn], endpoints[turn], now, out);
            benchmark::DoNotOptimize(out.items().data());
            benchmark::ClobberMemory();
        }
    }
    void send_bare() {
        for (int i = 0; i < batch; ++i) {
            if (++turn == datagrams.size()) turn = 0;
            out.clear();
            patch_server_fields(datagrams[turn], ServerTime{turn}, 1);
            for (const Endpoint& endpoint : endpoints) out.add(endpoint, datagrams[turn]);
            benchmark::DoNotOptimize(out.items().data());
            benchmark::ClobberMemory();
        }
    }

    Room room;
    TransmitList out;
    std::vector<Bytes> datagrams;
    std::vector<Endpoint> endpoints;
    Instant now{seconds{100}};
    std::size_t turn = 0;
};

void forward(benchmark::State& state) {
    Bench bench{static_cast<std::size_t>(state.range(0))};
    WallClock::duration room_time{};
    WallClock::duration bare_time{};
    // In turn, so that what else the machine does falls on both.
    while (state.KeepRunning()) {
        const auto start = WallClock::now();
        bench.send_through_room();
        const auto middle = WallClock::now();
        bench.send_bare();
        room_time += middle - start;
        bare_time += WallClock::now() - middle;
    }
    const auto packets = static_cast<double>(state.iterations()) * batch;
    const std::chrono::duration<double, std::nano> room_ns = room_time;
    const std::chrono::duration<double, std::nano> bare_ns = bare_time;
    state.counters["room_ns_per_packet"] = room_ns.count() / packets;
    state.counters["limit_ns_per_packet"] = bare_ns.count() / packets;
    state.counters["ratio_to_limit"] = room_ns / bare_ns;
}
BENCHMARK(forward)->Arg(4)->Arg(8)->Arg(16)->Arg(40)->Arg(64);

// A flood: strangers without a cookie at a full room.
void challenge(benchmark::State& state) {
    Bench bench{static_cast<std::size_t>(state.range(0))};
    bench.send_through_room();
    std::uint32_t source = 0;
    while (state.KeepRunning()) {
        bench.out.clear();
        bench.room.handle(bench.datagrams[0], address(1'000'000 + ++source % 65'536), bench.now, bench.out);
        benchmark::DoNotOptimize(bench.out.items().data());
    }
}
BENCHMARK(challenge)->Arg(4)->Arg(64);

}  // namespace
}  // namespace rtjam::room_test
