#pragma once

#include "pipeline/sources/raster_window.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace pipeline::sources {

/// A north-up GeoTIFF to be written. Pixels are areas.
struct RasterSpec {
    enum class Pixels { Float32, Rgb8 };
    std::filesystem::path file;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    double west = 0.0;      ///< Easting of the left edge, in the CRS's unit.
    double north = 0.0;     ///< Northing of the upper edge.
    double pixelSize = 1.0; ///< Both ways, in the CRS's unit.
    int epsg = 0;           ///< Code of the CRS; x is east, y north whatever its axis order.
    Pixels pixels = Pixels::Float32;
    std::optional<double> noData; ///< Float32 only.
    int jpegQuality = 85;         ///< Rgb8 only, 1 to 100.
};

/// Tiles of this many pixels; windows aligned to it are compressed once.
inline constexpr std::uint32_t kRasterTile = 256;

/// Writes a tiled GeoTIFF window by window: Float32 with DEFLATE (no loss), Rgb8 with JPEG. Keeps a
/// few tiles in memory, not the raster. Windows in the same order give the same bytes.
/// The file appears under its name only at finish(); without it nothing is left behind.
class RasterWriter {
public:
    /// Fails if the specification is out of range, the CRS unknown or the file cannot be made.
    static tiles3d::base::Result<RasterWriter> create(const RasterSpec& spec);
    RasterWriter(RasterWriter&&) noexcept;
    RasterWriter& operator=(RasterWriter&&) noexcept;
    ~RasterWriter();

    /// Row-major, row 0 in the north, window.columns * window.rows values.
    /// REQUIRES: the raster's kind of pixels; the window inside the raster.
    tiles3d::base::Status writeFloats(const RasterWindow& window, std::span<const float> values);
    /// The same with red, green, blue per pixel.
    tiles3d::base::Status writeRgb(const RasterWindow& window, std::span<const std::byte> pixels);

    /// Closes the file and gives it its name. Fails if something could not be written (disk full).
    tiles3d::base::Status finish();

private:
    struct State;
    explicit RasterWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace pipeline::sources
