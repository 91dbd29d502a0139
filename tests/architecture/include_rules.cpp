#include "tests/architecture/include_rules.h"

#include <algorithm>

namespace tests::architecture {

namespace {

bool startsWithAny(const std::string& path, const std::vector<std::string>& prefixes) {
    return std::ranges::any_of(prefixes,
                               [&](const std::string& prefix) { return path.starts_with(prefix); });
}

bool isOurs(const std::string& target) {
    return startsWithAny(target, {"tiles3d/", "pipeline/", "viewer/", "tests/"});
}

const Floor* floorOf(const std::string& path) {
    const std::string folder = folderOf(path);
    const auto found = std::ranges::find(floors(), folder, &Floor::folder);
    return found != floors().end() ? &*found : nullptr;
}

std::string brokenFloor(const Include& include) {
    const Floor* from = floorOf(include.file);
    const Floor* to = floorOf(include.target);
    if (from == nullptr) {
        return include.file + " lies in a folder without a floor: add a row to the table";
    }
    if (to == nullptr || (to != from && to->height >= from->height)) {
        return include.file + " points up or sideways: " + include.target;
    }
    return "";
}

} // namespace

const std::vector<Door>& doors() {
    static const std::vector<Door> kDoors = {
        {"nlohmann-json", std::regex("^nlohmann/"), {"tiles3d/base/json"}},
        {"oneTBB", std::regex("^(oneapi/)?tbb/"), {"tiles3d/base/parallel."}},
        {"PROJ", std::regex(R"(^(proj(_\w+)?|geodesic)\.h)"), {"tiles3d/crs/"}},
        {"libjpeg-turbo, libpng, libwebp",
         std::regex(R"(^(turbojpeg|jpeglib|png)\.h|^webp/)"),
         {"tiles3d/image/"}},
        {"Draco", std::regex("^draco/|^meshopt"), {"tiles3d/gltf/", "tiles3d/mesh/"}},
        {"zlib, zstd", std::regex(R"(^(zlib|zstd)\.h)"), {"tiles3d/archive/"}},
        {"libcurl", std::regex("^curl/"), {"viewer/stream/source_http"}},
        {"tinygltf", std::regex("^tiny_gltf"), {"tiles3d/gltf/"}},
        {"stb", std::regex("^stb_"), {"pipeline/overview/atlas."}},
        {"GDAL",
         std::regex("^(gdal|ogr|cpl_|vrt)"),
         {"pipeline/sources/raster", "pipeline/planning/"}},
        {"Assimp", std::regex("^assimp/"), {"pipeline/sources/model"}},
        {"SQLite", std::regex("^sqlite3"), {"pipeline/job/ledger", "pipeline/planning/"}},
        {"Expat", std::regex("^expat"), {"pipeline/planning/style/xml_tree"}},
        {"GEOS", std::regex("^geos_c"), {"pipeline/planning/"}},
        {"OpenSceneGraph",
         std::regex(R"(^(osg\w*|OpenThreads)/)"),
         {"pipeline/sources/osgb",
          "pipeline/sample/",
          "viewer/scene/",
          "viewer/camera/",
          "viewer/overlay/",
          "viewer/tools/",
          "viewer/render/",
          "viewer/main/"}},
        {"fontconfig, FreeType",
         std::regex("^fontconfig/|^ft2build|^freetype/"),
         {"viewer/overlay/label_font"}},
        {"EGL", std::regex("^EGL/"), {"viewer/render/"}},
        {"CLI11", std::regex("^CLI/"), {"pipeline/cli/", "viewer/app/", "viewer/main/"}},
        {"spdlog", std::regex("^spdlog/"), {"pipeline/", "viewer/"}},
        {"Qt", std::regex("^Q[A-Zt]"), {"viewer/app/"}},
    };
    return kDoors;
}

const std::vector<Floor>& floors() {
    static const std::vector<Floor> kFloors = {
        {"tiles3d/base", 0},      {"tiles3d/geo", 10},       {"tiles3d/mesh", 10},
        {"tiles3d/image", 10},    {"tiles3d/crs", 11},       {"tiles3d/gltf", 20},
        {"tiles3d/tileset", 20},  {"tiles3d/archive", 20},   {"tiles3d/select", 21},
        {"pipeline/sources", 30}, {"pipeline/planning", 30}, {"pipeline/engine", 40},
        {"pipeline/scan", 40},    {"pipeline/tiling", 41},   {"pipeline/oblique", 42},
        {"pipeline/terrain", 43}, {"pipeline/overview", 43}, {"pipeline/models", 43},
        {"pipeline/emit", 44},    {"pipeline/verify", 45},   {"pipeline/publish", 45},
        {"pipeline/sample", 45},  {"pipeline/job", 50},      {"pipeline/cli", 51},
        {"pipeline/main", 52},    {"viewer/stream", 30},     {"viewer/scene", 40},
        {"viewer/camera", 41},    {"viewer/overlay", 41},    {"viewer/tools", 42},
        {"viewer/render", 43},    {"viewer/app", 50},        {"viewer/main", 51},
    };
    return kFloors;
}

const std::vector<Wall>& walls() {
    static const std::vector<Wall> kWalls = {
        {"tiles3d/", {"tiles3d/"}},
        {"tiles3d/mesh/", {"tiles3d/base/", "tiles3d/mesh/"}},
        {"tiles3d/image/", {"tiles3d/base/", "tiles3d/image/"}},
        {"tiles3d/gltf/", {"tiles3d/base/", "tiles3d/mesh/", "tiles3d/image/", "tiles3d/gltf/"}},
        {"pipeline/", {"tiles3d/", "pipeline/"}},
        {"pipeline/planning/", {"tiles3d/", "pipeline/planning/"}},
        {"viewer/", {"tiles3d/", "viewer/", "pipeline/planning/"}},
        {"viewer/stream/", {"tiles3d/", "viewer/stream/"}},
        {"viewer/scene/", {"tiles3d/", "viewer/stream/", "viewer/scene/"}},
        {"viewer/camera/", {"tiles3d/", "viewer/stream/", "viewer/scene/", "viewer/camera/"}},
    };
    return kWalls;
}

std::string folderOf(const std::string& path) {
    const std::size_t first = path.find('/');
    const std::size_t second = first == std::string::npos ? first : path.find('/', first + 1);
    return second == std::string::npos ? "" : path.substr(0, second);
}

std::vector<std::string> brokenRules(const Include& include) {
    std::vector<std::string> broken;
    for (const Door& door : doors()) {
        if (std::regex_search(include.target, door.header) &&
            !startsWithAny(include.file, door.places)) {
            broken.push_back(include.file + " opens " + door.library + ": " + include.target);
        }
    }
    if (!isOurs(include.target)) {
        return broken;
    }
    const bool isWalledOff = std::ranges::any_of(walls(), [&](const Wall& wall) {
        return include.file.starts_with(wall.folder) &&
               !startsWithAny(include.target, wall.allowed);
    });
    if (isWalledOff) {
        broken.push_back(include.file + " looks through a wall: " + include.target);
    } else if (const std::string problem = brokenFloor(include); !problem.empty()) {
        broken.push_back(problem);
    }
    return broken;
}

} // namespace tests::architecture
