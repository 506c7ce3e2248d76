// rtjam-load: many synthetic jammers in a server's rooms.
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>

#include "targets/load/load_options.hpp"
#include "targets/load/load_report.hpp"
#include "targets/load/load_run.hpp"

namespace {
// A signal handler reaches nothing else.
volatile std::sig_atomic_t stop = 0;
}  // namespace

int main(int argc, char** argv) {
    const auto options = rtjam::parse_load_options(argc, argv);
    if (!options) {
        std::fputs(options.error().text.c_str(), options.error().code == 0 ? stdout : stderr);
        return options.error().code;
    }
    for (const int number : {SIGINT, SIGTERM}) {
        std::signal(number, [](int) { stop = 1; });
    }
    try {
        const rtjam::LoadResult result = rtjam::run_load(*options, stop);
        std::fputs(rtjam::load_text(*options, result).c_str(), stdout);
        if (options->json_file.empty()) return 0;
        std::ofstream json(options->json_file);
        json << rtjam::load_json(*options, result) << std::flush;
        if (json) return 0;
        std::fprintf(stderr, "rtjam-load: cannot write %s\n", options->json_file.c_str());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "rtjam-load: %s\n", error.what());
    }
    return 1;
}
