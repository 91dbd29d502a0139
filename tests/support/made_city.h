#pragma once

#include "tests/support/tile_painter.h"
#include "tests/support/tileset_folder.h"
#include "tiles3d/base/result.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace tests {

/// How a city is made by our own program.
struct CityRecipe {
    std::string program; ///< CITY3D_PROGRAM
    std::string sampleOptions;
    std::string source = "city.json"; ///< What of the delivery is built.
    std::string buildOptions;
};

/// A sample city in a temporary folder, gone with this object; its whole tree, and a painter.
class MadeCity {
public:
    /// Fails if a program does, and without EGL.
    static tiles3d::base::Result<std::unique_ptr<MadeCity>> make(const CityRecipe& recipe);

    MadeCity(const MadeCity&) = delete;
    MadeCity& operator=(const MadeCity&) = delete;
    ~MadeCity();

    const TilesetFolder& city() const { return *city_; }
    TilePainter& painter() { return *painter_; }

    /// For whoever looks into a failure: writes FILE, a PNG, into the current folder, and says
    /// where it is and how to see the same with city3d-viewer.
    std::string
    keep(const tiles3d::image::Raster& picture, const Shot& shot, const std::string& file) const;

private:
    explicit MadeCity(std::filesystem::path folder) : folder_(std::move(folder)) {}

    std::filesystem::path folder_;
    std::optional<TilesetFolder> city_;
    std::unique_ptr<TilePainter> painter_;
};

} // namespace tests
