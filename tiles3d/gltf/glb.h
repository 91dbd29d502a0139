#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"
#include "tiles3d/gltf/model.h"
#include "tiles3d/mesh/up_axis.h"

#include <functional>
#include <string>
#include <vector>

namespace tiles3d::gltf {

enum class GeometryCodec {
    Plain,     ///< float32 positions and texture coordinates; no extension needed
    Quantized, ///< KHR_mesh_quantization
    Meshopt,   ///< KHR_mesh_quantization + EXT_meshopt_compression
    Draco,     ///< KHR_draco_mesh_compression
};

struct WriteOptions {
    GeometryCodec codec = GeometryCodec::Draco;
    /// Upper limit of the position grid's step. The step used is the largest power of two (metres)
    /// that does not exceed it, on a grid through the tile frame's origin, so that equal input
    /// positions stay equal in every tile of one frame. Ignored by Plain.
    double positionStepMetres = 0.001;
    /// Upper limit of the texture coordinates' step in texels of the material's image.
    double uvStepTexels = 0.25;
    /// Draco: a third of the geometry's bytes in twice the time; vertices change their order.
    bool isSmall = false;
};

/// A GLB file (glTF 2.0, one node, one mesh, one buffer). Image bytes are stored untouched.
/// Positions become y-up: (x, y, z) -> (x, z, -y); Model::origin goes into the node's translation.
/// Deterministic. A codec that cannot hold a primitive within the steps above (positions wider
/// than 65,535 steps for 16-bit quantisation, ...) falls back to a finer-grained form of the same
/// model, never to a coarser step.
/// What nothing uses is left out: primitives without triangles, texture coordinates without a
/// texture, materials and images of no primitive.
/// Fails on indices out of range, NaN, colours beyond 0 to 1, a texture without texture
/// coordinates, an image format that is not JPEG, PNG or WebP, or more than 4 GiB. Source: Khronos
/// glTF 2.0; KHR_draco_mesh_compression; EXT_meshopt_compression; KHR_mesh_quantization;
/// KHR_materials_unlit; EXT_texture_webp.
base::Result<base::Bytes> writeGlb(const Model& model, const WriteOptions& options = {});

/// The bytes of a file that a content names, by the URI as it stands there.
using ReadResource = std::function<base::Result<base::Bytes>(const std::string& uri)>;

struct ReadOptions {
    mesh::UpAxis upAxis = mesh::UpAxis::Y; ///< Another one only in old tilesets: tileset::Tileset.
    ReadResource readResource;             ///< None: content that names other files fails.
};

/// Reads GLB, glTF JSON, or a b3dm that holds one: node transforms, RTC_CENTER and CESIUM_RTC
/// applied (in double, into Model::origin), EXT_mesh_gpu_instancing as copies,
/// KHR_texture_transform in the texture coordinates, Draco, meshopt and quantization decoded,
/// strips and fans made triangles, non-indexed primitives indexed, axes turned to z-up. Points and
/// lines are skipped, features and metadata too. Of KTX2 textures the fallback is taken. Bounded:
/// fails on truncated or inconsistent bytes, on glTF 1.0, on required extensions it does not know,
/// on KTX2 textures without a fallback, on more than 2^25 vertices and indices; never reads out of
/// bounds. Error::mayPass as readResource has it.
base::Result<Model> readGlb(base::ByteView bytes, const ReadOptions& options = {});

/// Reads the content of a tile: what readGlb() reads is one model; a cmpt is one for each of its
/// inner tiles; an i3dm is one in which its glTF's triangles stand at every instance.
/// Fails as readGlb() does, on pnts, and on what is no content of a tile.
base::Result<std::vector<Model>> readTileContent(base::ByteView bytes,
                                                 const ReadOptions& options = {});

} // namespace tiles3d::gltf
