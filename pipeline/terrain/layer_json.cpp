#include "pipeline/terrain/layer_json.h"

#include <algorithm>
#include <map>
#include <vector>

namespace pipeline::terrain {

using tiles3d::base::Json;

namespace {

/// Tiles from one corner to another, both included.
struct TileRange {
    int startX = 0;
    int startY = 0;
    int endX = 0;
    int endY = 0;
};

/// A row's run of tiles joins the range below it that begins and ends with it.
std::vector<TileRange> rangesOf(const std::set<TmsTile>& tiles, int level) {
    std::map<int, std::vector<TileRange>> rows;
    for (const TmsTile& tile : tiles) { // columns from the west, each from the south
        if (tile.level == level) {
            std::vector<TileRange>& row = rows[tile.y];
            if (row.empty() || row.back().endX + 1 != tile.x) {
                row.push_back({tile.x, tile.y, tile.x, tile.y});
            }
            row.back().endX = tile.x;
        }
    }
    std::vector<TileRange> ranges;
    for (const auto& [y, row] : rows) {
        for (const TileRange& run : row) {
            const auto below =
                std::find_if(ranges.begin(), ranges.end(), [&](const TileRange& range) {
                    return range.endY + 1 == run.startY && range.startX == run.startX &&
                           range.endX == run.endX;
                });
            if (below == ranges.end()) {
                ranges.push_back(run);
            } else {
                below->endY = run.endY;
            }
        }
    }
    return ranges;
}

Json availableJson(const std::set<TmsTile>& tiles) {
    Json available = Json::array();
    const int levels = tiles.empty() ? 0 : tiles.rbegin()->level + 1;
    for (int level = 0; level < levels; ++level) {
        Json ranges = Json::array();
        for (const TileRange& range : rangesOf(tiles, level)) {
            ranges.push(Json::object({{"startX", range.startX},
                                      {"startY", range.startY},
                                      {"endX", range.endX},
                                      {"endY", range.endY}}));
        }
        available.push(std::move(ranges));
    }
    return available;
}

} // namespace

Json layerJson(const std::set<TmsTile>& tiles,
               const LonLatRectangle& bounds,
               const LayerText& text) {
    Json layer = Json::object({{"tilejson", "2.1.0"},
                               {"name", text.name},
                               {"version", text.version},
                               {"format", "quantized-mesh-1.0"},
                               {"scheme", "tms"},
                               {"projection", "EPSG:4326"}});
    if (!text.attribution.empty()) {
        layer.set("attribution", text.attribution);
    }
    layer.set("extensions", Json(Json::Array{"octvertexnormals"}));
    layer.set("tiles", Json(Json::Array{"{z}/{x}/{y}.terrain?v={version}"}));
    layer.set("minzoom", 0);
    layer.set("maxzoom", tiles.empty() ? 0 : tiles.rbegin()->level);
    layer.set("bounds",
              Json(Json::Array{bounds.west.degrees(),
                               bounds.south.degrees(),
                               bounds.east.degrees(),
                               bounds.north.degrees()}));
    layer.set("available", availableJson(tiles));
    return layer;
}

} // namespace pipeline::terrain
