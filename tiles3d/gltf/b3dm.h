#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"

#include <glm/vec3.hpp>

namespace tiles3d::gltf {

/// The GLB inside a tile's content, and where a batched model says its centre is.
struct UnwrappedContent {
    base::ByteView glb;
    glm::dvec3 rtcCentre{0.0}; ///< RTC_CENTER of a b3dm, tile frame; zero for a bare GLB.
};

/// Unwraps b3dm; a bare GLB is handed through. Fails on other formats, naming their magic, and on
/// lengths that do not fit. The view is valid as long as `bytes` are.
/// Source: 3D Tiles 1.0, "Batched 3D Model".
base::Result<UnwrappedContent> unwrapContent(base::ByteView bytes);

} // namespace tiles3d::gltf
