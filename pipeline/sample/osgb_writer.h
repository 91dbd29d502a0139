#pragma once

#include "tiles3d/base/bytes.h"

#include <glm/mat4x4.hpp>
#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::sample {

/// A texture image as an image file's bytes.
struct OsgTexture {
    std::string fileName;       ///< As stored; its extension tells readers the codec.
    tiles3d::base::Bytes bytes; ///< Stored inside the OSGB; empty = only named, an external file.
};

/// One osg::PrimitiveSet.
struct OsgPrimitives {
    enum class Kind { DrawArrays, DrawArrayLengths, UByteIndices, UShortIndices, UIntIndices };
    enum class Mode { Triangles = 4, TriangleStrip = 5, TriangleFan = 6, Quads = 7, QuadStrip = 8 };
    Kind kind = Kind::UIntIndices;
    Mode mode = Mode::Triangles;
    std::uint32_t first = 0; ///< DrawArrays, DrawArrayLengths: first vertex.
    /// Indices; for DrawArrayLengths the lengths; for DrawArrays one number, the count.
    std::vector<std::uint32_t> numbers;
};

struct OsgGeometry {
    std::vector<glm::vec3> positions;
    std::vector<glm::vec2> uvs; ///< Origin bottom left. Empty = no texture coordinates.
    std::vector<OsgPrimitives> primitives;
    std::optional<OsgTexture> texture;
};

/// One child of an osg::PagedLOD: its range and its file; no file = the inline child.
struct OsgRange {
    double from = 0.0;
    double to = 0.0;
    std::string file;
};

struct OsgNode {
    enum class Kind { Node, Group, Geode, PagedLod, MatrixTransform };
    Kind kind = Kind::Group;             ///< Node = an osg::Node without anything in it.
    std::vector<OsgGeometry> geometries; ///< Geode only.
    std::vector<OsgNode> children;       ///< Of a PagedLod: the inline ones.

    glm::dvec3 centre{0.0};       ///< PagedLod: user-defined centre.
    double radius = 0.0;          ///< PagedLod.
    bool byDistance = false;      ///< PagedLod: DISTANCE_FROM_EYE_POINT instead of pixels.
    std::vector<OsgRange> ranges; ///< PagedLod.
    glm::dmat4 matrix{1.0};       ///< MatrixTransform, column vectors.
};

/// The node as the bytes of an .osgb file of file version 80, laid out as photogrammetry programs
/// write it (verified byte for byte against such a file). Written without OSG, because OSG's own
/// writer takes inline image files only from paths in its process-wide search list.
/// Source: OpenSceneGraph 3.6.5, src/osgWrappers/serializers/osg, src/osgDB/OutputStream.cpp.
tiles3d::base::Bytes writeOsgb(const OsgNode& root);

} // namespace pipeline::sample
