#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"

#include <glm/mat4x4.hpp>
#include <glm/vec3.hpp>

#include <string>
#include <vector>

namespace tiles3d::gltf {

/// One glTF of a tile's content, and where it stands.
struct ContentPiece {
    base::ByteView gltf;       ///< GLB, or glTF JSON; empty if `uri` is set.
    std::string uri;           ///< Of a GLB elsewhere, as it stands in an i3dm.
    glm::dvec3 rtcCentre{0.0}; ///< RTC_CENTER, tile frame.
    /// Of each instance of an i3dm: model (z-up) -> tile frame relative to `rtcCentre`. Empty for
    /// what stands once, at rtcCentre.
    std::vector<glm::dmat4> instances;
};

/// Unwraps b3dm, i3dm and cmpt, of which each inner tile is one piece; a bare glTF is handed
/// through. Batch tables are left alone. Forms of the b3dm header from before 1.0 are recognised;
/// a stated length beyond the bytes is cut to them.
/// Fails on pnts and other formats, naming them, on tables that do not fit, on more than a million
/// instances, and on cmpt nested deeper than 4. The views are valid as long as `bytes` are.
/// Source: 3D Tiles 1.1, "Batched 3D Model", "Instanced 3D Model", "Composite".
base::Result<std::vector<ContentPiece>> unwrapContent(base::ByteView bytes);

} // namespace tiles3d::gltf
