// A delivery's own top, written on purpose: converted after its blocks as the job would do it, with
// leaves that lead on to the blocks' tilesets.

#include "pipeline/oblique/convert_top.h"

#include "pipeline/oblique/block_frame.h"
#include "pipeline/sample/topped_delivery.h"
#include "pipeline/scan/scan.h"
#include "pipeline/verify/verify.h"
#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/select/select.h"
#include "tiles3d/tileset/tileset_io.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace pipeline::oblique {
namespace {

namespace fs = std::filesystem;
namespace select = tiles3d::select;
namespace ts = tiles3d::tileset;
using sample::TopFlaw;
using sample::TopLayout;

/// Blocks and top of one delivery below OUT/oblique.
class TopConversion : public testing::Test {
protected:
    void convert(const sample::ToppedDelivery& delivery, const std::string& without = "") {
        ASSERT_TRUE(sample::writeToppedDelivery(folder / "delivery", delivery));
        auto catalogue = scan::scanSources(scan::projectForDelivery(folder / "delivery"),
                                           {.heightDatum = "egm96"});
        ASSERT_TRUE(catalogue) << catalogue.error().message;
        production = catalogue->productions.front();
        auto made = tiles3d::crs::Transform::create(production.crs, production.heights);
        ASSERT_TRUE(made);
        transform.emplace(*std::move(made));
        for (const scan::Block& block : production.blocks) {
            convertOne(block, without);
        }
        task.name = "Top";
        task.folder = production.top->delivery;
        task.root = production.top->root;
        task.origin = production.origin;
        task.output = folder / "out/Top";
        top = must(convertTop(task, runtime, *transform, {.threads = 2}));
    }

    static BlockResult must(tiles3d::base::Result<BlockResult> result) {
        EXPECT_TRUE(result) << result.error().message;
        return result ? *std::move(result) : BlockResult{};
    }

    void convertOne(const scan::Block& block, const std::string& without) {
        const std::string name = fs::path(block.folder).filename().string();
        BlockLink link{.root = block.root};
        if (name != without) {
            const BlockTask one{.name = name,
                                .folder = block.folder,
                                .root = block.root,
                                .origin = production.origin,
                                .output = folder / "out" / name};
            const BlockResult result = must(convertBlock(one, runtime, *transform, {}));
            EXPECT_TRUE(result.unlinked.empty());
            link.tileset = fs::path("..") / name / "tileset.json";
            link.boxEcef = result.boxEcef;
            link.geometricErrorMetres = result.geometricErrorMetres;
        }
        task.links.push_back(link);
    }

    ts::Tileset tileset() const {
        const auto text = tiles3d::base::readTextFile(folder / "out/Top/tileset.json");
        EXPECT_TRUE(text);
        const auto read = ts::readTileset(*text);
        EXPECT_TRUE(read && read->warnings.empty());
        return read->tileset;
    }

    /// The tiles that lead to blocks, by URI.
    static void collect(const ts::Tile& tile, std::map<std::string, ts::Tile>& links) {
        for (const ts::Content& content : tile.contents) {
            if (ts::isExternalTileset(content.uri)) {
                links[content.uri] = tile;
            }
        }
        for (const ts::Tile& child : tile.children) {
            EXPECT_GT(tile.geometricErrorMetres, child.geometricErrorMetres);
            collect(child, links);
        }
    }
    std::map<std::string, ts::Tile> links() const {
        std::map<std::string, ts::Tile> found;
        collect(tileset().root, found);
        return found;
    }

    std::vector<std::string> kinds() const {
        std::vector<std::string> words;
        for (const Loss& loss : top.losses) {
            words.push_back(toWord(loss.kind));
        }
        return words;
    }

    /// The top as the whole city: all of verify's rules hold for it and what it leads to.
    void expectSound() const {
        const auto report = verify::verifyOutput(asCity());
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_EQ(report->errors, 0U) << verify::toText(*report);
    }
    fs::path asCity() const {
        ts::Tileset city;
        city.root.boundingVolume = top.boxEcef;
        city.root.geometricErrorMetres = 2.0 * top.geometricErrorMetres;
        city.geometricErrorMetres = city.root.geometricErrorMetres;
        ts::Tile child;
        child.boundingVolume = top.boxEcef;
        child.geometricErrorMetres = top.geometricErrorMetres;
        child.contents.push_back({.uri = "Top/tileset.json"});
        city.root.children.push_back(child);
        EXPECT_TRUE(tiles3d::base::writeFile(folder / "out/tileset.json", *ts::toJson(city)));
        return folder / "out";
    }

    job::TemporaryFolder folder;
    sources::OsgbRuntime runtime;
    scan::Production production;
    std::optional<tiles3d::crs::Transform> transform;
    BlockTask task;
    BlockResult top;
};

TEST_F(TopConversion, leavesLeadToTheBlocks) {
    convert({});
    EXPECT_TRUE(top.hasTiles);
    EXPECT_TRUE(top.losses.empty());
    EXPECT_TRUE(top.unlinked.empty());
    EXPECT_EQ(top.convertedFiles, 2U);
    EXPECT_EQ(top.inputFiles, 2U);
    EXPECT_EQ(top.contents, 5U);
    EXPECT_EQ(top.tiles, 5U); // as verify counts: links are the blocks' own roots
    EXPECT_NEAR(top.geometricErrorMetres, 256.0, 1e-3);
    const auto found = links();
    ASSERT_EQ(found.size(), 4U);
    for (const auto& [uri, tile] : found) {
        EXPECT_NEAR(tile.geometricErrorMetres, 64.0, 1e-3) << uri;
    }
    expectSound();
}

TEST_F(TopConversion, boxesContainTheBlocks) {
    convert({});
    const ts::Tileset read = tileset();
    const auto found = links();
    for (const BlockLink& link : task.links) {
        const ts::Tile& tile = found.at(link.tileset.string());
        const ts::BoundingVolume leaf =
            ts::transformed(tile.boundingVolume, read.root.transform * tile.transform);
        const ts::BoundingVolume root =
            ts::transformed(read.root.boundingVolume, read.root.transform);
        for (int corner = 0; corner < 8; ++corner) {
            const glm::dvec3 sign(corner & 1 ? 1 : -1, corner & 2 ? 1 : -1, corner & 4 ? 1 : -1);
            const glm::dvec3 point = link.boxEcef.centre + link.boxEcef.halfAxes * sign;
            EXPECT_LT(ts::excess(leaf, point), 1e-6);
            EXPECT_LT(ts::excess(root, point), 1e-6);
            EXPECT_LT(ts::excess(top.boxEcef, point), 1e-6);
        }
    }
}

TEST_F(TopConversion, oneFileAboveDjiBlocks) {
    convert({.layout = TopLayout::Dji});
    EXPECT_TRUE(top.losses.empty());
    EXPECT_TRUE(top.unlinked.empty());
    EXPECT_EQ(top.convertedFiles, 1U);
    EXPECT_EQ(top.inputFiles, 1U); // the blocks' files are not its own
    EXPECT_EQ(links().size(), 4U);
    expectSound();
}

TEST_F(TopConversion, withoutGeometryItIsOfNoUse) {
    convert({.layout = TopLayout::BareRoot});
    EXPECT_FALSE(top.hasTiles);
    EXPECT_FALSE(fs::exists(task.output));
    EXPECT_EQ(top.unlinked, (std::vector<std::size_t>{0, 1, 2, 3}));
    EXPECT_EQ(kinds(), std::vector<std::string>{"empty"}); // its file, not the blocks
}

TEST_F(TopConversion, namesThatLeadOutAreRefused) {
    convert({.flaw = TopFlaw::LeadsOut});
    EXPECT_EQ(kinds(), std::vector<std::string>{"unreadable"});
    EXPECT_EQ(top.unlinked, std::vector<std::size_t>{3});
    EXPECT_EQ(links().size(), 3U);
    expectSound();
}

TEST_F(TopConversion, blocksAreNotEnteredBelowTheirRoot) {
    convert({.flaw = TopFlaw::NamesInside});
    EXPECT_EQ(kinds(), std::vector<std::string>{"unreadable"});
    EXPECT_EQ(top.unlinked, std::vector<std::size_t>{3});
    expectSound();
}

TEST_F(TopConversion, circlesEnd) {
    convert({.flaw = TopFlaw::Cyclic});
    EXPECT_EQ(kinds(), std::vector<std::string>{"cycle"});
    EXPECT_EQ(top.unlinked, std::vector<std::size_t>{3});
    expectSound();
}

TEST_F(TopConversion, aBlockIsLinkedOnce) {
    convert({.flaw = TopFlaw::NamesTwice});
    EXPECT_EQ(kinds(), std::vector<std::string>{"cycle"});
    EXPECT_EQ(top.unlinked, std::vector<std::size_t>{3});
    EXPECT_EQ(links().size(), 3U);
    expectSound();
}

TEST_F(TopConversion, aBlockThatIsNotNamedIsReported) {
    convert({.flaw = TopFlaw::SkipsOne});
    EXPECT_TRUE(top.losses.empty());
    EXPECT_EQ(top.unlinked, std::vector<std::size_t>{3});
    expectSound();
}

TEST_F(TopConversion, namesByAnotherMachinesPathAreUnderstood) {
    convert({.flaw = TopFlaw::OtherBasePath});
    EXPECT_TRUE(top.losses.empty());
    EXPECT_TRUE(top.unlinked.empty());
    EXPECT_EQ(links().size(), 4U);
}

TEST_F(TopConversion, errorsGiveWayAboveTheBlocks) {
    convert({.flaw = TopFlaw::FineRanges});
    EXPECT_TRUE(top.losses.empty());
    for (const auto& [uri, tile] : links()) { // links() checks that errors fall
        EXPECT_NEAR(tile.geometricErrorMetres, 64.0, 1e-3) << uri;
    }
    EXPECT_EQ(top.irregularities.at("range not coarser than its blocks': error raised"), 4U);
    expectSound();
}

TEST_F(TopConversion, whereABlockIsLostTheTopStays) {
    convert({}, "Tile_B");
    EXPECT_EQ(kinds(), std::vector<std::string>{"missing"});
    EXPECT_TRUE(top.unlinked.empty()); // it has nothing that could hang elsewhere
    EXPECT_EQ(links().size(), 3U);
    EXPECT_EQ(top.contents, 5U);
    expectSound();
}

TEST_F(TopConversion, severalRootsNeedNoFileAboveThem) {
    ASSERT_TRUE(sample::writeToppedDelivery(folder / "delivery"));
    convert({});
    fs::rename(folder / "delivery/Data/Top/Top.osgb", folder / "delivery/Data/Top/Top_L12_0.osgb");
    top = must(convertTop(task, runtime, *transform, {}));
    EXPECT_TRUE(top.losses.empty());
    EXPECT_EQ(top.convertedFiles, 2U);
    EXPECT_EQ(links().size(), 4U);
    expectSound();
}

TEST_F(TopConversion, sameBytesOnAnyNumberOfThreads) {
    convert({});
    const auto before = *tiles3d::base::readTextFile(folder / "out/Top/tileset.json");
    EXPECT_EQ(must(convertTop(task, runtime, *transform, {})).tiles, top.tiles);
    EXPECT_EQ(*tiles3d::base::readTextFile(folder / "out/Top/tileset.json"), before);
}

/// What a camera straight above the south-western block draws once everything is loaded.
std::set<std::string> drawnFrom(const select::SelectionTree& tree, double heightMetres) {
    const glm::dmat4 toEcef = tree.nodes().front().toEcef;
    const select::ViewState view{.positionEcef = toEcef * glm::dvec4(-50.0, -50.0, heightMetres, 1),
                                 .direction = -glm::dvec3(toEcef[2]),
                                 .up = glm::dvec3(toEcef[1])};
    const std::vector<select::ContentState> state(tree.nodes().size(), select::ContentState::Ready);
    const auto selection = select::select(tree, {view}, state);
    EXPECT_TRUE(selection.isComplete);
    std::set<std::string> uris;
    for (const std::size_t node : selection.render) {
        uris.insert(tree.nodes()[node].contentUris.front());
    }
    return uris;
}

TEST_F(TopConversion, clientsGoFromTheTopToTheBlocks) {
    convert({});
    select::SelectionTree tree(tileset(), "Top/tileset.json");
    for (std::size_t node = 0; node < tree.nodes().size(); ++node) {
        const std::string uri = tree.nodes()[node].externalUri;
        if (!uri.empty()) {
            tree.attach(
                node, ts::readTileset(*tiles3d::base::readTextFile(folder / "out" / uri))->tileset);
        }
    }
    EXPECT_TRUE(tree.warnings().empty());
    EXPECT_EQ(drawnFrom(tree, 50000.0), std::set<std::string>{"Top/Data/Top/Top.0.glb"});
    const std::set<std::string> above = drawnFrom(tree, 7000.0);
    EXPECT_EQ(above.size(), 4U);
    EXPECT_TRUE(above.contains("Top/Data/Top/Top_L13_0.3.glb"));
    const std::set<std::string> near = drawnFrom(tree, 60.0);
    EXPECT_TRUE(near.contains("Tile_A/Tile_A_L16_0u0.0.glb"));
    EXPECT_TRUE(
        std::ranges::none_of(near, [](const std::string& uri) { return uri.starts_with("Top/"); }));
}

TEST_F(TopConversion, aPieceAsWideAsTheCityCanBePlaced) {
    convert({});
    constexpr double kHalfMetres = 13000.0;
    const glm::dvec3 half(kHalfMetres, kHalfMetres, 100.0);
    const auto frame =
        BlockFrame::create(*transform, {production.origin - half, production.origin + half});
    ASSERT_TRUE(frame);
    const auto fit = (*frame)->fitFor({production.origin - half, production.origin + half});
    ASSERT_TRUE(fit) << fit.error().message;
    EXPECT_LT((*frame)->residualMetres(), 0.052);
}

TEST_F(TopConversion, theResultSurvivesItsJson) {
    convert({.flaw = TopFlaw::SkipsOne});
    EXPECT_EQ(blockResultFrom(toJson(top)).unlinked, top.unlinked);
}

} // namespace
} // namespace pipeline::oblique
