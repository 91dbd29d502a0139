// What the format's own validator says of our files; needs node and `npm install` in tests/.

#include "models.h"
#include "tiles3d/base/file.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/image/image.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

namespace tiles3d::gltf {
namespace {

namespace fs = std::filesystem;

std::string outputOf(const std::string& command) {
    std::string output;
    FILE* pipe = ::popen(command.c_str(), "r"); // NOLINT
    std::array<char, 4096> chunk{};
    while (pipe != nullptr && std::fgets(chunk.data(), chunk.size(), pipe) != nullptr) {
        output += chunk.data();
    }
    EXPECT_EQ(::pclose(pipe), 0) << output;
    return output;
}

Model sheetWith(image::ImageFormat format) {
    Model model = wavySheet(9, 30.0F, {64.0, 0.0, 0.0});
    const auto raster = image::decode(model.images[0].bytes);
    EXPECT_TRUE(raster);
    model.images[0] = *image::encode(*raster, {.format = format});
    return model;
}

Model sheetBesideBareOne() {
    Model model = wavySheet(9, 30.0F);
    model.materials.push_back({.baseColour = {0.8F, 0.8F, 0.8F, 1.0F}, .doubleSided = true});
    model.primitives.push_back(model.primitives[0]);
    model.primitives[1].mesh.uvs.clear();
    model.primitives[1].material = 1;
    return model;
}

Model bareSheetWithCoordinates() {
    Model model = wavySheet(9, 30.0F);
    model.materials[0].image.reset();
    return model;
}

Model withMoreThanItUses() {
    Model model = sheetWith(image::ImageFormat::Png);
    model.images.insert(model.images.begin(), model.images[0]);
    model.materials.insert(model.materials.begin(), {.name = "unused", .image = 0});
    model.materials[1].image = 1;
    model.primitives[0].material = 1;
    model.primitives.push_back({}); // no triangles, and alone with its material
    return model;
}

Model withCoordinatesBeyondTheImage() {
    Model model = wavySheet(9, 30.0F);
    for (glm::vec2& uv : model.primitives[0].mesh.uvs) {
        uv = uv * 3.0F - 1.0F;
    }
    return model;
}

std::map<std::string, Model> modelsByName() {
    return {{"jpeg", sheetWith(image::ImageFormat::Jpeg)},
            {"png", sheetWith(image::ImageFormat::Png)},
            {"webp", sheetWith(image::ImageFormat::Webp)},
            {"beside_bare", sheetBesideBareOne()},
            {"bare_with_uvs", bareSheetWithCoordinates()},
            {"unused_parts", withMoreThanItUses()},
            {"uvs_beyond", withCoordinatesBeyondTheImage()},
            {"wide", wavySheet(10, 5000.0F)},          // too many steps for 16 bits
            {"many_vertices", wavySheet(260, 250.0F)}, // 32-bit indices
            {"empty", Model{}}};
}

TEST(GltfValidator, findsNothingInAnyCodec) {
    const fs::path tests = fs::path(REPO_ROOT) / "tests";
    if (!fs::exists(tests / "node_modules" / "gltf-validator") ||
        std::system("command -v node >/dev/null") != 0) { // NOLINT
        GTEST_SKIP() << "node or tests/node_modules/gltf-validator is not installed";
    }
    std::string pattern = (fs::temp_directory_path() / "city3d_glb.XXXXXX").string();
    const fs::path folder = ::mkdtemp(pattern.data());
    const std::map<std::string, GeometryCodec> codecs{{"plain", GeometryCodec::Plain},
                                                      {"quantized", GeometryCodec::Quantized},
                                                      {"meshopt", GeometryCodec::Meshopt},
                                                      {"draco", GeometryCodec::Draco}};
    std::string files;
    for (const auto& [name, model] : modelsByName()) {
        for (const auto& [codecName, codec] : codecs) {
            const auto glb = writeGlb(model, {.codec = codec, .positionStepMetres = 0.01});
            ASSERT_TRUE(glb) << name << ": " << glb.error().message;
            const fs::path file = folder / (name + "_" + codecName + ".glb");
            ASSERT_TRUE(base::writeFile(file, base::ByteView(*glb)));
            files += " '" + file.string() + "'";
        }
    }
    EXPECT_EQ(outputOf("node '" + (tests / "tiles3d/gltf/validate.mjs").string() + "' '" +
                       tests.string() + "'" + files),
              "");
    fs::remove_all(folder);
}

} // namespace
} // namespace tiles3d::gltf
