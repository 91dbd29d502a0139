#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"
#include "tiles3d/gltf/model.h"

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

/// Reads a GLB, or a b3dm that holds one: node transforms, RTC_CENTER and CESIUM_RTC applied (in
/// double, into Model::origin), Draco, meshopt and quantization decoded, strips and fans made
/// triangles, non-indexed primitives indexed, axes turned to z-up. Points and lines are skipped.
/// Bounded: fails on truncated or inconsistent bytes, on external buffers, on required extensions
/// it does not know (KTX2 textures are named in the message), never reads out of bounds.
base::Result<Model> readGlb(base::ByteView bytes);

} // namespace tiles3d::gltf
