#pragma once

#include "pipeline/oblique/block_frame.h"

#include <gtest/gtest.h>

namespace pipeline::oblique {

/// EPSG:4548 with ellipsoidal heights: Xiamen.
inline tiles3d::crs::Transform xiamen() {
    tiles3d::crs::SourceCrs crs;
    crs.horizontal = tiles3d::crs::ProjectedCrs{"EPSG:4548"};
    auto transform = tiles3d::crs::Transform::create(crs, tiles3d::crs::EllipsoidalHeights{});
    EXPECT_TRUE(transform) << transform.error().message;
    return *std::move(transform);
}

inline constexpr glm::dvec3 kSourceOrigin{610400.0, 2705000.0, 0.0};

} // namespace pipeline::oblique
