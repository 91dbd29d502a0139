#include "pipeline/cli/child_program.h"

#include "tiles3d/base/file.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>
#include <thread>

namespace pipeline::cli {

using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

namespace fs = std::filesystem;

struct CloseFile {
    // NOLINTNEXTLINE(cppcoreguidelines-owning-memory): this is the owner's own call
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

class SpawnActions {
public:
    explicit SpawnActions(std::FILE* output) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_adddup2(&actions_, ::fileno(output), STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions_, ::fileno(output), STDERR_FILENO);
    }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
    ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }

    const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

std::string lastWords(std::FILE* output) {
    constexpr long kMost = 400;
    std::fseek(output, 0, SEEK_END);
    const long size = std::ftell(output);
    std::fseek(output, std::max(0L, size - kMost), SEEK_SET);
    std::string words(static_cast<std::size_t>(std::min(size, kMost)), '\0');
    words.resize(std::fread(words.data(), 1, words.size(), output));
    while (!words.empty() && words.back() == '\n') {
        words.pop_back();
    }
    return tiles3d::base::validUtf8(words);
}

/// The status of wait(2); nothing if the time is over.
bool waitFor(pid_t program, double timeoutSeconds, int& status) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::duration<double>(timeoutSeconds);
    while (Clock::now() < end) {
        if (::waitpid(program, &status, WNOHANG) != 0) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    ::kill(program, SIGKILL);
    ::waitpid(program, &status, 0);
    return false;
}

} // namespace

fs::path siblingProgram(const std::string& name) {
    std::error_code failed;
    const fs::path self = fs::read_symlink("/proc/self/exe", failed);
    return failed ? fs::path(name) : self.parent_path() / name;
}

Result<int> runProgram(std::vector<std::string> words, double timeoutSeconds) {
    const std::string name = tiles3d::base::toUtf8(fs::path(words.front()).filename());
    const File output(std::tmpfile());
    if (!output) {
        return Error{name + ": no temporary file for what it says"};
    }
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    const SpawnActions actions(output.get());
    pid_t program = -1;
    const int error = ::posix_spawn(
        &program, arguments.front(), actions.get(), nullptr, arguments.data(), environ);
    if (error != 0) {
        return Error{name + " cannot be started: " + std::generic_category().message(error)};
    }
    int status = 0;
    if (!waitFor(program, timeoutSeconds, status)) {
        return Error{fmt::format("{} was not done after {:.0f} s", name, timeoutSeconds)};
    }
    if (!WIFEXITED(status)) {
        return Error{fmt::format(
            "{} ended by signal {}: {}", name, WTERMSIG(status), lastWords(output.get()))};
    }
    const int code = WEXITSTATUS(status);
    constexpr int kDoneWithLosses = 3;
    return code == 0 || code == kDoneWithLosses
               ? Result<int>(code)
               : Error{fmt::format(
                     "{} ended with exit code {}: {}", name, code, lastWords(output.get()))};
}

} // namespace pipeline::cli
