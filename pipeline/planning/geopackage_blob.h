#pragma once

#include "pipeline/planning/plane_box.h"
#include "pipeline/planning/vector_layer.h"

#include <cstdint>
#include <vector>

namespace pipeline::planning {

/// The parts of one kind of a geometry, as a GeoPackage keeps them.
struct GeometryBlob {
    std::vector<unsigned char> bytes; ///< Empty if there are none of that kind.
    PlaneBox box;
};

/// A multi-polygon, -line or -point in little-endian WKB behind a header with its box.
/// Source: OGC 12-128r18, 2.1.3; OGC 06-103r4, 8.2.
GeometryBlob blobOf(const Geometry& geometry, GeometryKind kind, std::int32_t srsId);

} // namespace pipeline::planning
