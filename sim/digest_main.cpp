// rtjam-digest: one line for each scenario, its name and its digest. What rtjam-sim does with a scenario, and
// nothing that needs a library: to be built for machines and by compilers that are only to be compared.
#include <cstdio>

#include "sim/recorder.hpp"
#include "sim/scenario.hpp"
#include "sim/world.hpp"

int main(int count, char** arguments) {
    using namespace rtjam::sim;
    for (int i = 1; i < count; ++i) {
        const auto scenario = load_scenario(arguments[i]);
        if (!scenario) {
            std::fprintf(stderr, "rtjam-digest: %s\n", scenario.error().c_str());
            return 2;
        }
        const Results results = World{*scenario, scenario->seed, nullptr}.run();
        std::printf("%s %s\n", scenario->name.c_str(), digest_text(results.digest).c_str());
    }
    return count > 1 ? 0 : 2;
}
