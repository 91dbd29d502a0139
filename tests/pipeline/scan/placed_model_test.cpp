#include "pipeline/scan/placed_model.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

namespace pipeline::scan {
namespace {

class PlacedModels : public testing::Test {
protected:
    PlacedModels() {
        EXPECT_TRUE(tiles3d::base::writeFile(folder / "a.obj", std::string_view("v 0 0 0\n")));
        project.folder = folder.path();
        project.heightDatum = "ellipsoidal";
        project.models.push_back(
            {.path = folder / "a.obj", .id = "a", .name = "a", .position = {118.1, 24.5, 12.0}});
    }
    job::TemporaryFolder folder;
    CityProject project;
};

TEST_F(PlacedModels, longitudeAndLatitude) {
    project.models[0].headingDegrees = 15.0;
    const auto placed = placeModels(project);
    ASSERT_TRUE(placed) << placed.error().message;
    EXPECT_NEAR(placed->front().position.longitude.degrees(), 118.1, 1e-12);
    EXPECT_NEAR(placed->front().position.latitude.degrees(), 24.5, 1e-12);
    EXPECT_NEAR(placed->front().position.heightMetres, 12.0, 1e-9);
    EXPECT_NEAR(placed->front().heading.degrees(), 15.0, 1e-12);
}

TEST_F(PlacedModels, aPlanesNorthIsNotTrueNorth) {
    // echo "24.5 118.1" | cs2cs -f %.4f EPSG:4490 EPSG:4548   (north, east)
    // echo "118.1 24.5" | proj -VS +proj=tmerc +lon_0=117 +x_0=500000 +ellps=GRS80: Convergence
    project.models[0].position = {611494.7872, 2711113.4497, 12.0};
    project.models[0].crs = "EPSG:4548";
    const auto placed = placeModels(project);
    ASSERT_TRUE(placed) << placed.error().message;
    EXPECT_NEAR(placed->front().position.longitude.degrees(), 118.1, 1e-8);
    EXPECT_NEAR(placed->front().position.latitude.degrees(), 24.5, 1e-8);
    EXPECT_NEAR(placed->front().heading.degrees(), 0.45620976, 1e-5);
}

TEST_F(PlacedModels, heightsFollowTheProjectUnlessTheModelSays) {
    project.heightDatum = "10.0";
    EXPECT_NEAR(placeModels(project)->front().position.heightMetres, 22.0, 1e-6);
    project.models[0].heightDatum = "-2";
    EXPECT_NEAR(placeModels(project)->front().position.heightMetres, 10.0, 1e-6);
    EXPECT_NEAR(placeModels(project, "ellipsoidal")->front().position.heightMetres, 12.0, 1e-6);
}

TEST_F(PlacedModels, nothingIsGuessed) {
    project.heightDatum.reset();
    const auto open = placeModels(project);
    ASSERT_FALSE(open);
    EXPECT_NE(open.error().message.find("height_datum"), std::string::npos);
    EXPECT_NE(open.error().message.find("a.obj"), std::string::npos);
    project.heightDatum = "ellipsoidal";
    project.models[0].position = {24.5, 118.1, 12.0}; // swapped
    EXPECT_FALSE(placeModels(project));
    project.models[0].crs = "EPSG:0";
    EXPECT_FALSE(placeModels(project));
    project.models[0] = {.path = folder / "gone.obj", .position = {118.1, 24.5, 12.0}};
    EXPECT_FALSE(placeModels(project));
}

} // namespace
} // namespace pipeline::scan
