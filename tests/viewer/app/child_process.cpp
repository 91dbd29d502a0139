#include "tests/viewer/app/child_process.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <thread>

namespace tests {

pid_t startProcess(const std::vector<std::string>& command,
                   const std::map<std::string, std::string>& environment) {
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& argument : command) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    const pid_t process = fork();
    if (process == 0) {
        for (const auto& [name, value] : environment) {
            setenv(name.c_str(), value.c_str(), 1);
        }
        execvp(arguments.front(), arguments.data());
        constexpr int kNotFound = 127;
        _exit(kNotFound);
    }
    return process;
}

std::optional<int> waitForProcess(pid_t process, std::chrono::milliseconds atMost) {
    constexpr std::chrono::milliseconds kPoll{10};
    constexpr int kSignalled = 128;
    const auto end = std::chrono::steady_clock::now() + atMost;
    int status = 0;
    while (waitpid(process, &status, WNOHANG) == 0) {
        if (std::chrono::steady_clock::now() > end) {
            return std::nullopt;
        }
        std::this_thread::sleep_for(kPoll);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalled + WTERMSIG(status);
}

void endProcess(pid_t process) {
    constexpr std::chrono::seconds kPatience{5};
    kill(process, SIGTERM);
    if (!waitForProcess(process, kPatience)) {
        kill(process, SIGKILL);
        waitForProcess(process, kPatience);
    }
}

} // namespace tests
