#include "pipeline/job/folder_lock.h"

#include "tiles3d/base/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

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
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        return Error{toUtf8(file.parent_path().parent_path()) +
                     ": another city3d build is writing this folder"};
    }
    return FolderLock(std::move(owner));
}

} // namespace pipeline::job
