#pragma once

#include "tiles3d/base/json.h"
#include "viewer/render/city_view.h"
#include "viewer/stream/tileset_session.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace viewer::render {

/// What all tilesets of a city have loaded so far.
struct LoadReport {
    std::size_t loadedTiles = 0;
    std::uint64_t readBytes = 0;
    std::uint64_t cachedBytes = 0;
    std::vector<stream::TileFailure> failures; ///< Pictures lack these tiles.
    std::vector<std::string> warnings;         ///< What the tilesets themselves made us leave out.
};

LoadReport loadReport(const CityView& city);

/// Members for --json: tilesLoaded, tilesFailed, bytesRead, bytesInMemory, failures.
tiles3d::base::Json::Object toMembers(const LoadReport& report);

} // namespace viewer::render
