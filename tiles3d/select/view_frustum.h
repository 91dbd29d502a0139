#pragma once

#include "tiles3d/select/select.h"

#include <array>
#include <cstdint>

namespace tiles3d::select {

/// How a volume lies to a view.
enum class Overlap : std::uint8_t { Outside, Crosses, Inside };

/// What one view sees: the pyramid from its eye through the picture's edges, without a far end.
class ViewFrustum {
public:
    /// A view whose direction and up are parallel gets some up.
    explicit ViewFrustum(const ViewState& view);

    /// Outside and Inside are certain; a volume just outside a corner may be taken to cross.
    Overlap overlapOf(const tileset::BoundingVolume& volumeEcef) const;

    /// Pixels that an error of that many metres covers at the nearest point of the volume.
    double screenSpaceErrorPixels(const Node& node) const;

    /// From the eye to the nearest point of the node's volume; 0.1 um inside.
    double distanceTo(const Node& node) const;

    /// The turn that brings the volume to the picture's edge, or less; 0 if some of it may be seen.
    /// Radians, at most a right angle.
    double angleOutside(const tileset::BoundingVolume& volumeEcef) const;

    /// Small in the middle of the picture and near: (1 - cos of the angle off the view's direction)
    /// * distance, both to the volume's centre. Metres.
    double urgency(const tileset::BoundingVolume& volumeEcef) const;

    const glm::dvec3& eye() const { return eye_; }

private:
    glm::dvec3 eye_{0.0};
    glm::dvec3 direction_{0.0, 0.0, -1.0};
    std::array<glm::dvec3, 5> inwardNormals_{}; ///< Unit; all planes go through the eye.
    double pixelsPerRadian_ = 1.0;
};

} // namespace tiles3d::select
