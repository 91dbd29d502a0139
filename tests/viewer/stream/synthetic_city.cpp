#include "tests/viewer/stream/synthetic_city.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/uri.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/image/image.h"
#include "tiles3d/tileset/subtree.h"
#include "tiles3d/tileset/tileset_io.h"

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>

namespace tests {

namespace {

namespace base = tiles3d::base;
namespace geo = tiles3d::geo;
namespace gltf = tiles3d::gltf;
namespace image = tiles3d::image;
namespace tileset = tiles3d::tileset;

constexpr double kQuarterGeometricError = 0.0;
constexpr double kRootGeometricError = 100.0;
constexpr double kPyramidMetres = 3200.0;

template <typename T>
T must(base::Result<T> result) {
    if (!result) {
        throw std::runtime_error(result.error().message);
    }
    return *std::move(result);
}

/// A level square.
struct Square {
    double west = 0.0;
    double south = 0.0;
    double side = 100.0;
    double height = 0.0;
};

image::EncodedImage plainImage(const Colour& colour) {
    constexpr std::uint32_t kSide = 8;
    image::Raster raster{.width = kSide, .height = kSide, .channels = 3};
    for (std::uint32_t i = 0; i < kSide * kSide; ++i) {
        for (const std::uint8_t value : colour) {
            raster.pixels.push_back(static_cast<std::byte>(value));
        }
    }
    return must(image::encode(raster, {.format = image::ImageFormat::Png}));
}

base::Bytes squareGlb(const Square& square, const Colour& colour) {
    gltf::Model model;
    model.images.push_back(plainImage(colour));
    model.materials.push_back({.name = "plain", .image = 0});
    gltf::Primitive primitive;
    const auto corner = [&](double east, double north) {
        primitive.mesh.positions.emplace_back(
            square.west + east * square.side, square.south + north * square.side, square.height);
        primitive.mesh.uvs.emplace_back(east, 1.0 - north);
    };
    corner(0.0, 0.0);
    corner(1.0, 0.0);
    corner(1.0, 1.0);
    corner(0.0, 1.0);
    primitive.mesh.indices = {0, 1, 2, 0, 2, 3};
    model.primitives.push_back(std::move(primitive));
    return must(gltf::writeGlb(model, {.codec = gltf::GeometryCodec::Plain}));
}

tileset::Box boxOf(const Square& square) {
    tileset::Limits limits;
    limits.include({square.west, square.south, square.height});
    limits.include({square.west + square.side, square.south + square.side, square.height + 1.0});
    return tileset::boxAround(limits);
}

tileset::Tile tileOf(const Square& square, const std::string& file, double geometricError) {
    tileset::Tile tile;
    tile.boundingVolume = boxOf(square);
    tile.geometricErrorMetres = geometricError;
    tile.contents.push_back({.uri = base::encodeUriPath(file)});
    return tile;
}

constexpr double kQuarterHeight = 20.0;
constexpr Square kSquareSouthWest{-100.0, -100.0, 100.0, kQuarterHeight};
constexpr Square kSquareSouthEast{0.0, -100.0, 100.0, kQuarterHeight};
constexpr Square kSquareNorthWest{-100.0, 0.0, 100.0, kQuarterHeight};
constexpr Square kSquareNorthEast{0.0, 0.0, 100.0, kQuarterHeight};
constexpr Square kSquareWhole{-100.0, -100.0, 200.0, 0.0};

/// Over the whole city, its quarters' height included.
tileset::Tile cityTile(const std::string& file) {
    tileset::Tile tile = tileOf(kSquareWhole, "root.glb", kRootGeometricError);
    tile.contents.front().uri = file;
    tileset::Limits limits;
    limits.include({-100.0, -100.0, 0.0});
    limits.include({100.0, 100.0, kQuarterHeight + 1.0});
    tile.boundingVolume = tileset::boxAround(limits);
    tile.transform = SyntheticCity::frame().toEcefMatrix();
    return tile;
}

base::Bytes jsonOf(const tileset::Tile& root) {
    const tileset::Tileset set{.geometricErrorMetres = 2.0 * kRootGeometricError, .root = root};
    const std::string text = must(tileset::toJson(set));
    const base::ByteView view = base::asBytes(text);
    return {view.begin(), view.end()};
}

/// A cell of a quadtree over kPyramidMetres.
struct Cell {
    int level = 0;
    int x = 0;
    int y = 0;

    std::string file() const {
        return std::to_string(level) + "/" + std::to_string(x) + "/" + std::to_string(y) + ".glb";
    }
    Square square() const {
        const double side = kPyramidMetres / std::pow(2.0, level);
        const double corner = -kPyramidMetres / 2.0;
        return {corner + x * side, corner + y * side, side};
    }
};

/// The tile and all below it; their files go into the city.
tileset::Tile pyramidTile(SyntheticCity& city, const Cell& cell, int levels) {
    const bool isLeaf = cell.level + 1 == levels;
    const double error = isLeaf ? 0.0 : kRootGeometricError / std::pow(2.0, cell.level);
    city.files[cell.file()] = squareGlb(cell.square(), SyntheticCity::kRoot);
    tileset::Tile tile = tileOf(cell.square(), cell.file(), error);
    for (int child = 0; child < 4 && !isLeaf; ++child) {
        const Cell below{cell.level + 1, 2 * cell.x + child % 2, 2 * cell.y + child / 2};
        tile.children.push_back(pyramidTile(city, below, levels));
    }
    return tile;
}

} // namespace

geo::EnuFrame SyntheticCity::frame() {
    return geo::EnuFrame({.longitude = geo::Angle::degrees(118.1),
                          .latitude = geo::Angle::degrees(24.5),
                          .heightMetres = 15.0});
}

SyntheticCity SyntheticCity::build() {
    SyntheticCity city;
    city.files["root.glb"] = squareGlb(kSquareWhole, kRoot);
    city.files[kSouthWestFile] = squareGlb(kSquareSouthWest, kSouthWest);
    city.files["se.glb"] = squareGlb(kSquareSouthEast, kSouthEast);
    city.files["nw.glb"] = squareGlb(kSquareNorthWest, kNorthWest);
    city.files["外部/ne.glb"] = squareGlb(kSquareNorthEast, kNorthEast);
    city.files["外部/tileset.json"] =
        jsonOf(tileOf(kSquareNorthEast, "ne.glb", kQuarterGeometricError));

    tileset::Tile root = cityTile("root.glb");
    root.children = {tileOf(kSquareSouthWest, kSouthWestFile, kQuarterGeometricError),
                     tileOf(kSquareSouthEast, "se.glb", kQuarterGeometricError),
                     tileOf(kSquareNorthWest, "nw.glb", kQuarterGeometricError),
                     tileOf(kSquareNorthEast, "外部/tileset.json", kQuarterGeometricError)};
    city.files["tileset.json"] = jsonOf(root);
    return city;
}

SyntheticCity SyntheticCity::buildImplicit() {
    SyntheticCity city;
    city.files["tiles/0/0/0.glb"] = squareGlb(kSquareWhole, kRoot);
    city.files["tiles/1/0/0.glb"] = squareGlb(kSquareSouthWest, kSouthWest);
    city.files["tiles/1/1/0.glb"] = squareGlb(kSquareSouthEast, kSouthEast);
    city.files["tiles/1/0/1.glb"] = squareGlb(kSquareNorthWest, kNorthWest);
    city.files["tiles/1/1/1.glb"] = squareGlb(kSquareNorthEast, kNorthEast);

    tileset::Tile root = cityTile("tiles/{level}/{x}/{y}.glb");
    root.implicitTiling =
        tileset::ImplicitTiling{.subtreeLevels = 1,
                                .availableLevels = 2,
                                .subtreesUri = "subtrees/{level}/{x}/{y}.subtree"};
    std::vector<tileset::ImplicitTile> tiles{{.geometricErrorMetres = root.geometricErrorMetres}};
    for (std::uint32_t child = 0; child < 4; ++child) {
        tiles.push_back({.at = tileset::childOf({}, child),
                         .geometricErrorMetres = root.geometricErrorMetres / 2.0});
    }
    for (tileset::SubtreeFile& file : must(tileset::subtreesOf(*root.implicitTiling, tiles))) {
        city.files[tileset::fillTemplate(root.implicitTiling->subtreesUri, file.root)] =
            std::move(file.bytes);
    }
    city.files["tileset.json"] = jsonOf(root);
    return city;
}

SyntheticCity SyntheticCity::buildPyramid(int levels) {
    SyntheticCity city;
    tileset::Tile root = pyramidTile(city, {}, levels);
    root.transform = frame().toEcefMatrix();
    city.files["tileset.json"] = jsonOf(root);
    return city;
}

void SyntheticCity::writeTo(const std::filesystem::path& folder) const {
    for (const auto& [name, bytes] : files) {
        std::filesystem::create_directories((folder / name).parent_path());
        must(base::writeFile(folder / name, bytes));
    }
}

base::Result<base::Bytes> MemorySource::read(const std::string& uri) const {
    ++reads_;
    const auto found = city_.files.find(base::decodeUri(uri));
    if (found == city_.files.end()) {
        return base::Error{uri + ": no such file"};
    }
    return found->second;
}

} // namespace tests
