#include "tests/bench/program_cost.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace tests::bench {

namespace {

namespace fs = std::filesystem;

double secondsOf(const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

double pssKilobytes(const fs::path& process) {
    std::ifstream rollup(process / "smaps_rollup");
    for (std::string line; std::getline(rollup, line);) {
        if (line.starts_with("Pss:")) {
            return std::strtod(line.c_str() + 4, nullptr);
        }
    }
    return 0.0;
}

std::vector<std::string> childrenOf(const std::string& pid) {
    std::ifstream list("/proc/" + pid + "/task/" + pid + "/children");
    std::vector<std::string> children;
    for (std::string child; list >> child;) {
        children.push_back(child);
    }
    return children;
}

double treeMegabytes(pid_t root) {
    const std::string pid = std::to_string(root);
    double kilobytes = pssKilobytes("/proc/" + pid);
    for (const std::string& child : childrenOf(pid)) {
        kilobytes += pssKilobytes("/proc/" + child);
    }
    return kilobytes / 1024.0;
}

[[noreturn]] void becomeProgram(const std::vector<std::string>& words) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (const std::string& word : words) {
        arguments.push_back(const_cast<char*>(word.c_str())); // execv's old signature
    }
    arguments.push_back(nullptr);
    const int null = ::open("/dev/null", O_WRONLY);
    ::dup2(null, STDOUT_FILENO);
    ::dup2(null, STDERR_FILENO);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
}

} // namespace

double cpuSecondsOf(const rusage& usage) {
    return secondsOf(usage.ru_utime) + secondsOf(usage.ru_stime);
}

ProgramCost runProgram(const std::vector<std::string>& words) {
    const auto start = std::chrono::steady_clock::now();
    const pid_t pid = ::fork();
    if (pid == 0) {
        becomeProgram(words);
    }
    ProgramCost cost;
    int status = 0;
    rusage usage{};
    while (::wait4(pid, &status, WNOHANG, &usage) == 0) {
        cost.peakMegabytes = std::max(cost.peakMegabytes, treeMegabytes(pid));
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    cost.wallSeconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    cost.cpuSeconds = cpuSecondsOf(usage);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (code != 0 && code != 3) {
        throw std::runtime_error(fmt::format("{}: exit code {}", fmt::join(words, " "), code));
    }
    return cost;
}

FolderSize sizeOf(const fs::path& folder) {
    FolderSize size;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            size.bytes += entry.file_size();
            ++size.files;
        }
    }
    return size;
}

ScratchFolder::ScratchFolder() {
    std::string pattern = (fs::temp_directory_path() / "city3d_bench.XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
}

ScratchFolder::~ScratchFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
}

} // namespace tests::bench
