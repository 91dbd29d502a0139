#include "pipeline/verify/globe_check.h"

#include "tiles3d/base/file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <string>

namespace pipeline::verify {
namespace {

namespace fs = std::filesystem;
using tiles3d::base::Bytes;

/// A tile of one triangle: header, 3 vertices of 3 numbers, 1 triangle of 3 indices.
Bytes oneTriangle() {
    Bytes bytes(88 + 4 + 18 + 4 + 6);
    const std::uint32_t vertices = 3;
    const std::uint32_t triangles = 1;
    std::memcpy(&bytes[88], &vertices, sizeof(vertices));
    std::memcpy(&bytes[88 + 4 + 18], &triangles, sizeof(triangles));
    return bytes;
}

class GlobeCheck : public testing::Test {
protected:
    void SetUp() override {
        out = fs::temp_directory_path() / ("city3d_globe" + std::to_string(::getpid()));
        writeLayer(R"([[{"startX":0,"startY":0,"endX":1,"endY":0}]])");
        write("0/0/0.terrain", oneTriangle());
        write("0/1/0.terrain", oneTriangle());
    }
    void TearDown() override { fs::remove_all(out); }

    void write(const std::string& name, const Bytes& bytes) const {
        const fs::path file = out / "terrain/quantized-mesh" / name;
        ASSERT_TRUE(tiles3d::base::makeFolder(file.parent_path()));
        ASSERT_TRUE(tiles3d::base::writeFile(file, bytes));
    }
    void writeLayer(const std::string& available) const {
        const std::string text = R"({"available":)" + available + "}";
        const auto bytes = std::as_bytes(std::span<const char>(text));
        write("layer.json", Bytes(bytes.begin(), bytes.end()));
    }
    std::uint64_t errors() const { return checkGlobe(out, 10).findings.errors(); }

    fs::path out;
};

TEST_F(GlobeCheck, aSoundSetHasNoFindingsAndAllItsFilesAreKnown) {
    const GlobeResult result = checkGlobe(out, 10);
    EXPECT_EQ(result.findings.errors(), 0U);
    EXPECT_EQ(result.files.size(), 3U);
}

TEST_F(GlobeCheck, aCityWithoutOneHasNothingToCheck) {
    fs::remove_all(out / "terrain");
    EXPECT_TRUE(checkGlobe(out, 10).files.empty());
}

TEST_F(GlobeCheck, aMissingOrShortTileIsFound) {
    fs::remove(out / "terrain/quantized-mesh/0/1/0.terrain");
    EXPECT_EQ(errors(), 1U);
    write("0/1/0.terrain", Bytes(50));
    EXPECT_EQ(errors(), 1U);
    Bytes cut = oneTriangle();
    cut.pop_back();
    write("0/1/0.terrain", cut);
    EXPECT_EQ(errors(), 1U);
    Bytes many = oneTriangle();
    const std::uint32_t huge = 0xFFFFFFFF;
    std::memcpy(&many[88], &huge, sizeof(huge));
    write("0/1/0.terrain", many);
    EXPECT_EQ(errors(), 1U);
}

TEST_F(GlobeCheck, nonsenseInLayerJsonIsFound) {
    writeLayer(R"([[{"startX":0,"startY":0,"endX":0,"endY":0}]])");
    EXPECT_EQ(errors(), 1U) << "one of two roots";
    for (const char* range : {R"({"startX":-1,"startY":0,"endX":1,"endY":0})",
                              R"({"startX":2,"startY":0,"endX":1,"endY":0})",
                              R"({"startX":0,"startY":0,"endX":2000000000,"endY":2000000000})",
                              R"("all")"}) {
        writeLayer(R"([[{"startX":0,"startY":0,"endX":1,"endY":0}],[)" + std::string(range) + "]]");
        EXPECT_EQ(errors(), 1U) << range;
    }
    write("layer.json", Bytes(3));
    EXPECT_EQ(errors(), 1U);
}

} // namespace
} // namespace pipeline::verify
