// Runs a fuzz target over every file of a folder: the corpus as an ordinary test, with any compiler. An empty
// or missing folder is a failure, because it would test nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

// libFuzzer gives the name. NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<std::uint8_t> content_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    file.exceptions(std::ios::badbit);
    if (!file) throw std::filesystem::filesystem_error{"cannot open", path, {}};
    return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

int replay(const char* folder) {
    const auto files = files_in(folder);
    for (const auto& path : files) {
        // Before it runs: a check that fails aborts, and this line says on what.
        std::printf("%s\n", path.c_str());
        std::fflush(stdout);
        const auto content = content_of(path);
        LLVMFuzzerTestOneInput(content.data(), content.size());
    }
    std::printf("%zu files\n", files.size());
    return files.empty() ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    try {
        return replay(argv[1]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
