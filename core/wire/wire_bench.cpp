// What a packet costs to take apart and to make, against copying its bytes: the stated limit.
#include <benchmark/benchmark.h>

#include <array>
#include <cstring>

#include "core/wire/packet.hpp"
#include "core/wire/sample_codec.hpp"

namespace rtjam {
namespace {

constexpr FrameCount frames{128};
std::array<std::byte, packet_size_max> make_datagram() {
    std::array<std::byte, packet_size_max> datagram{};
    std::array<float, 128> silence{};
    encode({}, {silence, silence}, datagram);
    return datagram;
}

void limit_copying_the_bytes(benchmark::State& state) {
    const auto from = make_datagram();
    std::array<std::byte, packet_size_max> to{};
    for (auto _ : state) {
        std::memcpy(to.data(), from.data(), packet_size(frames));
        benchmark::DoNotOptimize(to);
    }
}
BENCHMARK(limit_copying_the_bytes);

void parse_and_decode(benchmark::State& state) {
    const auto datagram = make_datagram();
    std::array<float, 128> left{};
    std::array<float, 128> right{};
    for (auto _ : state) {
        const auto packet = parse(std::span{datagram}.first(packet_size(frames)));
        decode_samples(packet->left(), left);
        decode_samples(packet->right(), right);
        benchmark::DoNotOptimize(left);
        benchmark::DoNotOptimize(right);
    }
}
BENCHMARK(parse_and_decode);

void encode_a_packet(benchmark::State& state) {
    std::array<float, 128> audio{};
    std::array<std::byte, packet_size_max> out{};
    for (auto _ : state) {
        benchmark::DoNotOptimize(audio);
        benchmark::DoNotOptimize(encode({}, {audio, audio}, out));
        benchmark::DoNotOptimize(out);
    }
}
BENCHMARK(encode_a_packet);

}  // namespace
}  // namespace rtjam
