#include "viewer/stream/open_tileset.h"

#include "synthetic_city.h"
#include "tests/support/http_server.h"
#include "tests/support/mutation.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/zip_writer.h"
#include "tiles3d/base/uri.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

namespace {

namespace base = tiles3d::base;
namespace select = tiles3d::select;
using tests::HttpAnswer;
using tests::HttpServer;
using tests::SyntheticCity;
using tests::TemporaryFolder;
using viewer::stream::openTileset;
using viewer::stream::TilesetSession;

select::ViewState above(const TilesetSession& session) {
    const glm::dmat4& toEcef = session.sceneFrame().toEcefMatrix();
    select::ViewState view;
    view.positionEcef = glm::dvec3(toEcef * glm::dvec4(0.0, 0.0, 400.0, 1.0));
    view.direction = -glm::dvec3(toEcef[2]);
    view.up = glm::dvec3(toEcef[1]);
    return view;
}

/// Tiles drawn from above once nothing is missing; 0 if that takes too long.
std::size_t drawnTiles(TilesetSession& session) {
    constexpr int kMostFrames = 1000;
    const select::ViewState view = above(session);
    for (int frame = 0; frame < kMostFrames; ++frame) {
        const std::size_t drawn = session.update({view}).render.size();
        for (const auto& arrival : session.takeArrivals(std::uint64_t{1} << 30U)) {
            session.markReady(arrival.node);
        }
        if (session.isSettled()) {
            return drawn;
        }
        session.waitForLoad();
    }
    return 0;
}

/// "N tiles", or the message.
std::string outcome(const std::string& location) {
    const auto session = openTileset(location);
    if (!session) {
        return session.error().message;
    }
    std::string text = std::to_string(drawnTiles(**session)) + " tiles";
    for (const auto& failure : (*session)->failures()) {
        text += ", " + failure.message;
    }
    return text;
}

base::Bytes zipOf(const SyntheticCity& city) {
    std::vector<tests::ZipEntry> entries;
    for (const auto& [name, bytes] : city.files) {
        entries.push_back({name, std::string(base::asText(bytes)), 93});
    }
    return tests::zipOf(entries);
}

/// Serves the city's files below /city/ to who has the key.
HttpServer serverOf(const SyntheticCity& city) {
    return HttpServer([files = city.files](const std::string& target) {
        const std::string path = base::decodeUri(target.substr(0, target.find('?')));
        const auto file = files.find(path.substr(std::min<std::size_t>(path.size(), 6)));
        if (target.find("key=1") == std::string::npos) {
            return HttpAnswer{.status = 403};
        }
        return file != files.end() ? HttpAnswer{.body = std::string(base::asText(file->second))}
                                   : HttpAnswer{.status = 404};
    });
}

TEST(OpenTileset, takesFoldersFilesAndArchives) {
    const TemporaryFolder folder;
    const SyntheticCity city = SyntheticCity::build();
    city.writeTo(folder.path() / "城 市#1");
    const std::string path = (folder.path() / "城 市#1").string();
    EXPECT_EQ(outcome(path), "4 tiles");
    EXPECT_EQ(outcome(path + "/tileset.json"), "4 tiles");
    EXPECT_EQ(outcome("file://" + base::encodeUriPath(path)), "4 tiles");
    const base::Bytes zip = zipOf(city);
    EXPECT_EQ(outcome(folder.write("城.3tz", base::asText(zip)).string()), "4 tiles");
    EXPECT_EQ(outcome(folder.write("city.zip", base::asText(zip)).string()), "4 tiles");
}

TEST(OpenTileset, takesAddresses) {
    const HttpServer server = serverOf(SyntheticCity::build());
    EXPECT_EQ(outcome(server.address() + "/city/tileset.json?key=1"), "4 tiles");
    EXPECT_EQ(outcome(server.address() + "/city/?key=1"), "4 tiles");
    EXPECT_EQ(outcome(server.address() + "/city?key=1"), "4 tiles");
    EXPECT_NE(outcome(server.address() + "/city/").find("check the key"), std::string::npos);
    EXPECT_NE(outcome(server.address() + "/town/a.json?key=1").find("check the address"),
              std::string::npos);
}

TEST(OpenTileset, takesOneTile) {
    const TemporaryFolder folder;
    const SyntheticCity city = SyntheticCity::build();
    const base::Bytes& glb = city.files.at("nw.glb");
    EXPECT_EQ(outcome(folder.write("砖 1.glb", base::asText(glb)).string()), "1 tiles");
    EXPECT_NE(outcome(folder.write("a.glb", "glTF").string()).find("a.glb"), std::string::npos);
    EXPECT_NE(outcome(folder.write("a.pnts", "pnts").string()).find("point cloud"),
              std::string::npos);
}

TEST(OpenTileset, saysWhatCanBeGiven) {
    const TemporaryFolder folder;
    EXPECT_NE(outcome("/no/such/folder").find("give a folder with tileset.json"),
              std::string::npos);
    EXPECT_NE(outcome(folder.path().string()).find("give a folder"), std::string::npos);
    EXPECT_NE(outcome(folder.write("a.json", "{}").string()).find("not a tileset.json"),
              std::string::npos);
    const base::Bytes zip = tests::zipOf({{"city/tileset.json", "{}"}});
    EXPECT_NE(outcome(folder.write("a.zip", base::asText(zip)).string()).find("at its top"),
              std::string::npos);
}

TEST(OpenTileset, refusesWhatNeedsKtx2) {
    const TemporaryFolder folder;
    const std::string text =
        R"({"asset":{"version":"1.1"},"geometricError":0,"extensionsRequired":["KHR_texture_basisu"],
            "root":{"boundingVolume":{"sphere":[0,0,0,1]},"geometricError":0,"refine":"ADD"}})";
    EXPECT_NE(outcome(folder.write("tileset.json", text).string()).find("KTX2"), std::string::npos);
}

TEST(OpenTileset, damageGivesAMessageOrAPicture) {
    constexpr std::uint32_t kCases = 150;
    const TemporaryFolder folder;
    for (std::uint32_t seed = 0; seed < kCases; ++seed) {
        SyntheticCity city =
            seed % 2 == 0 ? SyntheticCity::build() : SyntheticCity::buildImplicit();
        auto victim = city.files.begin();
        std::advance(victim, seed % city.files.size());
        victim->second = tests::damaged(victim->second, seed);
        city.writeTo(folder.path());
        EXPECT_FALSE(outcome(folder.path().string()).empty()) << "seed " << seed;
    }
}

} // namespace
