// What rtjam-load is told on its command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/base/audio_types.hpp"
#include "core/base/endpoint.hpp"
#include "core/base/expected.hpp"
#include "core/base/time.hpp"

namespace rtjam {

struct LoadOptions {
    enum class Mode : std::uint8_t {
        paced,  // every jammer sends a packet per period, spread evenly in time
        flood   // every jammer sends as soon as the server has answered what it sent before
    };
    Endpoint server;  // of room 0; room k is on the port + k
    std::size_t players = 4;
    std::size_t rooms = 1;
    FrameCount frames{128};
    Duration duration = std::chrono::seconds{10};
    Mode mode = Mode::paced;
    // With paced: a jammer sends in one of so many periods, so that many more of them find room on a machine.
    // Their numbers follow each other all the same.
    std::int64_t one_period_in = 1;
    // With flood: packets of each jammer that are not answered yet.
    std::size_t window = 8;
    // Jammers receive with UDP_GRO: what the server sends in one piece stays one until here.
    bool uncut = false;
    // Of each jammer's packets the number before every so-manieth is left out; 0: none.
    std::uint64_t skip_every = 0;
    // Datagrams of an attack (see attack.hpp), evenly over a second time of that duration; and a folder with
    // more of them, or none.
    std::uint64_t attack = 0;
    std::string attack_corpus;
    std::optional<Endpoint> attack_sources;  // see attack.hpp
    std::optional<int> server_pid;           // whose CPU time is measured
    std::string json_file;                   // empty: none
};

// The program has nothing more to do: help, version (code 0, text for standard output) or bad usage (code 2,
// one line for standard error).
struct LoadEarlyExit {
    int code = 0;
    std::string text;
};

Expected<LoadOptions, LoadEarlyExit> parse_load_options(int argc, const char* const* argv);

}  // namespace rtjam
