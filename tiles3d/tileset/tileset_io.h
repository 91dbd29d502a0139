#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/tileset/tileset.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tiles3d::tileset {

/// Tiles above the deepest one of a file: two levels of JSON each, of the 128 that a reader takes.
inline constexpr std::size_t kMaxTileDepth = 60;

/// Breaches of 3D Tiles 1.1 and of our own output rules that can be seen in the JSON alone, one
/// sentence each with the tile's path ("root/children[2]"): no finite volume, negative or NaN
/// geometric error, a child's error above its parent's, tileset error below its root's, an empty or
/// unencoded URI, a transform that is not affine, implicit tiling with problemsOf(), with children
/// or of a sphere. Empty if all is well.
std::vector<std::string> validate(const Tileset& tileset);

struct WriteOptions {
    bool pretty = false; ///< Indent the JSON; for people, about 3x the bytes.
};

/// tileset.json. Refuses what validate() flags; identity transforms, empty children and refine
/// equal to the parent's are left out, but the root always states refine. Numbers read back equal.
base::Result<std::string> toJson(const Tileset& tileset, const WriteOptions& options = {});

struct ReadResult {
    Tileset tileset;
    std::vector<std::string> warnings; ///< What was read leniently, one sentence each.
};

/// Reads tileset.json of version 1.0 or 1.1. Lenient: a missing refine, lower-case "replace", the
/// pre-1.0 content "url", unknown members, a missing geometricError on a leaf are accepted with a
/// warning; a root without one takes the tileset's. A file of more than 2 million tiles, or of
/// tiles nested deeper than JSON may be (base::parseJson), is refused; so are implicit tiling with
/// problemsOf() and the extension that it was before 1.1. A `schemaUri` is not followed.
base::Result<ReadResult> readTileset(std::string_view json);

} // namespace tiles3d::tileset
