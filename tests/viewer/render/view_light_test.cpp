#include "viewer/render/view_light.h"

#include "tests/support/must.h"
#include "viewer/render/iso_time.h"
#include "viewer/scene/frame_graph.h"

#include <gtest/gtest.h>

namespace viewer::render {
namespace {

using tiles3d::geo::Angle;

const tiles3d::geo::EnuFrame kXiamen(tiles3d::geo::Cartographic{.longitude = Angle::degrees(118.09),
                                                                .latitude = Angle::degrees(24.44)});

TEST(ViewLight, plainWithoutADate) {
    const scene::FrameLook look = frameLook({.hasHaze = false}, kXiamen);
    EXPECT_EQ(look.light.toSun, scene::SkyLight{}.toSun);
    EXPECT_FALSE(look.shadows);
    EXPECT_FALSE(look.haze);
    EXPECT_TRUE(frameLook({}, kXiamen).haze);
}

TEST(ViewLight, sunOfTheDate) {
    // The afternoon of the summer solstice, a degree north of the tropic: high in the west.
    const auto date = tests::must(parseIsoTime("2026-06-21T15:00+08:00"));
    const scene::FrameLook look = frameLook({.moment = date, .hasShadows = true}, kXiamen);
    EXPECT_TRUE(look.shadows);
    EXPECT_LT(look.light.toSun.x(), -0.5F);
    EXPECT_NEAR(look.light.toSun.length(), 1.0F, 1e-5F);
    EXPECT_GT(look.light.toSun.z(), 0.6F);
}

} // namespace
} // namespace viewer::render
