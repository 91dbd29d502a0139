#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"
#include "tiles3d/gltf/quantization.h"
#include "tiles3d/mesh/mesh.h"

#include <glm/vec4.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace tiles3d::gltf {

struct DracoPrimitive {
    base::Bytes bytes;
    std::uint32_t points = 0; ///< As the decoder will give them; may differ from the input's.
    std::uint32_t faces = 0;
    glm::vec3 minimum{0.0F}; ///< Of the positions as decoded, y-up.
    glm::vec3 maximum{0.0F};
    int positionId = 0; ///< The attributes' unique ids for the glTF extension.
    int uvId = 0;
    int normalId = 0;
};

struct DracoStep {
    PositionGrid grid;
    double uvStep = 1.0 / 4096.0; ///< Of both axes.
    bool isSmall = false;         ///< WriteOptions::isSmall.
};

/// The mesh with y-up positions on the grid. Fails if Draco does.
base::Result<DracoPrimitive> encodeDraco(const mesh::TriangleMesh& mesh, const DracoStep& step);

/// Ids of a Draco mesh's attributes; below 0: none.
struct DracoIds {
    int position = 0;
    int uv = -1;
    int normal = -1;
    int colour = -1;
};

/// What decodeDraco() makes of a Draco mesh.
struct DracoMesh {
    mesh::TriangleMesh mesh;        ///< As stored: y-up.
    std::vector<glm::vec4> colours; ///< Empty, or one per position.
};

/// Bounded by the bytes' own counts. Fails on damage, and without the position, texture coordinate,
/// normal or colour of that id.
base::Result<DracoMesh> decodeDraco(base::ByteView bytes, const DracoIds& ids);

} // namespace tiles3d::gltf
