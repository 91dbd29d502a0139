#include "viewer/tools/scale_bar.h"

#include <glm/geometric.hpp>

#include <cmath>

namespace viewer::tools {

ScaleBar scaleBar(double metresPerPixel, double mostPixels) {
    const double most = metresPerPixel * mostPixels;
    if (!(metresPerPixel > 0.0 && mostPixels > 0.0) || !std::isfinite(most)) {
        return {};
    }
    constexpr double kRoundingRoom = 1.0 + 1e-9; // 100 m of 100.00000000001 pixels fit
    const double power = std::pow(10.0, std::floor(std::log10(most * kRoundingRoom)));
    double metres = power;
    for (const double factor : {2.0, 5.0}) {
        if (factor * power <= most * kRoundingRoom) {
            metres = factor * power;
        }
    }
    return {metres, metres / metresPerPixel};
}

double metresPerPixelAt(const glm::dvec3& point,
                        const camera::CameraAxes& axes,
                        const camera::Lens& lens) {
    const double depth = glm::dot(point - axes.eye, axes.direction);
    return depth > 0.0 ? 2.0 * depth * std::tan(lens.verticalFovRadians / 2.0) / lens.heightPixels
                       : 0.0;
}

tiles3d::geo::Angle needleAngle(tiles3d::geo::Angle heading) {
    constexpr double kTurn = 360.0;
    const double turned = std::fmod(-heading.degrees(), kTurn);
    return tiles3d::geo::Angle::degrees(turned < 0.0 ? turned + kTurn : turned + 0.0);
}

} // namespace viewer::tools
