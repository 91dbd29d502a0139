#include "pipeline/terrain/layer_json.h"

#include <gtest/gtest.h>

#include <random>

namespace pipeline::terrain {
namespace {

using tiles3d::base::Json;
using tiles3d::geo::Angle;

const LonLatRectangle kBounds = {
    Angle::degrees(90.0), Angle::degrees(0.0), Angle::degrees(180.0), Angle::degrees(45.0)};

/// Adds every tile of a range; fails on one that is there already.
void addTiles(const Json& range, int level, std::set<TmsTile>& tiles) {
    const auto number = [&](const char* name) {
        return static_cast<int>(range[name].integerOr(-1));
    };
    for (int x = number("startX"); x <= number("endX"); ++x) {
        for (int y = number("startY"); y <= number("endY"); ++y) {
            EXPECT_TRUE(tiles.insert({level, x, y}).second);
        }
    }
}

std::set<TmsTile> tilesIn(const Json& available) {
    std::set<TmsTile> tiles;
    int level = 0;
    for (const Json& ranges : available.items()) {
        for (const Json& range : ranges.items()) {
            addTiles(range, level, tiles);
        }
        ++level;
    }
    return tiles;
}

TEST(LayerJson, isWhatClientsRead) {
    const Json layer = layerJson({{0, 0, 0}, {0, 1, 0}, {1, 3, 1}, {2, 6, 2}, {2, 7, 2}},
                                 kBounds,
                                 {.name = "Xiamen", .attribution = "Survey 2024"});
    EXPECT_EQ(
        layer.dump(),
        R"({"tilejson":"2.1.0","name":"Xiamen","version":"1.0.0","format":"quantized-mesh-1.0",)"
        R"("scheme":"tms","projection":"EPSG:4326","attribution":"Survey 2024",)"
        R"("extensions":["octvertexnormals"],"tiles":["{z}/{x}/{y}.terrain?v={version}"],)"
        R"("minzoom":0,"maxzoom":2,"bounds":[90.0,0.0,180.0,45.0],)"
        R"("available":[[{"startX":0,"startY":0,"endX":1,"endY":0}],)"
        R"([{"startX":3,"startY":1,"endX":3,"endY":1}],)"
        R"([{"startX":6,"startY":2,"endX":7,"endY":2}]]})");
}

TEST(LayerJson, withoutAttributionItHasNone) {
    EXPECT_FALSE(layerJson({{0, 0, 0}}, kBounds).has("attribution"));
}

TEST(LayerJson, rangesHoldEachTileOnce) {
    constexpr unsigned kSeed = 4;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    std::set<TmsTile> tiles;
    for (const int level : {0, 3, 5}) { // levels between are empty
        for (int i = 0; i < 2 << (2 * level); ++i) {
            if (random() % 4 != 0) {
                tiles.insert({level, i >> level, i % (1 << level)});
            }
        }
    }
    EXPECT_EQ(tilesIn(layerJson(tiles, kBounds)["available"]), tiles);
}

TEST(LayerJson, aBlockIsOneRange) {
    std::set<TmsTile> tiles;
    for (int i = 0; i < 12; ++i) {
        tiles.insert({4, 20 + i % 4, 8 + i / 4});
    }
    EXPECT_EQ(layerJson(tiles, kBounds)["available"].items().back().items().size(), 1U);
}

} // namespace
} // namespace pipeline::terrain
