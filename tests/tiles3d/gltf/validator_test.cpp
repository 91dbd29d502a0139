// What the format's own validator says of our files; needs node and `npm install` in tests/.

#include "models.h"
#include "tiles3d/base/file.h"
#include "tiles3d/gltf/glb.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

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

TEST(GltfValidator, findsNothingInAnyCodec) {
    const fs::path tests = fs::path(REPO_ROOT) / "tests";
    if (!fs::exists(tests / "node_modules" / "gltf-validator") ||
        std::system("command -v node >/dev/null") != 0) { // NOLINT
        GTEST_SKIP() << "node or tests/node_modules/gltf-validator is not installed";
    }
    std::string pattern = (fs::temp_directory_path() / "city3d_glb.XXXXXX").string();
    const fs::path folder = ::mkdtemp(pattern.data());
    std::string files;
    int number = 0;
    for (const GeometryCodec codec : {GeometryCodec::Plain,
                                      GeometryCodec::Quantized,
                                      GeometryCodec::Meshopt,
                                      GeometryCodec::Draco}) {
        Model model = wavySheet(9, 30.0F, {64.0, 0.0, 0.0});
        model.materials.push_back({.baseColour = {0.8F, 0.8F, 0.8F, 1.0F}});
        model.primitives.push_back(model.primitives[0]);
        model.primitives[1].mesh.uvs.clear();
        model.primitives[1].material = 1;
        const auto glb = writeGlb(model, {.codec = codec, .positionStepMetres = 0.01});
        ASSERT_TRUE(glb);
        const fs::path file = folder / (std::to_string(number++) + ".glb");
        ASSERT_TRUE(base::writeFile(file, base::ByteView(*glb)));
        files += " '" + file.string() + "'";
    }
    EXPECT_EQ(outputOf("node '" + (tests / "tiles3d/gltf/validate.mjs").string() + "' '" +
                       tests.string() + "'" + files),
              "");
    fs::remove_all(folder);
}

} // namespace
} // namespace tiles3d::gltf
