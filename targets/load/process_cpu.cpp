#include "targets/load/process_cpu.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace rtjam {

std::optional<Duration> process_cpu_time(int pid) {
    std::error_code error;
    std::optional<Duration> sum;
    const std::filesystem::path tasks = "/proc/" + std::to_string(pid) + "/task";
    for (const auto& task : std::filesystem::directory_iterator(tasks, error)) {
        std::ifstream file(task.path() / "schedstat");
        std::int64_t on_processor_ns = 0;
        if (file >> on_processor_ns) sum = sum.value_or(Duration{0}) + Duration{on_processor_ns};
    }
    return sum;
}

}  // namespace rtjam
