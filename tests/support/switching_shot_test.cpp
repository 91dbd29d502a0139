#include "tests/support/switching_shot.h"

#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>

namespace tests {
namespace {

using tiles3d::geo::Angle;

/// A box of 198 m x 98 m x 40 m (east, north, up) in Xiamen whose error is 32 m: 2 m a pixel.
tiles3d::select::Node boxNode() {
    const tiles3d::geo::EnuFrame frame(
        {.longitude = Angle::degrees(118.1), .latitude = Angle::degrees(24.5)});
    tiles3d::select::Node node;
    node.volumeEcef = tiles3d::tileset::transformed(
        tiles3d::tileset::Box{glm::dvec3(0.0), glm::dmat3(99, 0, 0, 0, 49, 0, 0, 0, 20)},
        frame.toEcefMatrix());
    node.geometricErrorMetres = 32.0;
    return node;
}

TEST(SwitchingShot, isWhereTheSelectionRefines) {
    for (const double pitch : {-90.0, -45.0}) {
        const auto node = boxNode();
        const auto shot = switchingShot(node, Angle::degrees(pitch), 2);
        ASSERT_TRUE(shot) << shot.error().message;
        const auto view = viewer::camera::viewState(shot->pose, shot->lens);
        const double metres = tiles3d::tileset::distanceTo(node.volumeEcef, view.positionEcef);
        // 720 pixels in 60 degrees: 623.54 pixels per radian.
        EXPECT_NEAR(metres, 2.0 * 623.538, 0.01) << pitch;
        EXPECT_NEAR(shot->pose.pitch.degrees(), pitch, 0.02); // the vertical turns on the way
        const double samplesPerRadian =
            shot->lens.heightPixels / 2.0 / std::tan(shot->lens.verticalFovRadians / 2.0);
        EXPECT_NEAR(samplesPerRadian, 2.0 * 623.538, 0.01);
    }
}

TEST(SwitchingShot, pictureHoldsTheBox) {
    const auto shot = switchingShot(boxNode(), Angle::degrees(-90.0), 1);
    ASSERT_TRUE(shot);
    // The box's top: 99 x 49 pixels; 4 more on each side, then the next even number.
    EXPECT_DOUBLE_EQ(shot->lens.widthPixels, 108.0);
    EXPECT_DOUBLE_EQ(shot->lens.heightPixels, 58.0);
}

TEST(SwitchingShot, refusesHugePicturesAndSpheres) {
    auto node = boxNode();
    node.geometricErrorMetres = 0.5;
    EXPECT_FALSE(switchingShot(node, Angle::degrees(-90.0), 1));
    node.volumeEcef = tiles3d::tileset::Sphere{glm::dvec3(0.0), 10.0};
    EXPECT_FALSE(switchingShot(node, Angle::degrees(-90.0), 1));
}

} // namespace
} // namespace tests
