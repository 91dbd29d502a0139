#include "pipeline/sources/model_reader.h"

#include "pipeline/sources/model_files.h"
#include "pipeline/sources/model_scene.h"
#include "tiles3d/base/file.h"

#include <assimp/BaseImporter.h>
#include <assimp/IOStream.hpp>
#include <assimp/IOSystem.hpp>
#include <assimp/Importer.hpp>
#include <assimp/MemoryIOWrapper.h>
#include <assimp/config.h>
#include <assimp/importerdesc.h>
#include <assimp/postprocess.h>
#include <assimp/scene.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string_view>

namespace pipeline::sources {

using tiles3d::base::Bytes;
using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;

namespace {

namespace fs = std::filesystem;

struct Format {
    std::string_view extension;
    std::string_view loader; ///< Assimp's name of it.
};

constexpr std::array<Format, 5> kFormats{{{".obj", "Wavefront Object Importer"},
                                          {".fbx", "Autodesk FBX Importer"},
                                          {".dae", "Collada Importer"},
                                          {".gltf", "glTF2 Importer"},
                                          {".glb", "glTF2 Importer"}}};

const Format* formatOf(const fs::path& file) {
    std::string extension = file.extension().string();
    std::ranges::transform(extension, extension.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const auto* const found = std::ranges::find(kFormats, extension, &Format::extension);
    return found != kFormats.end() ? found : nullptr;
}

/// A file in memory as Assimp reads it.
class MemoryFile : public Assimp::MemoryIOStream {
public:
    explicit MemoryFile(std::unique_ptr<const Bytes> bytes)
        : MemoryIOStream(reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()),
          bytes_(std::move(bytes)) {}

private:
    std::unique_ptr<const Bytes> bytes_;
};

/// All that Assimp sees of the disk: the model's folder.
class FolderOfModel : public Assimp::IOSystem {
public:
    /// `obj`: the name of the file whose vertices are to be brought near; empty: none.
    FolderOfModel(ModelFiles& files, std::string obj) : files_(files), obj_(std::move(obj)) {}

    bool Exists(const char* name) const override { return files_.find(name).has_value(); }
    char getOsSeparator() const override { return '/'; }
    void Close(Assimp::IOStream* stream) override { delete stream; } // NOLINT: Assimp's contract
    bool ComparePaths(const char* one, const char* other) const override {
        return std::string_view(one) == other;
    }

    Assimp::IOStream* Open(const char* name, const char* mode) override {
        if (std::string_view(mode).find_first_of("wa+") != std::string_view::npos) {
            return nullptr;
        }
        Result<Bytes> bytes = files_.read(name);
        if (!bytes) {
            missing_.push_back({tiles3d::base::validUtf8(name), bytes.error().message});
            return nullptr;
        }
        if (!obj_.empty() && obj_ == name) {
            NearObj near = bringNear(*std::move(bytes));
            shift_ = {near.x, near.y, near.z};
            bytes = std::move(near.bytes);
        }
        return new MemoryFile(std::make_unique<const Bytes>(*std::move(bytes))); // NOLINT: as Close
    }

    const glm::dvec3& shift() const { return shift_; }
    const std::vector<LostPart>& missing() const { return missing_; }

private:
    ModelFiles& files_;
    std::string obj_;
    glm::dvec3 shift_{0.0};
    std::vector<LostPart> missing_;
};

/// Leaves Assimp the one loader that the extension asks for: hostile bytes choose none of the
/// others.
bool keepLoader(Assimp::Importer& importer, std::string_view name) {
    for (std::size_t i = importer.GetImporterCount(); i-- > 0;) {
        if (importer.GetImporterInfo(i)->mName != name) {
            Assimp::BaseImporter* loader = importer.GetImporter(i);
            importer.UnregisterLoader(loader);
            delete loader; // NOLINT: it is the caller's now
        }
    }
    return importer.GetImporterCount() == 1;
}

const aiScene* import(Assimp::Importer& importer, const std::string& name) {
    constexpr float kSmoothBelowDegrees = 40.0F;
    importer.SetPropertyFloat(AI_CONFIG_PP_GSN_MAX_SMOOTHING_ANGLE, kSmoothBelowDegrees);
    importer.SetPropertyInteger(AI_CONFIG_PP_SBP_REMOVE,
                                aiPrimitiveType_POINT | aiPrimitiveType_LINE);
    importer.SetPropertyInteger(AI_CONFIG_PP_RVC_FLAGS,
                                aiComponent_TANGENTS_AND_BITANGENTS | aiComponent_COLORS |
                                    aiComponent_BONEWEIGHTS | aiComponent_ANIMATIONS |
                                    aiComponent_LIGHTS | aiComponent_CAMERAS);
    importer.SetPropertyBool(AI_CONFIG_IMPORT_FBX_PRESERVE_PIVOTS, false);
    importer.SetPropertyBool(AI_CONFIG_IMPORT_FBX_READ_ANIMATIONS, false);
    return importer.ReadFile(name,
                             aiProcess_ValidateDataStructure | aiProcess_RemoveComponent |
                                 aiProcess_Triangulate | aiProcess_SortByPType |
                                 aiProcess_GenSmoothNormals | aiProcess_TransformUVCoords |
                                 aiProcess_JoinIdenticalVertices);
}

/// FBX: centimetres per unit, and which axis is up.
void readFbxSettings(const aiScene& scene, DesignModel& out, UpAxis& up) {
    constexpr double kMetresPerCentimetre = 0.01;
    constexpr std::int32_t kZ = 2;
    double centimetres = 1.0;
    float asFloat = 1.0F;
    std::int32_t axis = 1;
    if (scene.mMetaData == nullptr) {
        return;
    }
    if (!scene.mMetaData->Get("UnitScaleFactor", centimetres) &&
        scene.mMetaData->Get("UnitScaleFactor", asFloat)) {
        centimetres = static_cast<double>(asFloat);
    }
    scene.mMetaData->Get("UpAxis", axis);
    const bool isSound = std::isfinite(centimetres) && centimetres > 0.0;
    out.metresPerUnit = (isSound ? centimetres : 1.0) * kMetresPerCentimetre;
    up = axis == kZ ? UpAxis::Z : UpAxis::Y;
}

Result<DesignModel> readWith(Assimp::Importer& importer,
                             const Format& format,
                             const fs::path& file,
                             const ModelReadOptions& options) {
    DesignModel out;
    ModelFiles files(file.parent_path(), options.maxBytes);
    const bool isObj = format.extension == ".obj";
    const bool isFbx = format.extension == ".fbx";
    const std::string name = file.filename().string();
    auto* const folder = new FolderOfModel(files, isObj ? name : ""); // NOLINT: the importer's now
    importer.SetIOHandler(folder);
    const aiScene* scene = import(importer, name);
    if (scene == nullptr || scene->mRootNode == nullptr) {
        constexpr std::size_t kMostText = 300;
        return Error{tiles3d::base::validUtf8(
            std::string_view(importer.GetErrorString()).substr(0, kMostText))};
    }
    SceneOptions conversion{.isGltf = format.loader == "glTF2 Importer",
                            .shift = folder->shift(),
                            .maxVertices = options.maxVertices};
    if (isFbx) {
        readFbxSettings(*scene, out, conversion.up);
    }
    if (isFbx || isObj) {
        conversion.up = options.up.value_or(conversion.up);
    }
    if (format.extension != ".dae") {
        out.metresPerUnit = options.metresPerUnit.value_or(out.metresPerUnit);
    }
    if (isObj) {
        out.losses = folder->missing(); // material libraries
    }
    if (const Status converted = convertScene(*scene, files, conversion, out); !converted) {
        return converted.error();
    }
    out.files.assign(files.asked().begin(), files.asked().end());
    out.bytes = files.bytesRead();
    return out;
}

} // namespace

Result<DesignModel> readDesignModel(const fs::path& file, const ModelReadOptions& options) {
    const Format* format = formatOf(file);
    if (format == nullptr) {
        return Error{"no design model: OBJ, FBX, DAE, glTF and GLB files are read"};
    }
    std::error_code unreachable;
    if (!fs::is_regular_file(file, unreachable)) {
        return Error{"no such file"};
    }
    try {
        Assimp::Importer importer;
        if (!keepLoader(importer, format->loader)) {
            return Error{fmt::format("this Assimp has no {}", format->loader)};
        }
        return readWith(importer, *format, file, options);
    } catch (const std::exception& exception) { // it sizes arrays by numbers of the file
        return Error{fmt::format("not readable: {}", exception.what())};
    }
}

} // namespace pipeline::sources
