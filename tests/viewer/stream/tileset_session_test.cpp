#include "viewer/stream/tileset_session.h"

#include "tests/viewer/stream/session_fixture.h"
#include "viewer/stream/open_tileset.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using tests::MemorySource;
using tests::SyntheticCity;
using tests::viewFrom;
using tiles3d::select::Selection;
using tiles3d::select::ViewState;
using viewer::stream::TilesetSession;

std::unique_ptr<TilesetSession> openCity(std::shared_ptr<const viewer::stream::ISource> source) {
    return tests::openSession(std::move(source), {.threads = 2, .retryAfterSeconds = {}});
}

/// What a scene does, without one. Returns what arrived.
std::vector<viewer::stream::TileArrival> settle(TilesetSession& session, const ViewState& view) {
    std::vector<viewer::stream::TileArrival> all;
    constexpr int kMostFrames = 2000;
    for (int frame = 0; frame < kMostFrames; ++frame) {
        session.update({view});
        for (auto& arrival : session.takeArrivals(1U << 20U)) {
            session.markReady(arrival.node);
            all.push_back(std::move(arrival));
        }
        if (session.isSettled()) {
            return all;
        }
        session.waitForLoad();
    }
    ADD_FAILURE() << "not settled after " << kMostFrames << " frames";
    return all;
}

std::vector<std::string> renderedUris(TilesetSession& session, const ViewState& view) {
    std::vector<std::string> uris;
    for (const std::size_t node : session.update({view}).render) {
        uris.push_back(session.tree().nodes()[node].contentUris.front());
    }
    std::ranges::sort(uris);
    return uris;
}

const std::vector<std::string> kQuarters = {
    "%E5%9D%97%201/%E7%A0%96%231.glb", "%E5%A4%96%E9%83%A8/ne.glb", "nw.glb", "se.glb"};

TEST(TilesetSession, settlesOnWhatTheViewNeeds) {
    const auto session = openCity(std::make_shared<MemorySource>(SyntheticCity::build()));
    settle(*session, viewFrom(300.0));
    EXPECT_EQ(renderedUris(*session, viewFrom(300.0)), kQuarters);
    EXPECT_TRUE(session->failures().empty());
    EXPECT_TRUE(session->update({viewFrom(300.0)}).isComplete);
}

TEST(TilesetSession, farViewNeedsTheRootOnly) {
    const auto session = openCity(std::make_shared<MemorySource>(SyntheticCity::build()));
    settle(*session, viewFrom(20000.0));
    EXPECT_EQ(renderedUris(*session, viewFrom(20000.0)), std::vector<std::string>{"root.glb"});
    EXPECT_EQ(session->statistics().loadedContents, 1U);
}

TEST(TilesetSession, decodesIntoTheSceneFrame) {
    const auto session = openCity(std::make_shared<MemorySource>(SyntheticCity::build()));
    bool isFound = false;
    for (const auto& arrival : settle(*session, viewFrom(300.0))) {
        const auto& uris = session->tree().nodes()[arrival.node].contentUris;
        if (uris.front() != kQuarters.front()) {
            continue;
        }
        isFound = true;
        // The scene's origin is the middle of the root's box at height 0: 25.5 m below its centre.
        // Within 1 mm over 100 m: float32 positions relative to the tile's centre.
        EXPECT_NEAR(arrival.pack->centre.x, -50.0, 1e-3);
        EXPECT_NEAR(arrival.pack->centre.y, -50.0, 1e-3);
        EXPECT_NEAR(arrival.pack->centre.z, 35.0, 1e-3);
        const auto& part = arrival.pack->parts.front();
        EXPECT_NEAR(part.positions.front().x, -50.0, 1e-3);
        EXPECT_NEAR(part.positions.front().y, -50.0, 1e-3);
        EXPECT_EQ(part.triangleCount(), 2U);
        EXPECT_EQ(arrival.pack->textures.front().width, 8U);
        EXPECT_EQ(arrival.pack->textures.front().levelOffsets.size(), 4U); // 8, 4, 2, 1
        EXPECT_FALSE(arrival.pack->textures.front().repeats);
    }
    EXPECT_TRUE(isFound);
}

/// The city, whose files are as if written with another axis up: that of `file` says so.
SyntheticCity cityWithZUp(const std::string& file) {
    SyntheticCity city = SyntheticCity::build();
    std::string json(tiles3d::base::asText(city.files[file]));
    const std::string start = R"({"asset":{)";
    EXPECT_EQ(json.find(start), 0U);
    json.insert(start.size(), R"("gltfUpAxis":"Z",)");
    const auto bytes = tiles3d::base::asBytes(json);
    city.files[file].assign(bytes.begin(), bytes.end());
    return city;
}

/// How far the tile reaches north and up, in metres.
glm::dvec2 extentOf(TilesetSession& session, const std::string& uri) {
    for (const auto& arrival : settle(session, viewFrom(300.0))) {
        if (session.tree().nodes()[arrival.node].contentUris.front() == uri) {
            const glm::dvec3 extent = arrival.pack->limits.maximum - arrival.pack->limits.minimum;
            return {extent.y, extent.z};
        }
    }
    return glm::dvec2(-1.0);
}

TEST(TilesetSession, contentsStandAsTheirTilesetFileSays) {
    const std::string outer = "tileset.json";
    const std::string inner = "外部/tileset.json";
    struct Case {
        std::string file;
        std::string tile;
        bool isUpright; // the square stands on its edge
    };
    for (const auto& [file, tile, isUpright] : {Case{outer, "se.glb", true},
                                                Case{outer, kQuarters[1], false},
                                                Case{inner, "se.glb", false},
                                                Case{inner, kQuarters[1], true}}) {
        const auto session = openCity(std::make_shared<MemorySource>(cityWithZUp(file)));
        const glm::dvec2 extent = extentOf(*session, tile);
        EXPECT_NEAR(extent.x, isUpright ? 0.0 : 100.0, 0.01) << file << ": " << tile;
        EXPECT_NEAR(extent.y, isUpright ? 100.0 : 0.0, 0.01) << file << ": " << tile;
    }
}

const std::vector<std::string> kImplicitQuarters = {
    "tiles/1/0/0.glb", "tiles/1/0/1.glb", "tiles/1/1/0.glb", "tiles/1/1/1.glb"};

TEST(TilesetSession, implicitTilesLoadSubtreeBySubtree) {
    const auto source = std::make_shared<MemorySource>(SyntheticCity::buildImplicit());
    const auto session = openCity(source);
    settle(*session, viewFrom(20000.0));
    EXPECT_EQ(renderedUris(*session, viewFrom(20000.0)),
              std::vector<std::string>{"tiles/0/0/0.glb"});
    EXPECT_EQ(source->readCount(), 3) << "tileset.json, the root's subtree, the root's tile";
    settle(*session, viewFrom(300.0));
    EXPECT_EQ(renderedUris(*session, viewFrom(300.0)), kImplicitQuarters);
    EXPECT_EQ(source->readCount(), 3 + 8) << "four subtrees and their tiles";
    EXPECT_TRUE(session->failures().empty());
    EXPECT_TRUE(session->tree().warnings().empty());
    EXPECT_TRUE(session->update({viewFrom(300.0)}).isComplete);
}

TEST(TilesetSession, badSubtreeFailsAndBlocksNobody) {
    SyntheticCity city = SyntheticCity::buildImplicit();
    city.files["subtrees/1/1/0.subtree"].resize(30);
    city.files.erase("subtrees/1/0/1.subtree");
    const auto session = openCity(std::make_shared<MemorySource>(city));
    settle(*session, viewFrom(300.0));
    const auto failures = session->failures();
    ASSERT_EQ(failures.size(), 2U);
    EXPECT_EQ(failures[0].uri, "subtrees/1/0/1.subtree");
    EXPECT_EQ(failures[1].uri, "subtrees/1/1/0.subtree");
    EXPECT_NE(failures[1].message.find("a subtree of 30 bytes"), std::string::npos);
    EXPECT_EQ(renderedUris(*session, viewFrom(300.0)),
              (std::vector<std::string>{"tiles/1/0/0.glb", "tiles/1/1/1.glb"}));
}

TEST(TilesetSession, badTileFailsAndBlocksNobody) {
    SyntheticCity city = SyntheticCity::build();
    auto& bytes = city.files[SyntheticCity::kSouthWestFile];
    bytes.resize(bytes.size() / 2);
    const auto session = openCity(std::make_shared<MemorySource>(city));
    settle(*session, viewFrom(300.0));
    const auto failures = session->failures();
    ASSERT_EQ(failures.size(), 1U);
    EXPECT_EQ(failures.front().uri, kQuarters.front());
    EXPECT_FALSE(failures.front().message.empty());
    EXPECT_EQ(renderedUris(*session, viewFrom(300.0)),
              std::vector<std::string>(kQuarters.begin() + 1, kQuarters.end()));
}

TEST(TilesetSession, missingExternalTilesetFailsAndBlocksNobody) {
    SyntheticCity city = SyntheticCity::build();
    city.files.erase("外部/tileset.json");
    const auto session = openCity(std::make_shared<MemorySource>(city));
    settle(*session, viewFrom(300.0));
    ASSERT_EQ(session->failures().size(), 1U);
    EXPECT_EQ(renderedUris(*session, viewFrom(300.0)).size(), 3U);
}

TEST(TilesetSession, externalTilesetThatNamesItselfEnds) {
    SyntheticCity city = SyntheticCity::build();
    const std::string name = "外部/tileset.json";
    std::string json(tiles3d::base::asText(city.files[name]));
    const std::size_t at = json.find("ne.glb");
    ASSERT_NE(at, std::string::npos);
    json.replace(at, 6, "tileset.json");
    const auto bytes = tiles3d::base::asBytes(json);
    city.files[name] = {bytes.begin(), bytes.end()};
    const auto session = openCity(std::make_shared<MemorySource>(city));
    settle(*session, viewFrom(300.0));
    ASSERT_EQ(session->tree().warnings().size(), 1U);
    EXPECT_NE(session->tree().warnings().front().find("itself"), std::string::npos);
    EXPECT_EQ(renderedUris(*session, viewFrom(300.0)).size(), 3U);
}

TEST(TilesetSession, readsEachContentOnce) {
    const auto source = std::make_shared<MemorySource>(SyntheticCity::build());
    const auto session = openCity(source);
    settle(*session, viewFrom(300.0));
    settle(*session, viewFrom(310.0));
    EXPECT_LE(source->readCount(), 7); // tileset.json, external, five GLBs
    EXPECT_EQ(session->statistics().evictedContents, 0U);
}

TEST(TilesetSession, opensNothingBad) {
    SyntheticCity city = SyntheticCity::build();
    EXPECT_FALSE(TilesetSession::open(std::make_shared<MemorySource>(city), "none.json"));
    city.files["tileset.json"] = city.files["nw.glb"];
    EXPECT_FALSE(TilesetSession::open(std::make_shared<MemorySource>(city), "tileset.json"));
    const auto missing = viewer::stream::openTileset("/no/such/folder");
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().message.find("/no/such/folder"), std::string::npos);
}

} // namespace
