#pragma once

#include "tests/support/tile_painter.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/select/select.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <glm/vec3.hpp>

#include <random>

namespace tests {

/// As many as the environment's variable says, else `usual`: few, for the time.
int cameraCount(const char* variable, int usual);

/// For the selection.
tiles3d::select::ViewState viewOf(const Shot& shot);

/// The direction that a camera looks in, in axes east, north, up.
glm::dvec3 directionOf(double headingRadians, double pitchRadians);

/// Seeded cameras over a city, all above its highest point: from inside a house one looks out
/// through walls that have no back.
class RandomCameras {
public:
    /// `limits` are the city's in `scene`, which outlives the cameras.
    RandomCameras(const tiles3d::geo::EnuFrame& scene,
                  const tiles3d::tileset::Limits& limits,
                  unsigned seed)
        : scene_(scene), limits_(limits), random_(seed) {}

    double between(double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(random_);
    }
    std::mt19937& random() { return random_; }

    /// Looks at some place of the city, straight down to 20 degrees below the horizon, from 30 m to
    /// 3 km above all of it, through a lens of 2 to 60 degrees.
    Shot next();

    /// True if the picture's corners, and so all of it, show ground that far inside the limits: by
    /// rays that pass through both their top and their bottom.
    bool seesOnlyCity(const Shot& shot, double marginMetres) const;

private:
    bool isInside(const glm::dvec3& eye, const glm::dvec3& ray, double marginMetres) const;

    const tiles3d::geo::EnuFrame& scene_;
    tiles3d::tileset::Limits limits_;
    std::mt19937 random_;
};

} // namespace tests
