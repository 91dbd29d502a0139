#include "pipeline/scan/city_project.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

namespace pipeline::scan {
namespace {

using tiles3d::base::Result;

class Project : public testing::Test {
protected:
    Result<CityProject> read(std::string_view json) const {
        EXPECT_TRUE(tiles3d::base::writeFile(folder / "city.json", json));
        return readProject(folder / "city.json");
    }
    job::TemporaryFolder folder;
};

TEST_F(Project, readsTheWholeOfIt) {
    const auto project = read(R"({"name": "厦门", "plane_crs": "EPSG:4548",
        "vertical": {"datum": "EPSG:5773", "geoid": "egm96_15.gtx"},
        "oblique": ["a", {"path": "b c", "vintage": "2024-03", "srs": "EPSG:4547",
                          "origin": "1,2,3", "height_datum": -4.5}],
        "layers": [{"path": "x.shp"}],
        "output": {"geometry": "meshopt", "texture": "webp"}})");
    ASSERT_TRUE(project) << project.error().message;
    EXPECT_EQ(project->name, "厦门");
    EXPECT_EQ(project->heightDatum, "egm96_15.gtx");
    ASSERT_EQ(project->oblique.size(), 2U);
    EXPECT_EQ(project->oblique[0].path, folder / "a");
    EXPECT_EQ(project->oblique[1].path, folder / "b c");
    EXPECT_EQ(project->oblique[1].srs, "EPSG:4547");
    EXPECT_EQ(project->oblique[1].heightDatum, "-4.5");
    EXPECT_EQ(project->output.geometry, Geometry::Meshopt);
    EXPECT_EQ(project->output.texture, TextureCodec::Webp);
    EXPECT_TRUE(project->text.has("layers")) << "kept for other stages";
}

TEST_F(Project, layersAreFilesFoldersAndConnections) {
    const auto project =
        read(R"({"layers": ["控规", {"path": "../x.shp", "category": "control/green",
        "crs": "EPSG:4490", "gcj02": true, "vintage": "2024-03", "layers": "gh_*"},
        {"path": "PG:host=db dbname=plans"}]})");
    ASSERT_TRUE(project) << project.error().message;
    ASSERT_EQ(project->layers.size(), 3U);
    EXPECT_EQ(project->layers[0].path, (folder / "控规").string());
    EXPECT_EQ(project->layers[1].path, (folder / "../x.shp").lexically_normal().string());
    EXPECT_EQ(project->layers[1].category, "control/green");
    EXPECT_EQ(project->layers[1].layers, "gh_*");
    EXPECT_TRUE(project->layers[1].isGcj02);
    EXPECT_EQ(project->layers[2].path, "PG:host=db dbname=plans");
    EXPECT_FALSE(read(R"({"layers": [{"category": "x"}]})"));
    EXPECT_FALSE(read(R"({"layers": [{"path": "x", "gcj02": "yes"}]})"));
    EXPECT_FALSE(read(R"({"layers": "x"})"));
}

TEST_F(Project, heightsAreNeverGuessed) {
    EXPECT_FALSE(read(R"({"oblique": ["a"]})")->heightDatum);
    EXPECT_EQ(read(R"({"vertical": {"datum": "EPSG:5773"}})")->heightDatum, "egm96");
    EXPECT_EQ(read(R"({"vertical": {"datum": "EPSG:4979"}})")->heightDatum, "ellipsoidal");
    EXPECT_EQ(read(R"({"vertical": {"offset": 10.25}})")->heightDatum, "10.25");
}

TEST_F(Project, mistakesNameTheMember) {
    const auto refusal = [this](std::string_view json) {
        const auto project = read(json);
        return project ? "accepted" : project.error().message;
    };
    EXPECT_NE(refusal("[]").find("object"), std::string::npos);
    EXPECT_NE(refusal("{").find("city.json"), std::string::npos);
    EXPECT_NE(refusal(R"({"oblique": [{"vintage": "2024"}]})").find("path"), std::string::npos);
    EXPECT_NE(refusal(R"({"output": {"geometry": "zip"}})").find("draco"), std::string::npos);
    EXPECT_NE(refusal(R"({"output": {"texture": "gif"}})").find("keep"), std::string::npos);
    EXPECT_FALSE(readProject(folder / "gone.json"));
}

TEST_F(Project, aBareFolderIsAProject) {
    for (const std::filesystem::path& path : {folder / "d", folder / "d/", folder / "x/../d"}) {
        const CityProject project = projectForDelivery(path);
        EXPECT_EQ(project.name, "d");
        EXPECT_EQ(project.oblique.front().path, folder / "d");
    }
}

TEST(Words, goThereAndBack) {
    for (const auto geometry :
         {Geometry::Draco, Geometry::Meshopt, Geometry::Quantized, Geometry::Plain}) {
        EXPECT_EQ(parseGeometry(toWord(geometry)), geometry);
    }
    for (const auto texture : {TextureCodec::Keep, TextureCodec::Jpeg, TextureCodec::Webp}) {
        EXPECT_EQ(parseTexture(toWord(texture)), texture);
    }
    EXPECT_FALSE(parseGeometry("Draco"));
    EXPECT_FALSE(parseTexture(""));
}

} // namespace
} // namespace pipeline::scan
