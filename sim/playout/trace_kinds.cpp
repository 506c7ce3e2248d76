#include "sim/playout/trace_kinds.hpp"

#include <algorithm>

namespace rtjam::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration small_jitter = 50us;

constexpr std::array<TraceKind, 16> kinds{{
    {"clean", "a quiet wired line", {.delay = 9ms, .jitter_mean = small_jitter}},
    {"cable",
     "a cable modem: request and grant every 2 ms, a spike now and then",
     {.delay = 12ms,
      .jitter_mean = 250us,
      .grid = {.spacings = {2ms}, .kept_mean = 0s},
      .stalls = {{{.when = {.pause = 1s, .more_mean = 14s, .length_min = 4ms, .length_max = 22ms}}}},
      .loss = {.at_random = 0.0002}}},
    {"dsl",
     "interleaved DSL: retransmission after impulse noise, short bursts of loss",
     {.delay = 16ms,
      .jitter_mean = small_jitter,
      .grid = {.spacings = {250us}, .kept_mean = 0s},
      .stalls = {{{.when = {.pause = 100ms, .more_mean = 4s, .length_min = 2ms, .length_max = 8ms}}}},
      .loss = {.in_bursts = 0.0005, .burst_packets_mean = 2.5}}},
    {"step",
     "a route that becomes 6 ms longer",
     {.delay = 9ms, .jitter_mean = 150us, .step = 6ms, .loss = {.at_random = 0.0005}}},
    {"spikes",
     "a quiet line that stops for 60 ms now and then",
     {.delay = 9ms,
      .jitter_mean = small_jitter,
      .stalls = {{{.when = {.pause = 6s, .more_mean = 4s, .length_min = 60ms, .length_max = 60ms}}}}}},
    {"random_loss",
     "2 % lost, each packet by itself",
     {.delay = 9ms, .jitter_mean = small_jitter, .loss = {.at_random = 0.02}}},
    {"burst_loss",
     "0.8 % lost, in bursts of 6 on average",
     {.delay = 9ms, .jitter_mean = small_jitter, .loss = {.in_bursts = 0.008, .burst_packets_mean = 6.0}}},
    {"wifi",
     "contention, stalls in bursts, spells of power saving",
     {.delay = 6ms,
      .jitter_mean = 500us,
      .retransmission = {.probability = 0.05, .time = 700us},
      .duty_cycle = {.when = {.pause = 5s, .more_mean = 10s, .length_min = 1s, .length_max = 3s},
                     .period = 102'400us,
                     .blocked = 12ms},
      .stalls = {{{.when = {.pause = 200ms, .more_mean = 3s, .length_min = 5ms, .length_max = 35ms},
                   .followers_max = 4,
                   .followed_by = 150ms},
                  {.when = {.pause = 2s, .more_mean = 18s, .length_min = 30ms, .length_max = 80ms}}}},
      .loss = {.at_random = 0.001}}},
    {"interference",
     "Wi-Fi beside a microwave oven, silenced for a part of each cycle of the mains",
     {.delay = 6ms,
      .jitter_mean = 400us,
      .duty_cycle = {.when = {.pause = 4s, .more_mean = 8s, .length_min = 5s, .length_max = 20s},
                     .period = 20ms,
                     .blocked = 9ms},
      .loss = {.at_random = 0.003}}},
    {"lte",
     "scheduling every 1, 5 or 10 ms, retransmission after 8 ms, handovers",
     {.delay = 18ms,
      .jitter_mean = 400us,
      .retransmission = {.probability = 0.08, .time = 8ms},
      .grid = {.spacings = {1ms, 5ms, 10ms}, .kept_mean = 4s},
      .stalls = {{{.when = {.pause = 3s, .more_mean = 15s, .length_min = 30ms, .length_max = 120ms}}}},
      .loss = {.at_random = 0.0005}}},
    {"cell5g",
     "a load that changes, fast retransmission, handovers, now and then something in the way",
     {.delay = 10ms,
      .jitter_mean = 700us,
      .levels = {.largest = 8ms, .kept_mean = 1500ms},
      .retransmission = {.probability = 0.1, .time = 3ms},
      .grid = {.spacings = {500us, 2500us}, .kept_mean = 5s},
      .stalls = {{{.when = {.pause = 4s, .more_mean = 16s, .length_min = 20ms, .length_max = 80ms}},
                  {.when = {.pause = 20s, .more_mean = 40s, .length_min = 100ms, .length_max = 220ms}}}}}},
    {"host",
     "a busy computer that comes to its packets late",
     {.delay = 100us,
      .jitter_mean = 150us,
      .stalls = {{{.when = {.more_mean = 300ms, .length_min = 500us, .length_max = 7ms}},
                  {.when = {.pause = 500ms, .more_mean = 4s, .length_min = 7ms, .length_max = 30ms}},
                  {.when = {.pause = 10s, .more_mean = 30s, .length_min = 50ms, .length_max = 200ms}}}}}},
    {"reorder",
     "one packet in twenty is overtaken",
     {.delay = 9ms,
      .jitter_mean = small_jitter,
      .reordering = {.probability = 0.05, .extra_min = 3ms, .extra_max = 8ms}}},
    {"skew", "clocks that differ by 100 ppm", {.delay = 9ms, .jitter_mean = small_jitter, .skew_ppm = 100.0}},
    {"bufferbloat",
     "uploads beside it that fill a queue and let it drain",
     {.delay = 11ms,
      .jitter_mean = 300us,
      .cross_traffic = {.when = {.pause = 1s, .more_mean = 5s, .length_min = 2s, .length_max = 7s},
                        .height_min = 10ms,
                        .height_max = 80ms},
      .loss = {.at_random = 0.001}}},
    {"satellite",
     "low satellites, another one every 15 s",
     {.delay = 22ms,
      .jitter_mean = 900us,
      .levels = {.largest = 9ms, .kept = 15s},
      .grid = {.spacings = {1333us}, .kept_mean = 0s},
      .stalls = {{{.when = {.pause = 14'950ms, .more_mean = 0s, .length_min = 50ms, .length_max = 50ms}}}},
      .loss = {.in_bursts = 0.001, .burst_packets_mean = 3.0}}},
}};

}  // namespace

std::span<const TraceKind> trace_kinds() {
    return kinds;
}

const TraceKind* find_trace_kind(std::string_view name) {
    const auto* kind =
        std::find_if(kinds.begin(), kinds.end(), [name](const TraceKind& each) { return each.name == name; });
    return kind == kinds.end() ? nullptr : kind;
}

}  // namespace rtjam::sim
