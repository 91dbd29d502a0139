#include "pipeline/emit/emit.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/tileset/tileset_io.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

namespace pipeline::emit {
namespace {

namespace fs = std::filesystem;
namespace ts = tiles3d::tileset;
using tiles3d::geo::Angle;

/// A box of 100 x 100 x 50 m on the ground.
PlacedTileset block(const std::string& file, double lon, double lat, double error) {
    const tiles3d::geo::EnuFrame frame({Angle::degrees(lon), Angle::degrees(lat), 10.0});
    const ts::Box box = ts::boxAround(ts::Limits{{-50.0, -50.0, -25.0}, {50.0, 50.0, 25.0}});
    return {file, std::get<ts::Box>(ts::transformed(box, frame.toEcefMatrix())), error};
}

class Emit : public testing::Test {
protected:
    ts::Tileset written(const std::vector<PlacedTileset>& parts) {
        const auto status = emitTileset(parts, folder.path());
        EXPECT_TRUE(status) << status.error().message;
        const auto json = tiles3d::base::readTextFile(folder / "tileset.json");
        const auto read = ts::readTileset(*json);
        EXPECT_TRUE(read && read->warnings.empty());
        return read->tileset;
    }
    job::TemporaryFolder folder;
};

TEST_F(Emit, theRootHoldsAllPartsAndRefinesFromAfar) {
    const std::vector<PlacedTileset> parts{block("oblique/a/tileset.json", 118.09, 24.44, 64.0),
                                           block("oblique/b/tileset.json", 118.12, 24.47, 32.0)};
    const ts::Tileset city = written(parts);
    ASSERT_EQ(city.root.children.size(), 2U);
    EXPECT_TRUE(city.root.contents.empty());
    EXPECT_EQ(city.root.refine, ts::Refine::Replace);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const ts::Box& box = parts[i].boxEcef;
        for (int corner = 0; corner < 8; ++corner) {
            const glm::dvec3 signs((corner & 1) * 2 - 1, (corner & 2) - 1, (corner & 4) / 2 - 1);
            EXPECT_LT(ts::excess(city.root.boundingVolume, box.centre + box.halfAxes * signs),
                      0.001);
        }
        EXPECT_EQ(city.root.children[i].geometricErrorMetres, parts[i].geometricErrorMetres);
    }
    // About 4.5 km across: the error is the root's diagonal, far above any part's.
    EXPECT_GT(city.root.geometricErrorMetres, 4400.0);
    EXPECT_GE(city.geometricErrorMetres, city.root.geometricErrorMetres);
}

TEST_F(Emit, aPartCoarserThanTheCityStillFalls) {
    const ts::Tileset city = written({block("oblique/a/tileset.json", 118.09, 24.44, 5000.0)});
    EXPECT_GT(city.root.geometricErrorMetres, 5000.0);
}

TEST_F(Emit, namesArePercentEncoded) {
    const ts::Tileset city =
        written({block("oblique/厦门 100%/Tile#1/tileset.json", 118.09, 24.44, 64.0)});
    EXPECT_EQ(city.root.children.front().contents.front().uri,
              "oblique/%E5%8E%A6%E9%97%A8%20100%25/Tile%231/tileset.json");
}

TEST_F(Emit, anEmptyCityIsRefused) {
    const auto status = emitTileset({}, folder.path());
    ASSERT_FALSE(status);
    EXPECT_FALSE(fs::exists(folder / "tileset.json"));
}

TEST_F(Emit, aFolderThatIsGoneIsSaid) {
    const auto status =
        emitTileset({block("oblique/a/tileset.json", 118.09, 24.44, 64.0)}, folder / "gone");
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().message.find("tileset.json"), std::string::npos);
}

} // namespace
} // namespace pipeline::emit
