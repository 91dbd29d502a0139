#include "pipeline/verify/verify.h"

#include "pipeline/emit/emit.h"
#include "tiles3d/base/file.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/tileset/tileset_io.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>

namespace pipeline::verify {
namespace {

namespace fs = std::filesystem;
namespace ts = tiles3d::tileset;
namespace gltf = tiles3d::gltf;
using tiles3d::geo::Angle;

/// A square roof of two triangles, `halfMetres` each way round the middle of the frame.
gltf::Model roof(float halfMetres) {
    tiles3d::image::Raster pixels{.width = 8, .height = 8, .channels = 3, .pixels = {}};
    pixels.pixels.resize(std::size_t{8} * 8 * 3, std::byte{90});
    gltf::Model model;
    model.images.push_back(*tiles3d::image::encode(pixels));
    model.materials.push_back({.name = "roof", .image = 0});
    gltf::Primitive primitive;
    primitive.mesh.positions = {{-halfMetres, -halfMetres, 10.0F},
                                {halfMetres, -halfMetres, 10.0F},
                                {halfMetres, halfMetres, 12.0F},
                                {-halfMetres, halfMetres, 12.0F}};
    primitive.mesh.uvs = {{0.0F, 1.0F}, {1.0F, 1.0F}, {1.0F, 0.0F}, {0.0F, 0.0F}};
    primitive.mesh.indices = {0, 1, 2, 0, 2, 3};
    model.primitives.push_back(std::move(primitive));
    return model;
}

ts::Box box(double halfMetres) {
    return ts::boxAround(
        {glm::dvec3(-halfMetres, -halfMetres, 10.0), glm::dvec3(halfMetres, halfMetres, 12.0)});
}

/// A city of one block with two levels: what each test breaks once.
class Verify : public testing::Test {
protected:
    void SetUp() override {
        const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
        out = fs::temp_directory_path() / ("city3d 验证 " + name);
        fs::remove_all(out);
        fs::create_directories(out / "oblique" / "A");
        write("oblique/A/root.glb", 50.0F);
        write("oblique/A/leaf.glb", 50.0F);
        block.root.boundingVolume = box(50.0);
        block.root.transform = frame.toEcefMatrix();
        block.root.geometricErrorMetres = 8.0;
        block.root.contents.push_back({.uri = "root.glb"});
        ts::Tile leaf;
        leaf.boundingVolume = box(50.0);
        leaf.contents.push_back({.uri = "leaf.glb"});
        block.root.children.push_back(leaf);
        block.geometricErrorMetres = 8.0;
    }
    void TearDown() override { fs::remove_all(out); }

    void write(const std::string& file, float halfMetres) {
        const auto glb = gltf::writeGlb(roof(halfMetres), {.codec = gltf::GeometryCodec::Plain});
        ASSERT_TRUE(glb) << glb.error().message;
        ASSERT_TRUE(tiles3d::base::writeFile(out / file, *glb));
    }

    void writeText(const std::string& file, const std::string& text) {
        ASSERT_TRUE(tiles3d::base::writeFile(out / file, std::string_view(text)));
    }

    std::string blockText() {
        const auto json = ts::toJson(block);
        EXPECT_TRUE(json) << json.error().message;
        return *json;
    }

    void emitCity() {
        const auto boxEcef =
            std::get<ts::Box>(ts::transformed(block.root.boundingVolume, block.root.transform));
        const auto emitted = emit::emitTileset(
            {.frame = tiles3d::geo::EnuFrame(tiles3d::geo::Cartographic{}),
             .parts = {{.file = "oblique/A/tileset.json",
                        .boxEcef = boxEcef,
                        .geometricErrorMetres = block.root.geometricErrorMetres}}},
            out);
        ASSERT_TRUE(emitted) << emitted.error().message;
    }

    void writeAll() {
        writeText("oblique/A/tileset.json", blockText());
        emitCity();
    }

    /// The block's text with the first `what` replaced.
    void writeBlockWith(const std::string& what, const std::string& with) {
        std::string text = blockText();
        const std::size_t at = text.find(what);
        ASSERT_NE(at, std::string::npos) << what << " in " << text;
        writeText("oblique/A/tileset.json", text.replace(at, what.size(), with));
        emitCity();
    }

    VerifyReport report(VerifyOptions options = {}) {
        if (!options.expected) {
            options.expected = ExpectedTotals{
                .tiles = 2, .contents = 2, .triangles = 4, .contentBytes = contentBytes()};
        }
        const auto verified = verifyOutput(out, options);
        EXPECT_TRUE(verified) << verified.error().message;
        return *verified;
    }

    std::uint64_t contentBytes() const {
        std::uint64_t sum = 0;
        for (const auto& entry : fs::recursive_directory_iterator(out)) {
            sum += entry.path().extension() == ".glb" ? fs::file_size(entry.path()) : 0;
        }
        return sum;
    }

    std::uint64_t sizeOf(const std::string& file) const { return fs::file_size(out / file); }

    /// The one error of the city says `words`.
    void expectOneError(const std::string& words) {
        const VerifyReport found = report();
        EXPECT_EQ(found.errors, 1U) << toText(found);
        expectError(found, words);
    }

    /// An error says `words`; others may follow from it.
    static void expectError(const VerifyReport& found, const std::string& words) {
        const bool isThere = std::ranges::any_of(found.findings, [&](const Finding& finding) {
            return finding.severity == Severity::Error &&
                   finding.message.find(words) != std::string::npos;
        });
        EXPECT_TRUE(isThere) << words << " not in:\n" << toText(found);
    }

    fs::path out;
    tiles3d::geo::EnuFrame frame{{Angle::degrees(118.1), Angle::degrees(24.5), 10.0}};
    ts::Tileset block;
};

TEST_F(Verify, ASoundCityHasNoFindings) {
    writeAll();
    const VerifyReport found = report();
    EXPECT_TRUE(found.findings.empty()) << toText(found);
    EXPECT_FALSE(found.hasErrors());
    EXPECT_EQ(found.totals.tilesets, 2U);
    EXPECT_EQ(found.totals.tiles, 2U);
    EXPECT_EQ(found.totals.contents, 2U);
    EXPECT_EQ(found.totals.triangles, 4U);
    EXPECT_EQ(found.totals.images, 2U);
    EXPECT_EQ(found.totals.contentBytes, contentBytes());
    EXPECT_NE(toText(found).find("0 errors"), std::string::npos);
    EXPECT_EQ(toJson(found)["errors"].integerOr(-1), 0);
}

TEST_F(Verify, WithoutALedgerThatIsSaid) {
    writeAll();
    const auto found = verifyOutput(out);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->errors, 0U);
    EXPECT_EQ(found->warnings, 1U) << toText(*found);
}

TEST_F(Verify, NoCityFails) {
    EXPECT_FALSE(verifyOutput(out));
    EXPECT_FALSE(verifyOutput(out / "nowhere"));
}

TEST_F(Verify, AMissingContent) {
    writeAll();
    fs::remove(out / "oblique/A/leaf.glb");
    const VerifyReport found = report({.expected = ExpectedTotals{2, 1, 2, contentBytes()}});
    EXPECT_EQ(found.errors, 1U) << toText(found);
    ASSERT_FALSE(found.findings.empty());
    EXPECT_EQ(found.findings.front().file, "oblique/A/leaf.glb");
    EXPECT_EQ(found.findings.front().where, "root/children[0]");
}

TEST_F(Verify, ATruncatedContent) {
    writeAll();
    fs::resize_file(out / "oblique/A/leaf.glb", fs::file_size(out / "oblique/A/leaf.glb") / 2);
    expectError(report(), "leaf.glb");
}

/// With a texture of enough bytes to damage.
gltf::Model noisyRoof() {
    gltf::Model model = roof(50.0F);
    tiles3d::image::Raster pixels{.width = 64, .height = 64, .channels = 3, .pixels = {}};
    for (std::size_t i = 0; i < 64UL * 64 * 3; ++i) {
        pixels.pixels.push_back(static_cast<std::byte>(i * i % 251));
    }
    model.images.front() = *tiles3d::image::encode(pixels);
    return model;
}

TEST_F(Verify, ABrokenImage) {
    gltf::Model model = noisyRoof();
    auto& bytes = model.images.front().bytes;
    bytes.resize(bytes.size() / 2);
    ASSERT_TRUE(tiles3d::base::writeFile(
        out / "oblique/A/leaf.glb", *gltf::writeGlb(model, {.codec = gltf::GeometryCodec::Plain})));
    writeAll();
    const VerifyReport found = report();
    EXPECT_EQ(found.errors, 1U) << toText(found);
}

TEST_F(Verify, AFlawInTheSourcesPixels) {
    gltf::Model model = noisyRoof();
    auto& bytes = model.images.front().bytes;
    std::fill(bytes.end() - 200, bytes.end() - 100, std::byte{0x55}); // the end mark stays
    ASSERT_TRUE(tiles3d::base::writeFile(
        out / "oblique/A/leaf.glb", *gltf::writeGlb(model, {.codec = gltf::GeometryCodec::Plain})));
    writeAll();
    const VerifyReport found = report();
    EXPECT_EQ(found.errors, 0U) << toText(found);
    EXPECT_EQ(found.warnings, 1U) << toText(found);
}

TEST_F(Verify, AVertexOutsideOfItsTile) {
    writeAll();
    write("oblique/A/leaf.glb", 50.01F);
    const VerifyReport found = report();
    expectError(found, "outside of the volume of its tile");
    expectError(found, "outside of the volume 1 levels above");
}

TEST_F(Verify, AVertexWithinTheToleranceIsFine) {
    writeAll();
    write("oblique/A/leaf.glb", 50.0009F);
    EXPECT_EQ(report().errors, 0U);
}

TEST_F(Verify, AVertexOutsideOfItsContentsOwnVolume) {
    block.root.children[0].contents[0].boundingVolume = box(49.0);
    writeAll();
    expectOneError("of its content");
}

TEST_F(Verify, AChildLargerThanItsParent) {
    block.root.children[0].boundingVolume = box(51.0);
    writeAll();
    expectOneError("out of its parent's");
}

TEST_F(Verify, SpheresAndRegionsAreComparedToo) {
    block.root.children[0].boundingVolume = ts::Sphere{glm::dvec3(0.0, 0.0, 11.0), 71.0};
    writeAll();
    expectOneError("out of its parent's");
    const double step = 1e-4;
    block.root.children[0].boundingVolume = ts::Region{Angle::degrees(118.1 - step),
                                                       Angle::degrees(24.5 - step),
                                                       Angle::degrees(118.1 + step),
                                                       Angle::degrees(24.5 + step),
                                                       20.0,
                                                       22.0};
    writeAll();
    // A region of 20 m round the middle holds not all of the roof, but fits into the block.
    expectOneError("outside of the volume of its tile");
}

TEST_F(Verify, AGeometricErrorThatDoesNotFall) {
    block.root.children[0].geometricErrorMetres = 8.0;
    writeAll();
    expectOneError("does not fall");
}

TEST_F(Verify, AGeometricErrorThatRises) {
    writeBlockWith("\"geometricError\":0", "\"geometricError\":9");
    expectOneError("above its parent's");
}

TEST_F(Verify, AGeometricErrorThatHasNothingLeftToFall) {
    block.root.geometricErrorMetres = 0.0; // its leaf would never be refined to
    writeAll();
    expectOneError("does not fall");
}

/// A tileset below a tile that has a piece of its own: two files whose errors must fall.
TEST_F(Verify, AnExternalTilesetBelowATileWithContent) {
    ts::Tileset deeper;
    deeper.root.boundingVolume = box(50.0);
    deeper.root.contents.push_back({.uri = "leaf.glb"});
    ts::Tile& leaf = block.root.children[0];
    leaf.contents[0].uri = "deeper.json";
    leaf.geometricErrorMetres = 2.0;
    leaf.children.push_back({.boundingVolume = box(50.0), .contents = {{.uri = "root.glb"}}});
    for (const double error : {0.0, 2.0, 3.0}) {
        deeper.geometricErrorMetres = error;
        deeper.root.geometricErrorMetres = error;
        writeText("oblique/A/deeper.json", *ts::toJson(deeper));
        writeAll();
        const VerifyReport found = report(
            {.expected = ExpectedTotals{3, 3, 6, contentBytes() + sizeOf("oblique/A/root.glb")}});
        EXPECT_EQ(found.errors, error < 2.0 ? 0U : 1U) << toText(found);
        if (error >= 2.0) {
            expectError(found, "does not fall");
        }
    }
}

TEST_F(Verify, ATilesetErrorBelowItsRoots) {
    writeBlockWith("\"geometricError\":8", "\"geometricError\":1");
    expectError(report(), "geometric");
}

TEST_F(Verify, SchemaBreaches) {
    struct Case {
        const char* what = nullptr;
        const char* with = nullptr;
        const char* words = nullptr;
    };
    for (const Case& breach :
         {Case{"\"refine\":\"REPLACE\",", "", "states no refine"},
          Case{"\"refine\":\"REPLACE\"", "\"refine\":\"replace\"", "neither ADD nor REPLACE"},
          Case{"\"version\":\"1.1\"", "\"version\":\"1.0\"", "not \"1.1\""},
          Case{"\"uri\":\"root.glb\"", "\"url\":\"root.glb\"", "before version 1.0"},
          Case{"\"uri\":\"root.glb\"", "\"uri\":\"./r oot.glb/../root.glb\"", "percent-encoded"},
          Case{"\"geometricError\":0.0",
               "\"geometricError\":0.0,\"children\":[]",
               "children is empty"},
          Case{"\"geometricError\":0.0", "\"geometricError\":\"0\"", "no geometricError"},
          Case{"\"box\":[", "\"box\":[1,", "boundingVolume"},
          Case{"{", "[", "JSON"}}) {
        writeBlockWith(breach.what, breach.with);
        const VerifyReport found = report();
        EXPECT_TRUE(found.hasErrors()) << breach.with;
        if (std::string(breach.words) != "JSON") {
            expectError(found, breach.words);
        }
    }
}

TEST_F(Verify, AnUnknownMemberOnlyWarns) {
    writeBlockWith("\"refine\"", "\"colour\":1,\"refine\"");
    const VerifyReport found = report();
    EXPECT_EQ(found.errors, 0U) << toText(found);
    EXPECT_EQ(found.warnings, 1U);
}

TEST_F(Verify, UrisThatLeaveTheFolder) {
    for (const char* const uri : {"../../../outside.glb",
                                  "/etc/passwd",
                                  "file:///etc/passwd",
                                  "http://example.org/a.glb",
                                  "x/../../../../a.glb",
                                  "%2e%2e/%2e%2e/%2e%2e/a.glb"}) {
        block.root.children[0].contents[0].uri = uri;
        writeAll();
        const VerifyReport found =
            report({.expected = ExpectedTotals{2, 1, 2, contentBytes() / 2}});
        expectError(found, uri);
        fs::remove(out / "oblique/A/tileset.json");
    }
}

TEST_F(Verify, FilesThatNothingPointsAt) {
    writeAll();
    write("oblique/A/old.glb", 50.0F);
    fs::create_directories(out / "models" / "x");
    writeText("models/x/half.glb.part", "x");
    writeText("tileset.json.part", "x");
    const VerifyReport found =
        report({.expected = ExpectedTotals{2, 2, 4, contentBytes() / 3 * 2}});
    EXPECT_EQ(found.errors, 3U) << toText(found);
    expectError(found, "no tile points at this file");
    expectError(found, "unfinished");
}

TEST_F(Verify, UnfinishedFilesAnywhereButNotTheUsersOwn) {
    writeAll();
    fs::create_directories(out / "logs" / "deep");
    writeText("logs/deep/run.txt", "kept");
    EXPECT_EQ(report().errors, 0U);
    writeText("logs/deep/run.txt.part", "x");
    expectOneError("unfinished");
}

TEST_F(Verify, ALinkOutOfTheFolder) {
    writeAll();
    const fs::path outside = fs::temp_directory_path() / "city3d verify outside.glb";
    fs::copy_file(out / "oblique/A/leaf.glb", outside, fs::copy_options::overwrite_existing);
    const std::uint64_t leafBytes = sizeOf("oblique/A/leaf.glb");
    fs::remove(out / "oblique/A/leaf.glb");
    fs::create_symlink(outside, out / "oblique/A/leaf.glb");
    const VerifyReport found =
        report({.expected = ExpectedTotals{2, 1, 2, contentBytes() - leafBytes}});
    expectError(found, "link out of the city's folder");
    // A link to the whole city is fine.
    const fs::path link = fs::temp_directory_path() / "city3d verify link";
    fs::remove(link);
    fs::remove(out / "oblique/A/leaf.glb");
    fs::copy_file(outside, out / "oblique/A/leaf.glb");
    fs::create_directory_symlink(out, link);
    const auto linked = verifyOutput(link);
    ASSERT_TRUE(linked);
    EXPECT_EQ(linked->errors, 0U) << toText(*linked);
    fs::remove(link);
    fs::remove(outside);
}

TEST_F(Verify, WarningsDoNotCrowdOutErrors) {
    block.root.children[0].contents[0].uri = "missing.glb";
    std::string text;
    for (int i = 0; i < 50; ++i) {
        text += "\"unknown" + std::to_string(i) + "\":1,";
    }
    writeBlockWith("\"refine\"", text + "\"refine\"");
    const VerifyReport found = report(
        {.expected = ExpectedTotals{2, 1, 2, sizeOf("oblique/A/root.glb")}, .maxFindings = 4});
    EXPECT_EQ(found.warnings, 50U);
    EXPECT_EQ(found.errors, 2U) << toText(found); // the missing file, and leaf.glb is left over
    ASSERT_EQ(found.findings.size(), 4U);
    EXPECT_EQ(found.findings[0].severity, Severity::Error);
    EXPECT_EQ(found.findings[1].severity, Severity::Error);
    EXPECT_EQ(found.findings[2].severity, Severity::Warning);
}

TEST_F(Verify, ATilesetThatPointsAtItself) {
    block.root.children[0].contents[0].uri = "tileset.json";
    writeAll();
    expectError(report(), "points at itself");
    block.root.children[0].contents[0].uri = "../../tileset.json";
    writeAll();
    expectError(report(), "points at itself");
}

TEST_F(Verify, PlacesWhereNoCityIs) {
    block.root.transform = glm::dmat4(1.0);
    writeAll();
    expectError(report(), "from the Earth's centre");
    const tiles3d::geo::EnuFrame nullIsland({Angle::degrees(0.0), Angle::degrees(0.0), 0.0});
    block.root.transform = nullIsland.toEcefMatrix();
    writeAll();
    expectError(report(), "longitude 0, latitude 0");
}

TEST_F(Verify, TotalsThatDoNotReconcile) {
    writeAll();
    const VerifyReport found = report({.expected = ExpectedTotals{3, 2, 5, contentBytes()}});
    EXPECT_EQ(found.errors, 2U) << toText(found);
    expectError(found, "2 tiles, the ledger says 3");
    expectError(found, "4 triangles, the ledger says 5");
}

TEST_F(Verify, DamagedBytesAreFindingsNotCrashes) {
    const std::uint64_t seed = 4711;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    writeAll();
    for (const std::string file : {"oblique/A/tileset.json", "oblique/A/leaf.glb"}) {
        const auto whole = tiles3d::base::readFile(out / file);
        ASSERT_TRUE(whole);
        for (int i = 0; i < 100; ++i) {
            tiles3d::base::Bytes bytes = *whole;
            for (int k = 0; k < 3; ++k) {
                bytes[random() % bytes.size()] = static_cast<std::byte>(random() % 256);
            }
            bytes.resize(i % 4 == 0 ? random() % bytes.size() : bytes.size());
            ASSERT_TRUE(tiles3d::base::writeFile(out / file, bytes));
            const VerifyReport found = report();
            EXPECT_LE(found.totals.contents, 2U);
        }
        ASSERT_TRUE(tiles3d::base::writeFile(out / file, *whole));
    }
}

TEST_F(Verify, TheReportDoesNotDependOnThreads) {
    ts::Tile leaf = block.root.children[0];
    for (int i = 0; i < 40; ++i) {
        leaf.contents[0].uri = "missing" + std::to_string(i) + ".glb";
        block.root.children.push_back(leaf);
    }
    writeAll();
    const std::string one = toText(report({.threads = 1, .maxFindings = 20}));
    const std::string four = toText(report({.threads = 4, .maxFindings = 20}));
    EXPECT_EQ(one, four);
    EXPECT_NE(one.find("and 2"), std::string::npos) << one;
}

} // namespace
} // namespace pipeline::verify
