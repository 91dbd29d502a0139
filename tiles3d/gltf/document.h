#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"
#include "tiles3d/gltf/glb.h"

#include <tiny_gltf.h>

#include <map>
#include <set>

namespace tiles3d::gltf {

/// A glTF as parsed, with the bytes of all its files.
struct Document {
    tinygltf::Model gltf;
    std::set<int> emptyAccessors; ///< Whose buffer view means nothing.
    /// Bytes of the images that lie in no buffer view, by their index; still encoded.
    std::map<int, base::Bytes> imageFiles;
};

/// Parses GLB or glTF JSON. Its numbers are not checked, but whether the required extensions are
/// known. Fails as readGlb() does.
base::Result<Document> parseDocument(base::ByteView bytes, const ReadResource& readResource);

} // namespace tiles3d::gltf
