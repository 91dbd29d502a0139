#pragma once

#include "pipeline/sources/up_axis.h"
#include "tiles3d/base/result.h"
#include "tiles3d/gltf/model.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::sources {

/// A part of a design model that is not there: a texture, usually.
struct LostPart {
    std::string file; ///< As the model names it, UTF-8.
    std::string reason;
};

/// A design model as its file has it.
struct DesignModel {
    /// Transforms of nodes applied, one primitive per material, lit, with normals: the file's own
    /// or made from its faces, smooth across edges below 40 degrees. z up, x right of the file's
    /// front; in the file's unit, relative to model.origin.
    tiles3d::gltf::Model model;
    double metresPerUnit = 1.0; ///< What FBX says; 1 for the others, DAE is brought to metres.
    std::vector<LostPart> losses;
    std::vector<std::string> irregularities; ///< Kept but unusual, one short phrase each.
    /// Files that were opened or looked for, relative to the model's folder, native text, sorted.
    std::vector<std::string> files;
    std::uint64_t bytes = 0;               ///< Of the files that were read.
    std::uint64_t degenerateTriangles = 0; ///< Dropped.
};

struct ModelReadOptions {
    std::optional<UpAxis> up;                         ///< Instead of what OBJ or FBX have.
    std::optional<double> metresPerUnit;              ///< Instead of what OBJ, FBX or glTF have.
    std::uint64_t maxBytes = std::uint64_t{1} << 30U; ///< Of the file and all that it names.
    std::size_t maxVertices = 20'000'000;             ///< With every instance counted.
};

/// Reads an OBJ, FBX, DAE, glTF or GLB file (by its extension, in any case) through Assimp, whole,
/// triangulated. Points, lines, cameras, lights and animations are left out.
/// Axes and units: FBX says both of itself, DAE is turned and scaled by its own text, OBJ and glTF
/// are y up in metres; see the options.
/// Colours: glTF's base colour; else the diffuse colour and opacity, where a texture stands in for
/// the colour. Textures keep the bytes of JPEG, PNG and WebP files; raw texels inside the model
/// become PNG; other formats and missing files are losses, and the material keeps its colour.
/// OBJ files in large coordinates keep their precision (see bringNear()); of the other formats the
/// 32-bit numbers that Assimp has of them, and an irregularity says so.
/// Opens nothing outside of the model's folder (see ModelFiles), loads no library.
/// Fails on another extension, a file that Assimp refuses, one without a triangle, one above a
/// limit, coordinates that are not finite. Assimp may crash on hostile bytes: call it in a process
/// that may die.
tiles3d::base::Result<DesignModel> readDesignModel(const std::filesystem::path& file,
                                                   const ModelReadOptions& options = {});

} // namespace pipeline::sources
