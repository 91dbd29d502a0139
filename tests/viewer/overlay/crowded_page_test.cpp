#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/vector_writer.h"
#include "tests/support/temporary_folder.h"
#include "viewer/overlay/page_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>

namespace viewer::overlay {
namespace {

using pipeline::planning::LayerStore;
using pipeline::planning::VectorLayer;
using pipeline::planning::style::FillKind;
using pipeline::planning::style::LayerStyle;

constexpr int kAcross = 80; // 6,400 surfaces: more than a page draws one by one
constexpr double kSide = 4.0;

/// A carpet of squares of kSide, and one that spans them all.
VectorLayer carpet() {
    VectorLayer layer{.name = "parcels", .crs = "EPSG:4548"};
    const auto square = [&layer](double x, double y, double side) {
        layer.features.push_back(
            {.geometry = {
                 .polygons = {
                     {.outer = {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}}}}}});
    };
    for (int i = 0; i < kAcross * kAcross; ++i) {
        square(kSide * (i % kAcross), kSide * (i / kAcross), kSide);
    }
    square(0.0, 0.0, kSide * kAcross);
    return layer;
}

/// The page at the plane's origin in which a surface is two pixels across.
MadePage pageOf(FillKind fill) {
    const pipeline::planning::GdalRuntime gdal;
    const tests::TemporaryFolder folder;
    const auto file = folder.path() / "a.gpkg";
    EXPECT_TRUE(pipeline::planning::writeGeoPackage(file, {carpet()}));
    const auto store = LayerStore::open({file});
    EXPECT_TRUE(store) << store.error().message;
    auto layers = std::make_shared<DrapedLayers>();
    layers->layers.push_back(
        {.style = std::make_shared<const LayerStyle>(LayerStyle{.other = {.fill = fill}})});
    int level = 0;
    while (kSide / mostMetresPerPixel(level) > 2.0) {
        ++level;
    }
    return makePage({.level = level}, layers, **store);
}

TEST(CrowdedPage, drawsOnlyTheLargestOneByOne) {
    const MadePage made = pageOf(FillKind::Solid);
    EXPECT_TRUE(made.problems.empty());
    EXPECT_EQ(made.page.features.size(), 1U);
    const Texel slots = made.page.texels.at(0);
    ASSERT_NE(slots[0], 0U);
    const Texel header = made.page.texels.at(slots[0]);
    ASSERT_NE(header[0] & Page::kShares, 0U);
    // The carpet covers all of each part of the cell.
    for (const std::uint32_t parts : made.page.texels.at(slots[0] + 2)) {
        EXPECT_EQ(parts, 0xFFFFFFFFU);
    }
}

TEST(CrowdedPage, leavesSmallOutlinesOut) {
    const MadePage made = pageOf(FillKind::None);
    EXPECT_EQ(made.page.features.size(), 1U);
    const std::uint32_t slot = made.page.texels.at(0)[0];
    EXPECT_TRUE(slot == 0 || (made.page.texels.at(slot)[0] & Page::kShares) == 0);
}

} // namespace
} // namespace viewer::overlay
