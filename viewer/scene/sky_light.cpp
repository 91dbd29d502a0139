#include "viewer/scene/sky_light.h"

#include <osg/Vec3d>

#include <algorithm>
#include <array>
#include <cmath>

namespace viewer::scene {

namespace {

struct Hour {
    double elevationDegrees = 0.0;
    SkyLight light;
};

/// Chosen by eye; between them colours are mixed.
std::array<Hour, 6> hours() {
    const auto hour = [](double elevation, const SkyLight& light) {
        return Hour{elevation, light};
    };
    return {hour(-18.0,
                 {.sunLight = {0.00F, 0.00F, 0.00F},
                  .skyLight = {0.34F, 0.37F, 0.46F},
                  .groundLight = {0.20F, 0.21F, 0.26F},
                  .zenith = {0.015F, 0.022F, 0.055F},
                  .horizon = {0.060F, 0.075F, 0.125F},
                  .ground = {0.035F, 0.042F, 0.060F}}),
            hour(-6.0,
                 {.sunLight = {0.00F, 0.00F, 0.00F},
                  .skyLight = {0.46F, 0.47F, 0.56F},
                  .groundLight = {0.28F, 0.28F, 0.32F},
                  .zenith = {0.090F, 0.140F, 0.280F},
                  .horizon = {0.400F, 0.345F, 0.380F},
                  .ground = {0.150F, 0.155F, 0.185F},
                  .glow = {0.42F, 0.19F, 0.04F}}),
            hour(0.0,
                 {.sunLight = {0.14F, 0.08F, 0.03F},
                  .skyLight = {0.62F, 0.60F, 0.64F},
                  .groundLight = {0.38F, 0.36F, 0.37F},
                  .zenith = {0.230F, 0.350F, 0.570F},
                  .horizon = {0.800F, 0.660F, 0.560F},
                  .ground = {0.360F, 0.345F, 0.335F},
                  .glow = {0.55F, 0.30F, 0.06F}}),
            hour(8.0,
                 {.sunLight = {0.42F, 0.34F, 0.24F},
                  .skyLight = {0.66F, 0.67F, 0.71F},
                  .groundLight = {0.42F, 0.41F, 0.41F},
                  .zenith = {0.330F, 0.520F, 0.790F},
                  .horizon = {0.860F, 0.830F, 0.780F},
                  .ground = {0.520F, 0.530F, 0.500F},
                  .glow = {0.40F, 0.28F, 0.12F}}),
            hour(25.0,
                 {.sunLight = {0.46F, 0.43F, 0.38F},
                  .skyLight = {0.64F, 0.67F, 0.71F},
                  .groundLight = {0.42F, 0.42F, 0.41F},
                  .zenith = {0.290F, 0.510F, 0.830F},
                  .horizon = {0.780F, 0.860F, 0.930F},
                  .ground = {0.560F, 0.590F, 0.560F},
                  .glow = {0.26F, 0.23F, 0.17F}}),
            hour(60.0,
                 {.sunLight = {0.48F, 0.46F, 0.43F},
                  .skyLight = {0.64F, 0.67F, 0.71F},
                  .groundLight = {0.43F, 0.43F, 0.42F},
                  .zenith = {0.250F, 0.480F, 0.830F},
                  .horizon = {0.770F, 0.860F, 0.940F},
                  .ground = {0.570F, 0.600F, 0.570F},
                  .glow = {0.24F, 0.22F, 0.18F}})};
}

osg::Vec3f mix(const osg::Vec3f& a, const osg::Vec3f& b, float share) {
    return a * (1.0F - share) + b * share;
}

SkyLight mix(const SkyLight& a, const SkyLight& b, float share) {
    return {.sunLight = mix(a.sunLight, b.sunLight, share),
            .skyLight = mix(a.skyLight, b.skyLight, share),
            .groundLight = mix(a.groundLight, b.groundLight, share),
            .zenith = mix(a.zenith, b.zenith, share),
            .horizon = mix(a.horizon, b.horizon, share),
            .ground = mix(a.ground, b.ground, share),
            .glow = mix(a.glow, b.glow, share)};
}

} // namespace

SkyLight skyLightOf(const SunPosition& sun) {
    const auto table = hours();
    const double elevation = std::clamp(
        sun.elevation.degrees(), table.front().elevationDegrees, table.back().elevationDegrees);
    std::size_t above = 1;
    while (table.at(above).elevationDegrees < elevation) {
        ++above;
    }
    const Hour& low = table.at(above - 1);
    const Hour& high = table.at(above);
    const double share =
        (elevation - low.elevationDegrees) / (high.elevationDegrees - low.elevationDegrees);
    SkyLight light = mix(low.light, high.light, static_cast<float>(share));

    const double azimuth = sun.azimuth.radians();
    const double level = std::cos(sun.elevation.radians());
    light.toSun.set(osg::Vec3d(
        level * std::sin(azimuth), level * std::cos(azimuth), std::sin(sun.elevation.radians())));
    return light;
}

} // namespace viewer::scene
