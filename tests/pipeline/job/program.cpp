#include "program.h"

#include "tiles3d/base/file.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace pipeline::job {

namespace fs = std::filesystem;

Ended runBuild(const fs::path& source, const fs::path& out, const Limits& limits) {
    const fs::path log = fs::path(out).concat(".log");
    const pid_t child = ::fork();
    if (child == 0) {
        const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ::dup2(file, STDOUT_FILENO);
        ::dup2(file, STDERR_FILENO);
        if (limits.fileBytes > 0) {
            const rlimit most{limits.fileBytes, limits.fileBytes};
            ::setrlimit(RLIMIT_FSIZE, &most);
            std::signal(SIGXFSZ, SIG_IGN); // EFBIG instead, as a full device gives ENOSPC
        }
        ::execl(CITY3D_PROGRAM,
                CITY3D_PROGRAM,
                "build",
                source.c_str(),
                "--out",
                out.c_str(),
                "--height-datum",
                "ellipsoidal",
                "--jobs",
                "2",
                nullptr);
        ::_exit(127);
    }
    if (limits.killAfterMicros > 0) {
        ::usleep(static_cast<useconds_t>(limits.killAfterMicros));
        ::kill(child, SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    const auto text = tiles3d::base::readTextFile(log);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text ? *text : ""};
}

} // namespace pipeline::job
