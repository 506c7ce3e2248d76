// rtjam-sim: jams and playouts in virtual time.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iostream>

#include "sim/command.hpp"

namespace rtjam::sim {

int complain(const std::string& mistake) {
    std::string line = mistake;
    std::replace(line.begin(), line.end(), '\n', ' ');
    std::cerr << "rtjam-sim: " << line << '\n';
    return exit_usage;
}

}  // namespace rtjam::sim

int main(int argc, char** argv) {
    using namespace rtjam::sim;
    CLI::App app{"Simulates jams over networks that you describe, in virtual time.", "rtjam-sim"};
    app.set_version_flag("--version", std::string{"rtjam-sim "} + RTJAM_VERSION);
    app.require_subcommand(1);
    const std::string program = argc > 0 ? argv[0] : "rtjam-sim";
    const std::array commands{run_command(app, program),  tc_command(app),      explore_command(app, program),
                              playout_command(app),       limits_command(app),  generate_command(app),
                              gate_command(app, program), quality_command(app), replay_command(app)};
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& request) {
        return app.exit(request);
    } catch (const CLI::ParseError& error) {
        return complain(error.what());
    }
    const auto chosen = std::find_if(commands.begin(), commands.end(),
                                     [](const Command& each) { return each.arguments.chosen(); });
    return chosen->run();
}
