#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace viewer::stream {

/// Where the bytes of a tileset come from. read() is called from several threads at once.
class ISource {
public:
    ISource() = default;
    ISource(const ISource&) = delete;
    ISource& operator=(const ISource&) = delete;
    virtual ~ISource() = default;

    /// All bytes of a resolved, percent-encoded URI. The message of a failure names the file;
    /// Error::mayPass tells a failure that may pass from one that will not.
    virtual tiles3d::base::Result<tiles3d::base::Bytes> read(const std::string& uri) const = 0;

    /// Ends reads that wait for somebody else, now and from now on, with an error: nobody wants
    /// them any more.
    virtual void interrupt() const {}
};

/// Largest tile or tileset.json that any source reads, 512 MiB: a hundred times the largest wanted.
inline constexpr std::uint64_t kMaxContentBytes = std::uint64_t{512} << 20U;

/// Files of one folder; URIs are relative to it. "../" reaches what lies beside the folder and
/// beside its parent, since tilesets may share models with their neighbours, and nothing above: a
/// tileset got from somebody else names no other files of this machine. A folder at the top of the
/// file system has no neighbours. Links that the user has made are followed.
class FileSource final : public ISource {
public:
    explicit FileSource(const std::filesystem::path& folder);

    tiles3d::base::Result<tiles3d::base::Bytes> read(const std::string& uri) const override;

private:
    std::filesystem::path folder_; ///< Absolute.
    std::filesystem::path reach_;  ///< What must hold all files.
};

} // namespace viewer::stream
