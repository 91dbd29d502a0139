#pragma once

#include <cstdint>

namespace tiles3d::mesh {

/// The axis that points up in the coordinates of a mesh.
enum class UpAxis : std::uint8_t { X, Y, Z };

} // namespace tiles3d::mesh
