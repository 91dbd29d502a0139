#pragma once

#include "pipeline/sources/raster_collar.h"
#include "pipeline/sources/raster_window.h"
#include "tiles3d/base/result.h"
#include "tiles3d/image/image.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::sources {

/// What a raster file's header says, and whether an orthophoto has a black collar.
struct RasterInfo {
    std::filesystem::path file;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    /// From pixel corners to the CRS, in GDAL's order: x = t[0] + column t[1] + row t[2],
    /// y = t[3] + column t[4] + row t[5]; pixel (0, 0) is an area from (0, 0) to (1, 1), whatever
    /// the file's own convention. May be rotated; can be inverted.
    std::array<double, 6> geoTransform{};
    std::string srs; ///< WKT 2; x is east, y north whatever it says of axes. Empty: none stated.
    int bands = 0;
    bool is8Bit = false;          ///< All bands.
    bool isColour = false;        ///< 8 bits and three bands or more, or a palette.
    std::optional<double> noData; ///< Of the first band, before scale and offset.
    /// What a height is to be multiplied by, from the band's unit or else the vertical CRS; 0 if
    /// that unit is not known.
    double verticalUnitMetres = 1.0;
    std::string verticalUnit; ///< As stated; empty: nothing is stated.
    bool hasMask = false;     ///< An alpha band or a mask.
    std::uint64_t bytes = 0;  ///< Of the file and those beside it: world file, overviews, mask.
    std::vector<std::filesystem::path> files; ///< All of them.
    std::shared_ptr<const CollarMask> collar; ///< Null: none, or not looked for.
};

struct RasterInfoOptions {
    /// Looks for a black collar in pictures without mask: pieces of the edges are read, and the
    /// whole picture, reduced, if they are black.
    bool findsCollar = false;
};

/// Metres per unit of a vertical unit's name, as files and people write it: "m", "metre", "ft",
/// "foot", "feet" (international), "us-ft", "US survey foot", ...; nothing for other words.
std::optional<double> metresOfUnit(std::string_view name);

/// Opens a raster: GeoTIFF (COG too), Erdas .img, Arc/Info ASCII grid, SRTM .hgt, JPEG 2000, JPEG
/// and PNG with a world file; by the file's bytes, never by a driver that a file asks for, and
/// without network. A .vrt is refused: it can name any file; name those instead.
/// Fails, with the reason, on other files, on truncated GeoTIFFs, on a missing or degenerate
/// georeference, on blocks larger than 256 MiB (they could only be decoded as a whole).
tiles3d::base::Result<RasterInfo> readRasterInfo(const std::filesystem::path& file,
                                                 const RasterInfoOptions& options = {});

/// Reads pixels of one raster, window by window; overviews are used where less detail is asked
/// for. GDAL's cache of decoded blocks is kept at 64 MiB per process. Not for several threads.
class RasterReader {
public:
    /// Fails if the file is gone, or no longer the size it was.
    static tiles3d::base::Result<RasterReader> open(const RasterInfo& info);
    RasterReader(RasterReader&&) noexcept;
    RasterReader& operator=(RasterReader&&) noexcept;
    ~RasterReader();

    /// The first band's values, row-major, row 0 the uppermost; with the band's scale and offset,
    /// in the file's unit. NaN where the file has none: its no-data value, its mask, NaN, infinity,
    /// and what no file means as a height although it does not say so: -9999, -32767, -32768 and
    /// anything beyond 100,000.
    /// REQUIRES: the window lies inside the raster and is not empty.
    /// Fails where the file cannot be decoded.
    tiles3d::base::Result<std::vector<float>> readHeights(const RasterWindow& window) const;

    /// The window reduced to columns x rows values, each that of one pixel (or overview's pixel) in
    /// the middle of what it stands for; 1 <= columns <= window.columns, and so for rows.
    tiles3d::base::Result<std::vector<float>>
    readHeights(const RasterWindow& window, std::uint32_t columns, std::uint32_t rows) const;

    /// The window as columns x rows pixels RGBA, reduced by averaging (a palette: by leaving out).
    /// Grey and palettes become RGB. Alpha is 255, or 0 where there is nothing: no-data in all
    /// bands, mask or alpha below half, the collar (see hideCollarInPlace() for the window's edge).
    /// REQUIRES: as above.
    /// Fails on bands of more than 8 bits, and where the file cannot be decoded.
    tiles3d::base::Result<tiles3d::image::Raster>
    readColours(const RasterWindow& window, std::uint32_t columns, std::uint32_t rows) const;

private:
    struct State;
    explicit RasterReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace pipeline::sources
