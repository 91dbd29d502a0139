#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/image/image.h"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace tiles3d::image {

/// A PNG of 8-bit RGB written band by band, so that a picture may be larger than the memory. The
/// file is whole or absent: rows go to "NAME.part" beside it, which finish() renames over it and
/// the destructor of an unfinished file removes. Same rows, same bytes, whatever the bands.
class PngFile {
public:
    /// The folder must exist. Fails with the system's reason, and on a side of 0 or above 1,000,000
    /// pixels, libpng's limit.
    static base::Result<std::unique_ptr<PngFile>>
    create(const std::filesystem::path& file, std::uint32_t width, std::uint32_t height);

    PngFile(const PngFile&) = delete;
    PngFile& operator=(const PngFile&) = delete;
    ~PngFile();

    /// The next rows, from the top. REQUIRES: three channels, the file's width, and no more rows in
    /// all than its height. Fails if they cannot be written, on a full disk for one.
    base::Status append(const Raster& rows);
    /// REQUIRES: all rows have been appended. Fails likewise; there is no file then.
    base::Status finish();

private:
    struct State;
    explicit PngFile(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace tiles3d::image
