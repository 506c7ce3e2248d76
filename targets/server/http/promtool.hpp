// For tests: what Prometheus' own checker thinks of a page of metrics. Thread: any one.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

namespace rtjam {

// Empty if it has nothing to say.
inline std::string complaints_of_promtool(const std::string& text) {
    const std::string path = testing::TempDir() + "rtjam_metrics." + std::to_string(getpid());
    std::ofstream{path} << text;
    const std::string command = std::string{PROMTOOL_PATH} + " check metrics <" + path + " 2>&1";
    std::string said;
    FILE* pipe = popen(command.c_str(), "r");
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) said += static_cast<char>(c);
    if (pclose(pipe) != 0 && said.empty()) said = command + " failed";
    std::remove(path.c_str());
    return said;
}

}  // namespace rtjam
