#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"
#include "tiles3d/gltf/glb.h"
#include "viewer/stream/mesh_pack.h"

#include <glm/mat4x4.hpp>

#include <vector>

namespace viewer::stream {

/// Decodes the content of one tile: what gltf::readTileContent() reads. `tileToScene` is affine, in
/// double; vertices become float only after the pack's centre is subtracted. Textures that no part
/// uses are not decoded. Fails on what readTileContent() or image::decode() refuse. Thread-safe.
tiles3d::base::Result<MeshPack> decodeTile(tiles3d::base::ByteView content,
                                           const glm::dmat4& tileToScene,
                                           const tiles3d::gltf::ReadOptions& options = {});

/// Several contents of one tile (3D Tiles 1.1, `contents`) as one pack around one centre.
MeshPack joinPacks(std::vector<MeshPack> packs);

} // namespace viewer::stream
