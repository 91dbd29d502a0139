#pragma once

#include "pipeline/overview/surface.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/gltf/glb.h"

#include <filesystem>
#include <vector>

namespace pipeline::overview {

/// The city's frame that these blocks stand in.
const tiles3d::geo::EnuFrame& cityFrame();

/// Hilly ground of 100 m by 100 m from `low` on, `overlapMetres` wider on each side, in cells of
/// `cellMetres`; textured by paddedTexture().
struct Ground {
    glm::dvec2 low{0.0}; ///< City frame.
    double overlapMetres = 0.02;
    double cellMetres = 5.0;
    glm::vec3 colour{0.0F};
};

tiles3d::gltf::Model modelOf(const Ground& ground);

/// Writes a block of one tile as the build leaves it, in `folder` (made if missing): its GLB in a
/// frame of its own and tileset.json.
ChildContent writeBlock(const std::filesystem::path& folder, const Ground& ground);

/// Four blocks side by side, (0, 0) to (200, 200), each of another colour and other cells.
std::vector<ChildContent> writeFourBlocks(const std::filesystem::path& folder);

/// A folder that is gone after the test; its name holds blanks and Chinese.
class ScratchFolder {
public:
    ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder();

    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

} // namespace pipeline::overview
