#pragma once

#include "tiles3d/base/result.h"

#include <filesystem>
#include <memory>

namespace pipeline::job {

/// Keeps a second build out of a folder as long as it lives; a killed process leaves no lock.
class FolderLock {
public:
    /// Waits for up to two seconds: what a killed build leaves behind is gone by then.
    /// Fails if another process holds it, or the folder cannot be written.
    static tiles3d::base::Result<FolderLock> take(const std::filesystem::path& file);

private:
    explicit FolderLock(std::shared_ptr<int> descriptor) : descriptor_(std::move(descriptor)) {}
    std::shared_ptr<int> descriptor_;
};

} // namespace pipeline::job
