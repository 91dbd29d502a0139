#include "terrain_city.h"

#include "pipeline/job/terrain_stage.h"
#include "pipeline/sample/delivery.h"
#include "pipeline/sample/fixture.h"
#include "pipeline/sample/street_plan.h"
#include "tests/support/tileset_folder.h"
#include "tiles3d/base/uri.h"
#include "tiles3d/gltf/glb.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace pipeline::job {

namespace fs = std::filesystem;
using sources::MadeRaster;

namespace {

constexpr double kCellDegrees = 180.0 / 32768.0; // level 15
constexpr double kRootX = 54264.0;
constexpr double kRootY = 20833.0;

} // namespace

double hillHeight(double x, double y) {
    return 12.0 + 9.0 * std::sin(3.0 * x) * std::cos(2.0 * y) + 4.0 * x;
}

double TerrainCity::longitudeOf(double x) {
    return (kRootX + x) * kCellDegrees - 180.0;
}

double TerrainCity::latitudeOf(double y) {
    return (kRootY + y) * kCellDegrees - 90.0;
}

TerrainCity::TerrainCity() {
    fs::create_directories(folder_ / "dem");
    fs::create_directories(folder_ / "ortho");
}

MadeRaster TerrainCity::raster(const fs::path& file, const CellBox& box, int pixelsPerCell) const {
    const double pixel = kCellDegrees / pixelsPerCell;
    return {.file = file,
            .width = static_cast<int>(std::lround((box.east - box.west) * pixelsPerCell)),
            .height = static_cast<int>(std::lround((box.north - box.south) * pixelsPerCell)),
            .geoTransform = {longitudeOf(box.west), pixel, 0.0, latitudeOf(box.north), 0.0, -pixel},
            .srs = "EPSG:4326"};
}

MadeRaster TerrainCity::dem(const std::string& name, const CellBox& box, int pixelsPerCell) const {
    MadeRaster made = raster(folder_ / "dem" / name, box, pixelsPerCell);
    made.value = [box, pixelsPerCell](int, int column, int row) {
        return hillHeight(box.west + (column + 0.5) / pixelsPerCell,
                          box.north - (row + 0.5) / pixelsPerCell);
    };
    return made;
}

MadeRaster
TerrainCity::ortho(const std::string& name, const CellBox& box, int pixelsPerCell) const {
    MadeRaster made = raster(folder_ / "ortho" / name, box, pixelsPerCell);
    made.bands = 3;
    made.type = "Byte";
    made.value = [](int band, int column, int row) {
        return 60.0 + 40.0 * band + (column / 8 + row / 8) % 2 * 50.0;
    };
    return made;
}

void TerrainCity::addLand() const {
    make(dem("land.tif", {0.05, 0.05, 1.95, 1.95}, 20));
    make(ortho("picture.tif", {0.1, 0.1, 0.2, 0.2}, 2048));
}

void TerrainCity::addBlocks() const {
    const fs::path delivery = folder_ / "delivery";
    for (int i = 0; i < 4; ++i) {
        const std::string name = sample::blockName(i % 2, i / 2);
        const auto files = sample::makeFixtureBlock(name, i % 2, i / 2);
        ASSERT_TRUE(files) << files.error().message;
        ASSERT_TRUE(sample::writeFiles(delivery / "Data" / name, sample::serialise(*files)));
    }
    ASSERT_TRUE(tiles3d::base::writeFile(delivery / "metadata.xml", sample::metadataXml()));
}

void TerrainCity::writeProject(const std::string& terrain, const std::string& others) const {
    const std::string text = fmt::format(R"({{"name": "land"{}, "terrain": {}}})", others, terrain);
    ASSERT_TRUE(tiles3d::base::writeFile(folder_ / "city.json", std::string_view(text)));
}

scan::CityProject TerrainCity::project() const {
    auto project = scan::readProject(folder_ / "city.json");
    EXPECT_TRUE(project) << project.error().message;
    return project ? *std::move(project) : scan::CityProject{};
}

namespace {

void decode(const fs::path& file, const glm::dmat4& toEcef, ShownTile& tile) {
    const auto bytes = tiles3d::base::readFile(file);
    ASSERT_TRUE(bytes) << bytes.error().message;
    const auto model = tiles3d::gltf::readGlb(*bytes);
    ASSERT_TRUE(model) << model.error().message;
    ASSERT_EQ(model->primitives.size(), 1U);
    tile.indices = model->primitives[0].mesh.indices;
    for (const glm::vec3& position : model->primitives[0].mesh.positions) {
        const glm::dvec3 place = model->origin + glm::dvec3(position);
        tile.positions.push_back(place);
        tile.vertices.push_back(
            tiles3d::geo::toCartographic({glm::dvec3(toEcef * glm::dvec4(place, 1.0))}));
    }
}

} // namespace

std::map<std::string, ShownTile> shownTiles(const fs::path& out) {
    std::map<std::string, ShownTile> tiles;
    auto folder = tests::TilesetFolder::open(out / "terrain");
    EXPECT_TRUE(folder) << folder.error().message;
    if (!folder) {
        return tiles;
    }
    const auto attached = folder->attachAll();
    EXPECT_TRUE(attached) << attached.error().message;
    const auto& nodes = folder->tree().nodes();
    for (const auto& node : nodes) {
        if (node.contentUris.empty()) {
            continue;
        }
        const std::string uri = node.contentUris.front();
        std::int64_t above = node.parent;
        while (above >= 0 && nodes[static_cast<std::size_t>(above)].contentUris.empty()) {
            above = nodes[static_cast<std::size_t>(above)].parent;
        }
        ShownTile tile{.geometricErrorMetres = node.geometricErrorMetres,
                       .errorAboveMetres =
                           above >= 0 ? nodes[static_cast<std::size_t>(above)].geometricErrorMetres
                                      : std::numeric_limits<double>::infinity(),
                       .volumeEcef = node.volumeEcef};
        decode(out / "terrain" / tiles3d::base::decodeUri(uri), node.toEcef, tile);
        tiles[uri.substr(0, uri.rfind('.'))] = std::move(tile);
    }
    return tiles;
}

namespace {

/// Height of one tile's surface at a place in degrees, the highest there; NaN: none.
double heightIn(const ShownTile& tile, double longitude, double latitude) {
    double height = std::numeric_limits<double>::quiet_NaN();
    const auto at = [&](std::size_t i) {
        const auto& place = tile.vertices[tile.indices[i]];
        return glm::dvec3(place.longitude.degrees(), place.latitude.degrees(), place.heightMetres);
    };
    for (std::size_t i = 0; i + 2 < tile.indices.size(); i += 3) {
        const glm::dvec3 a = at(i);
        const glm::dvec3 u = at(i + 1) - a;
        const glm::dvec3 v = at(i + 2) - a;
        const double area = u.x * v.y - u.y * v.x;
        const glm::dvec2 p(longitude - a.x, latitude - a.y);
        const double s = (p.x * v.y - p.y * v.x) / area;
        const double t = (u.x * p.y - u.y * p.x) / area;
        constexpr double kFlat = 1e-16; // square degrees: a skirt stands upright
        if (std::abs(area) > kFlat && s >= 0.0 && t >= 0.0 && s + t <= 1.0) {
            height = std::fmax(height, a.z + s * u.z + t * v.z);
        }
    }
    return height;
}

} // namespace

double heightAt(const std::map<std::string, ShownTile>& tiles, double x, double y) {
    double height = std::numeric_limits<double>::quiet_NaN();
    double finest = std::numeric_limits<double>::infinity();
    for (const auto& [name, tile] : tiles) {
        const double own =
            tile.geometricErrorMetres < finest
                ? heightIn(tile, TerrainCity::longitudeOf(x), TerrainCity::latitudeOf(y))
                : height;
        if (tile.geometricErrorMetres < finest && !std::isnan(own)) {
            height = own;
            finest = tile.geometricErrorMetres;
        }
    }
    return height;
}

namespace {

void visitLedger(const fs::path& out, const std::function<void(const LedgerRow&)>& visit) {
    const auto ledger = Ledger::open(out / ".city3d" / "ledger.sqlite");
    ASSERT_TRUE(ledger) << ledger.error().message;
    ASSERT_TRUE(ledger->forEach([&](const LedgerRow& row) {
        visit(row);
        return tiles3d::base::ok();
    }));
}

} // namespace

std::map<std::string, terrain::CellResult> cellResults(const fs::path& out) {
    std::map<std::string, terrain::CellResult> results;
    visitLedger(out, [&](const LedgerRow& row) {
        if (row.unit.starts_with(kTerrainUnit)) {
            results[row.unit.substr(std::string_view(kTerrainUnit).size())] =
                terrain::cellResultFrom(row.result);
        }
    });
    return results;
}

std::vector<std::string> unitsWith(const fs::path& out, const std::string& prefix) {
    std::vector<std::string> units;
    visitLedger(out, [&](const LedgerRow& row) {
        if (row.unit.starts_with(prefix)) {
            units.push_back(row.unit);
        }
    });
    return units;
}

} // namespace pipeline::job
