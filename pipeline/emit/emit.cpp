#include "pipeline/emit/emit.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/uri.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/tileset/tileset_io.h"

#include <glm/geometric.hpp>

#include <algorithm>

namespace pipeline::emit {

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::Status;
namespace ts = tiles3d::tileset;

namespace {

/// The box round all parts, its axes those of the ENU frame at the middle of the first one.
ts::Box boxAroundAll(const std::vector<PlacedTileset>& parts) {
    const tiles3d::geo::EnuFrame frame(
        tiles3d::geo::toCartographic({parts.front().boxEcef.centre}));
    ts::Limits limits;
    for (const PlacedTileset& part : parts) {
        limits.include(ts::limitsOf(part.boxEcef, frame.fromEcefMatrix()));
    }
    return std::get<ts::Box>(ts::transformed(ts::boxAround(limits), frame.toEcefMatrix()));
}

double diagonal(const ts::Box& box) {
    return 2.0 * glm::length(box.halfAxes[0] + box.halfAxes[1] + box.halfAxes[2]);
}

} // namespace

Status emitTileset(const std::vector<PlacedTileset>& parts, const std::filesystem::path& out) {
    if (parts.empty()) {
        return Error{"no block could be converted: there is no city to write"};
    }
    ts::Tileset city;
    const ts::Box box = boxAroundAll(parts);
    city.root.boundingVolume = box;
    double error = diagonal(box);
    for (const PlacedTileset& part : parts) {
        ts::Tile tile;
        tile.boundingVolume = part.boxEcef;
        tile.geometricErrorMetres = part.geometricErrorMetres;
        tile.contents.push_back({.uri = tiles3d::base::encodeUriPath(part.file)});
        city.root.children.push_back(std::move(tile));
        error = std::max(error, 2.0 * part.geometricErrorMetres);
    }
    city.root.geometricErrorMetres = error;
    city.geometricErrorMetres = error;
    const Result<std::string> json = ts::toJson(city);
    if (!json) {
        return json.error();
    }
    return tiles3d::base::writeFile(out / "tileset.json", std::string_view(*json));
}

} // namespace pipeline::emit
