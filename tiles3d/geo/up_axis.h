#pragma once

#include <cstdint>

namespace tiles3d::geo {

/// The axis that points up in the coordinates of a file.
enum class UpAxis : std::uint8_t { X, Y, Z };

} // namespace tiles3d::geo
