#pragma once

#include "pipeline/sources/osgb_runtime.h"
#include "tiles3d/base/result.h"
#include "tiles3d/image/image.h"

#include <glm/mat4x4.hpp>
#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::sources {

/// One osg::Geometry as triangles.
struct OsgbGeometry {
    std::vector<glm::vec3>
        positions;              ///< Metres relative to the delivery's SRSOrigin; see `matrix`.
    std::vector<glm::vec2> uvs; ///< Empty or one per position; OSG's: origin bottom left, v up.
    std::vector<std::uint32_t> indices; ///< Three per triangle; strips, fans, quads are resolved.
    std::optional<std::size_t> image;   ///< Index into OsgbFile::images.
    /// Product of the transforms above it inside the file; absent if there were none.
    std::optional<glm::dmat4> matrix;
};

/// When the next finer representation takes over.
struct SwitchRange {
    enum class Mode { PixelSizeOnScreen, DistanceFromEyePoint };
    Mode mode = Mode::PixelSizeOnScreen;
    /// Pixels: the finer one is active from here up. Distance: active nearer than this, metres.
    double value = 0.0;
    double radiusMetres =
        0.0; ///< Of the LOD node, scaled by the transforms above it; <= 0 if unset.
};

/// One level of detail of one piece: a PagedLOD, or geometry that stands without one.
struct OsgbNode {
    std::vector<OsgbGeometry> geometries;
    std::optional<SwitchRange> switchRange; ///< Absent if nothing finer is named.
    std::vector<std::string> childFiles;    ///< As written in the file, in order.
    /// Product of the transforms above the LOD: it holds for the files it names as well.
    std::optional<glm::dmat4> childMatrix;
    std::vector<OsgbNode> children; ///< Finer levels inside the same file.
};

struct OsgbFile {
    std::vector<OsgbNode> nodes; ///< In the order of the file; empty for an empty root.
    std::vector<tiles3d::image::EncodedImage> images;
    std::uint64_t bytes = 0; ///< Size of the file.
    /// What was met and could not be kept or is unusual, one short phrase each, in file order.
    std::vector<std::string> irregularities;
    std::uint64_t lostGeometries = 0; ///< Geometries that lost triangles or all: arrays do not fit.
    std::uint64_t lostImages = 0;     ///< Textures whose image is missing or in no format we know.
};

struct OsgbReadOptions {
    std::uint64_t maxBytes = std::uint64_t{1} << 30U;
    std::size_t maxDepth = 64; ///< Nesting of nodes; deeper fails.
};

/// Reads one .osgb file once, whole, without following its children.
/// Textures come as the file's own JPEG, PNG or WebP bytes where it holds such, otherwise (raw
/// pixels, DXT) re-encoded as PNG without loss of what is there.
/// Fails on files that are truncated, not OSGB, of an unknown newer version or above a limit. OSG
/// itself can crash or hang on hostile bytes: call it in a process that may die.
tiles3d::base::Result<OsgbFile> readOsgb(const OsgbRuntime& runtime,
                                         const std::filesystem::path& file,
                                         const OsgbReadOptions& options = {});

/// Puts a file below a transform of the file that names it: geometries, radii, named files.
void transformInPlace(OsgbFile& file, const glm::dmat4& matrix);

} // namespace pipeline::sources
