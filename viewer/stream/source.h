#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"

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

    /// All bytes of a resolved, percent-encoded URI. The message of a failure names the file.
    virtual tiles3d::base::Result<tiles3d::base::Bytes> read(const std::string& uri) const = 0;
};

/// Largest tile or tileset.json that FileSource reads, 512 MiB: a hundred times the largest wanted.
inline constexpr std::uint64_t kMaxContentBytes = std::uint64_t{512} << 20U;

/// Files of one folder; URIs are relative to it.
class FileSource final : public ISource {
public:
    explicit FileSource(std::filesystem::path folder) : folder_(std::move(folder)) {}

    tiles3d::base::Result<tiles3d::base::Bytes> read(const std::string& uri) const override;

private:
    std::filesystem::path folder_;
};

} // namespace viewer::stream
