#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>
#include <glm/vec4.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace tinygltf {
class Model;
} // namespace tinygltf

namespace tiles3d::gltf {

/// Bounds-checked reading of a parsed glTF's accessors: tinygltf checks none of them.
/// The model outlives it. Buffer views with EXT_meshopt_compression are decoded on first use.
class Accessors {
public:
    /// `empty`: accessors whose buffer view means nothing; reading them fails.
    Accessors(const tinygltf::Model& model, std::set<int> empty)
        : model_(model), empty_(std::move(empty)) {}

    /// VEC4 / VEC3 / VEC2 of any component type, normalised integers as floats. Fails out of
    /// bounds, on another type, on sparse accessors, on values that are not finite.
    base::Result<std::vector<glm::vec4>> vectors4(int accessor);
    base::Result<std::vector<glm::vec3>> vectors3(int accessor);
    base::Result<std::vector<glm::vec2>> vectors2(int accessor);
    /// VEC4, or VEC3 with an alpha of 1. Fails alike.
    base::Result<std::vector<glm::vec4>> colours(int accessor);
    /// SCALAR of unsigned type. Fails alike.
    base::Result<std::vector<std::uint32_t>> indices(int accessor);

    /// The bytes of a buffer view. Fails out of bounds.
    base::Result<base::ByteView> view(int bufferView);

private:
    struct Layout;
    base::Result<Layout> layout(int accessor, int type);
    template <typename Vector>
    base::Result<std::vector<Vector>> vectors(int accessor, int type);

    const tinygltf::Model& model_;
    std::set<int> empty_;
    std::map<int, base::Bytes> decoded_; ///< Meshopt views.
};

} // namespace tiles3d::gltf
