#include "viewer/overlay/label_set.h"

#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/vector_writer.h"
#include "tests/support/must.h"
#include "tests/support/temporary_folder.h"

#include <glm/gtc/matrix_transform.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <thread>

namespace viewer::overlay {
namespace {

namespace planning = pipeline::planning;
namespace geo = tiles3d::geo;
using planning::style::LayerStyle;
using tests::must;

const glm::dvec2 kOrigin(610000.0, 2705000.0); // EPSG:4548
constexpr double kGround = 12.0;
constexpr double kPicture = 800.0;

/// Straight down from above, north up, in the frame's reversed depth.
LabelView viewFrom(double heightMetres) {
    constexpr double kNear = 0.5;
    glm::dmat4 clipFromEye(0.0); // 90 degrees
    clipFromEye[0][0] = 1.0;
    clipFromEye[1][1] = 1.0;
    clipFromEye[2][3] = -1.0;
    clipFromEye[3][2] = kNear;
    const glm::dvec3 eye(0.0, 0.0, heightMetres);
    LabelView view;
    view.eye = eye;
    view.clipFromScene = clipFromEye * glm::lookAt(eye, glm::dvec3(0.0), glm::dvec3(0.0, 1.0, 0.0));
    view.picturePixels = glm::dvec2(kPicture);
    view.partPixels = view.picturePixels;
    view.metresPerPixelAtOne = 2.0 / kPicture;
    return view;
}

/// A parcel of 100 m round the scene's origin, and a school 60 m east of it.
class LabelSetTest : public testing::Test {
protected:
    LabelSetTest() {
        planning::VectorLayer parcels{.name = "parcels", .crs = "EPSG:4548"};
        parcels.fields = {{"MC"}};
        const auto corner = [](double x, double y) { return kOrigin + 50.0 * glm::dvec2(x, y); };
        planning::Feature parcel;
        parcel.geometry.polygons.push_back(
            {{corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)}, {}});
        parcel.values = {std::string("公园绿地")};
        parcels.features = {parcel};
        planning::VectorLayer schools{
            .name = "schools", .crs = "EPSG:4548", .kind = planning::GeometryKind::Point};
        schools.fields = {{"MC"}};
        planning::Feature school;
        school.geometry.points = {kOrigin + glm::dvec2(60.0, 0.0)};
        school.values = {std::string("第一小学")};
        schools.features = {school};
        EXPECT_TRUE(planning::writeGeoPackage(folder.path() / "a.gpkg", {parcels, schools}));
        store = must(planning::LayerStore::open({folder.path() / "a.gpkg"}));
        const auto crs = must(tiles3d::crs::understandSrs("EPSG:4548", true));
        const auto plane =
            must(tiles3d::crs::Transform::create(crs, tiles3d::crs::EllipsoidalHeights{}));
        labels.emplace(store, geo::EnuFrame(must(plane.toCartographic({kOrigin, 0.0}))), 1.0);
        LayerStyle style;
        style.labelField = "MC";
        shared = std::make_shared<const LayerStyle>(style);
        surface = {.height =
                       [this](const geo::Cartographic&) {
                           ++questions;
                           return height;
                       },
                   .isSeen = [this](const glm::dvec3&,
                                    const glm::dvec3& point) { return !hides || !hides(point); }};
    }

    /// Steps until nothing is left to do.
    void settle(const LabelView& view) {
        labels->step(view, surface);
        for (int i = 0; i < 2000 && !labels->isSettled(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            labels->step(view, surface);
        }
        EXPECT_TRUE(labels->isSettled());
    }
    void showBoth() { labels->setLayers({{0, shared, nullptr}, {1, shared, nullptr}}); }

    planning::GdalRuntime gdal;
    tests::TemporaryFolder folder;
    std::shared_ptr<const planning::LayerStore> store;
    std::shared_ptr<const LayerStyle> shared;
    std::optional<LabelSet> labels;
    LabelSurface surface;
    std::optional<double> height = kGround;
    std::function<bool(const glm::dvec3&)> hides;
    int questions = 0;
};

TEST_F(LabelSetTest, labelsAndPointsOfShownLayersAreDrawn) {
    settle(viewFrom(300.0));
    EXPECT_EQ(labels->drawnLabels(), 0U);
    showBoth();
    EXPECT_FALSE(labels->isSettled());
    settle(viewFrom(300.0));
    EXPECT_EQ(labels->drawnLabels(), 2U);
    EXPECT_EQ(labels->drawnPoints(), 1U);
    EXPECT_FALSE(labels->step(viewFrom(300.0), surface)); // the same picture
    EXPECT_TRUE(labels->takeMessages().empty());
}

TEST_F(LabelSetTest, aHiddenLayersLabelsGoAtOnce) {
    showBoth();
    settle(viewFrom(300.0));
    labels->setLayers({{0, shared, nullptr}});
    EXPECT_TRUE(labels->step(viewFrom(300.0), surface));
    EXPECT_EQ(labels->drawnLabels(), 1U);
    EXPECT_EQ(labels->drawnPoints(), 0U);
}

TEST_F(LabelSetTest, labelsWithoutRoomAndOutOfScaleAreLeftOut) {
    showBoth();
    settle(viewFrom(5000.0)); // the parcel is 8 pixels wide
    EXPECT_EQ(labels->drawnLabels(), 1U);
    LayerStyle near = *shared;
    near.mostMetresPerPixel = 1.0;
    labels->setLayers({{1, std::make_shared<const LayerStyle>(near), nullptr}});
    settle(viewFrom(5000.0));
    EXPECT_EQ(labels->drawnLabels(), 0U);
    settle(viewFrom(300.0));
    EXPECT_EQ(labels->drawnLabels(), 1U);
}

TEST_F(LabelSetTest, nothingStandsWhereThereIsNoSurfaceYet) {
    showBoth();
    height.reset();
    settle(viewFrom(300.0));
    EXPECT_EQ(labels->drawnLabels(), 0U);
    height = kGround;
    labels->noteSurfaceChange();
    settle(viewFrom(300.0));
    EXPECT_EQ(labels->drawnLabels(), 2U);
    const int before = questions;
    settle(viewFrom(300.0));
    EXPECT_EQ(questions, before); // heights are asked for once
}

TEST_F(LabelSetTest, aHiddenLabelMovesToASpotThatIsSeen) {
    showBoth();
    hides = [](const glm::dvec3& point) { return point.y < 10.0; };
    settle(viewFrom(300.0));
    EXPECT_EQ(labels->drawnLabels(), 1U); // the parcel's northern spot
    hides = [](const glm::dvec3&) { return true; };
    settle(viewFrom(301.0));
    EXPECT_EQ(labels->drawnLabels(), 0U);
}

TEST(LabelAreas, eachHoldsTheOneBefore) {
    const auto areas = labelAreas(viewFrom(1000.0));
    ASSERT_EQ(areas.size(), 4U);
    EXPECT_NEAR(areas[0].high.x, 1000.0, 100.0);
    for (std::size_t i = 1; i < areas.size(); ++i) {
        EXPECT_LE(areas[i].low.x, areas[i - 1].low.x);
        EXPECT_GE(areas[i].high.y, areas[i - 1].high.y);
    }
}

} // namespace
} // namespace viewer::overlay
