#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/gltf/model.h"

namespace tiles3d::gltf {

/// Whether glTF can hold the model: all indices in range, all numbers finite, colours from 0 to 1,
/// texture coordinates where there is a texture, images that are JPEG, PNG or WebP.
/// Fails with the first thing that it cannot.
base::Status checkWritable(const Model& model);

} // namespace tiles3d::gltf
