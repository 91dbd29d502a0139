#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace pipeline::sources {

/// A small GeoTIFF of any kind, for tests.
struct MadeRaster {
    std::filesystem::path file;
    int width = 16;
    int height = 16;
    /// All zero: none is written.
    std::array<double, 6> geoTransform{610000.0, 2.0, 0.0, 2705000.0, 0.0, -2.0};
    std::string srs = "EPSG:4548"; ///< Empty: none is written.
    std::string type = "Float32";  ///< GDAL's name.
    int bands = 1;
    std::optional<double> noData;
    std::string unit;
    std::string compression; ///< GDAL's name; empty: none.
    double scale = 1.0;
    double offset = 0.0;
    bool hasAlpha = false;   ///< The last band is one.
    bool hasPalette = false; ///< Index i is the colour (i, 255 - i, 0).
    /// Of band (from 1), column, row.
    std::function<double(int, int, int)> value = [](int, int, int) { return 0.0; };
};

/// Writes it with one strip per row, uncompressed unless told otherwise; throws if it cannot.
void make(const MadeRaster& raster);

} // namespace pipeline::sources
