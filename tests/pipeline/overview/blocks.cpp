#include "blocks.h"

#include "scenes.h"
#include "tiles3d/base/file.h"
#include "tiles3d/tileset/tileset_io.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>

namespace pipeline::overview {

namespace fs = std::filesystem;
namespace ts = tiles3d::tileset;
namespace gltf = tiles3d::gltf;
using tiles3d::geo::Angle;
using tiles3d::geo::EnuFrame;

const EnuFrame& cityFrame() {
    static const EnuFrame frame(tiles3d::geo::Cartographic{.longitude = Angle::degrees(118.1),
                                                           .latitude = Angle::degrees(24.5)});
    return frame;
}

gltf::Model modelOf(const Ground& ground) {
    gltf::Model model;
    model.images.push_back(*tiles3d::image::encode(paddedTexture(ground.colour),
                                                   {.format = tiles3d::image::ImageFormat::Png}));
    model.materials.push_back({.image = 0});
    gltf::Primitive primitive;
    const double side = 100.0 + 2.0 * ground.overlapMetres;
    const int cells = static_cast<int>(std::round(side / ground.cellMetres));
    const auto at = [&](int column, int row) {
        const glm::dvec2 local = side * glm::dvec2(column, row) / static_cast<double>(cells);
        const glm::dvec2 place = ground.low - ground.overlapMetres + local;
        const double height = 3.0 * std::sin(place.x / 15.0) * std::cos(place.y / 11.0);
        return glm::vec3(glm::dvec3(local - ground.overlapMetres, height));
    };
    for (int row = 0; row < cells; ++row) {
        for (int column = 0; column < cells; ++column) {
            addQuad(primitive.mesh,
                    at(column, row),
                    at(column + 1, row),
                    at(column + 1, row + 1),
                    at(column, row + 1));
        }
    }
    model.primitives.push_back(std::move(primitive));
    return model;
}

ChildContent writeBlock(const fs::path& folder, const Ground& ground) {
    fs::create_directories(folder);
    const auto glb = gltf::writeGlb(modelOf(ground), {.codec = gltf::GeometryCodec::Plain});
    EXPECT_TRUE(glb);
    EXPECT_TRUE(tiles3d::base::writeFile(folder / "root.glb", *glb));
    const EnuFrame& city = cityFrame();
    const EnuFrame own(tiles3d::geo::toCartographic(
        city.toEcef(tiles3d::geo::EnuPoint{glm::dvec3(ground.low, 0.0)})));
    ts::Tileset tileset;
    tileset.root.boundingVolume =
        ts::boxAround({glm::dvec3(-1.0, -1.0, -4.0), glm::dvec3(101.0, 101.0, 4.0)});
    tileset.root.transform = own.toEcefMatrix();
    tileset.root.contents.push_back({.uri = "root.glb"});
    const auto text = ts::toJson(tileset);
    EXPECT_TRUE(text);
    EXPECT_TRUE(tiles3d::base::writeFile(folder / "tileset.json", std::string_view(*text)));
    return {.file = folder / "tileset.json", .isBlock = true};
}

std::vector<ChildContent> writeFourBlocks(const fs::path& folder) {
    const std::array<Ground, 4> grounds{{
        {.low = {0, 0}, .cellMetres = 5.0, .colour = kGreen},
        {.low = {100, 0}, .cellMetres = 4.0, .colour = kRed},
        {.low = {0, 100}, .cellMetres = 3.3, .colour = kBlue},
        {.low = {100, 100}, .cellMetres = 6.0, .colour = {180.0F, 170.0F, 160.0F}},
    }};
    std::vector<ChildContent> children;
    for (const Ground& ground : grounds) {
        const auto name = "Tile #" + std::to_string(children.size());
        children.push_back(writeBlock(folder / name, ground));
    }
    return children;
}

ScratchFolder::ScratchFolder() {
    std::string pattern = (fs::temp_directory_path() / "city3d 城市 XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
}

ScratchFolder::~ScratchFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
}

} // namespace pipeline::overview
