#pragma once

#include "tiles3d/base/file.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace tests {

/// A folder of a test's own, gone with it.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "city3d.XXXXXX").string();
        path_ = mkdtemp(pattern.data());
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }

    const std::filesystem::path& path() const { return path_; }

    /// Writes a file, with the folders around it; returns where it is.
    std::filesystem::path write(const std::string& name, std::string_view text) const {
        std::filesystem::path file = path_ / name;
        std::filesystem::create_directories(file.parent_path());
        return tiles3d::base::writeFile(file, text) ? file : std::filesystem::path();
    }

private:
    std::filesystem::path path_;
};

} // namespace tests
