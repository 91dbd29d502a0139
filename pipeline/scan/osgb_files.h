#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::scan {

/// ".osgb" or ".OSGB".
bool isOsgb(const std::filesystem::path& file);

/// Some .osgb files of a folder, known by its listing alone.
struct OsgbFiles {
    std::vector<std::string> names; ///< Relative to the folder, sorted; may be any bytes.
    std::uint64_t bytes = 0;
    std::string fingerprint; ///< Of names, sizes and modification times.

    /// At least one lies in the folder itself, not below.
    bool isAnyDirect() const;
};

/// All below `folder`; links are not followed into other folders. None if there is no such folder.
OsgbFiles osgbFilesBelow(const std::filesystem::path& folder);

/// Those in `folder` itself.
OsgbFiles osgbFilesIn(const std::filesystem::path& folder);

/// The folders in `folder`, sorted.
std::vector<std::filesystem::path> foldersIn(const std::filesystem::path& folder);

} // namespace pipeline::scan
