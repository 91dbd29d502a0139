#pragma once

#include "pipeline/planning/plane_box.h"
#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/result.h"

#include <glm/vec2.hpp>

#include <cstddef>
#include <span>

namespace pipeline::planning {

/// Points as they lie in a blob, decoded as they are asked for; heights and measures are skipped.
/// Valid as long as the blob is.
class PointSequence {
public:
    PointSequence(std::span<const std::byte> bytes, std::size_t stride, bool isSwapped)
        : bytes_(bytes), stride_(stride), isSwapped_(isSwapped) {}

    std::size_t size() const { return bytes_.size() / stride_; }
    glm::dvec2 operator[](std::size_t i) const;

private:
    std::span<const std::byte> bytes_;
    std::size_t stride_; // bytes per point
    bool isSwapped_;     // the blob's byte order is not the machine's
};

/// Takes the parts of a geometry, collections flattened.
class IGeometryVisitor {
public:
    virtual ~IGeometryVisitor() = default;
    virtual void point(const glm::dvec2& place) = 0;
    virtual void line(const PointSequence& points) = 0;
    /// The outer ring, then the holes; each closed by its first point once more, in either
    /// direction.
    virtual void polygon(std::span<const PointSequence> rings) = 0;
};

/// Shows `visitor` a geometry as a GeoPackage keeps it. Empty parts are not shown. Memory and time
/// are bounded by the blob's size, whatever it says. Fails on what is cut off, on collections
/// nested deeper than 16 and on curves.
/// Source: OGC GeoPackage 1.3, 2.1.3 (header); OGC 06-103r4, 8.2 and ISO 13249-3 (WKB).
tiles3d::base::Status visitGeometry(std::span<const std::byte> blob, IGeometryVisitor& visitor);

/// The geometry, its rings oriented and without repeated points; rings of fewer than 3 points and
/// lines of fewer than 2 are left out. Fails also on a coordinate that is no finite number.
tiles3d::base::Result<Geometry> geometryFrom(std::span<const std::byte> blob);

/// Of all points; empty if there are none.
tiles3d::base::Result<PlaneBox> boxOf(std::span<const std::byte> blob);

} // namespace pipeline::planning
