#include "pipeline/job/folder_lock.h"

#include "tiles3d/base/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace pipeline::job {

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::toUtf8;

Result<FolderLock> FolderLock::take(const std::filesystem::path& file) {
    constexpr mode_t kMode = 0666;
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode);
    if (descriptor < 0) {
        return Error{toUtf8(file) + ": cannot be written: " + std::strerror(errno)};
    }
    std::shared_ptr<int> owner(new int(descriptor), [](int* owned) { // NOLINT
        ::close(*owned);
        delete owned; // NOLINT
    });
    // The workers of a killed build share its lock until they have died too.
    constexpr std::chrono::milliseconds kPatience{2000};
    constexpr std::chrono::milliseconds kPause{20};
    const auto end = std::chrono::steady_clock::now() + kPatience;
    bool isTaken = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    while (!isTaken && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(kPause);
        isTaken = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    }
    if (!isTaken) {
        return Error{toUtf8(file.parent_path().parent_path()) +
                     ": another city3d build is writing this folder"};
    }
    return FolderLock(std::move(owner));
}

} // namespace pipeline::job
