#pragma once

#include "pipeline/sources/model_files.h"
#include "pipeline/sources/model_reader.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

struct aiMaterial;
struct aiScene;

namespace pipeline::sources {

/// Turns Assimp's materials and textures into those of a model, each when it is first asked for.
/// All that it is given outlives it.
class ModelMaterials {
public:
    /// `isGltf`: colours are linear and multiply the texture, as glTF has it.
    ModelMaterials(const aiScene& scene, ModelFiles& files, bool isGltf, DesignModel& out)
        : scene_(scene), files_(files), isGltf_(isGltf), out_(out) {}

    /// Index into the model's materials. Without texture coordinates a material has no texture.
    std::size_t materialOf(unsigned index, bool hasUvs);

    /// Which of a mesh's sets of texture coordinates its material's texture wants.
    unsigned uvSetOf(unsigned index) const;

private:
    tiles3d::gltf::Material plain(const aiMaterial& source);
    void addTexture(const aiMaterial& source, tiles3d::gltf::Material& out);
    std::optional<std::size_t> imageOf(const std::string& path);
    tiles3d::base::Result<tiles3d::image::EncodedImage> readImage(const std::string& path);

    const aiScene& scene_;
    ModelFiles& files_;
    bool isGltf_;
    DesignModel& out_;
    std::map<std::pair<unsigned, bool>, std::size_t> known_;
    std::map<std::string, std::optional<std::size_t>> images_;
};

} // namespace pipeline::sources
