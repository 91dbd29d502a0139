#include "tests/architecture/include_rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace tests::architecture {
namespace {

namespace fs = std::filesystem;

std::vector<Include> includesOf(const fs::path& file) {
    const std::regex includeLine(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
    const std::string name = fs::relative(file, REPO_ROOT).generic_string();
    std::vector<Include> found;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        if (std::smatch match;
            line.find('#') != std::string::npos && std::regex_search(line, match, includeLine)) {
            found.push_back({name, match[1]});
        }
    }
    return found;
}

/// ARCHITECTURE.md: beside our other documents, or in the tree.
std::string architectureText() {
    for (const char* place : {"/ARCHITECTURE.md", "/../shared/design/ARCHITECTURE.md"}) {
        if (std::ifstream in(std::string(REPO_ROOT) + place); in) {
            std::ostringstream text;
            text << in.rdbuf();
            return text.str();
        }
    }
    return "";
}

/// "pipeline/a", "pipeline/b" of every "pipeline/{a,b}" or "pipeline/a" in the text.
std::set<std::string> foldersIn(const std::string& text) {
    const std::regex mention(R"((tiles3d|pipeline|viewer)/(\{[^}]*\}|[a-z_]+))");
    const std::regex name("[a-z_]+");
    std::set<std::string> folders;
    for (std::sregex_iterator it(text.begin(), text.end(), mention), end; it != end; ++it) {
        const std::string names = (*it)[2];
        for (std::sregex_iterator n(names.begin(), names.end(), name); n != end; ++n) {
            folders.insert((*it)[1].str() + "/" + n->str());
        }
    }
    return folders;
}

/// Lines from `begin` to the next empty line.
std::string paragraph(const std::string& text, const std::string& begin) {
    const std::size_t at = text.find(begin);
    return at == std::string::npos ? "" : text.substr(at, text.find("\n\n", at) - at);
}

/// The drawing of the floors has two columns, whose lists go on in the next line of their own.
std::string columnByColumn(const std::string& drawing) {
    const std::size_t width = drawing.find("viewer/");
    std::string left;
    std::string right;
    std::istringstream lines(drawing);
    for (std::string line; std::getline(lines, line);) {
        left += line.substr(0, width) + "\n";
        right += line.size() > width ? line.substr(width) + "\n" : "";
    }
    return left + right;
}

bool hasFloor(const std::string& folder) {
    return std::ranges::find(floors(), folder, &Floor::folder) != floors().end();
}

TEST(IncludeRules, holdInTheWholeTree) {
    std::size_t files = 0;
    for (const char* top : {"tiles3d", "pipeline", "viewer"}) {
        for (const auto& entry : fs::recursive_directory_iterator(fs::path(REPO_ROOT) / top)) {
            const std::string extension = entry.path().extension().string();
            if (extension != ".h" && extension != ".cpp") {
                continue;
            }
            ++files;
            for (const Include& include : includesOf(entry.path())) {
                EXPECT_EQ(brokenRules(include), std::vector<std::string>{});
            }
        }
    }
    EXPECT_GT(files, 50U) << "the tree was not found";
}

TEST(IncludeRules, catchPlantedBreaks) {
    const std::vector<Include> planted = {
        {"tiles3d/mesh/clip.cpp", "osg/Node"},
        {"tiles3d/base/json.h", "tiles3d/geo/angle.h"},
        {"tiles3d/geo/angle.h", "tiles3d/gltf/reader.h"},
        {"tiles3d/gltf/reader.h", "tiles3d/geo/angle.h"},
        {"tiles3d/tileset/tileset.cpp", "nlohmann/json.hpp"},
        {"tiles3d/select/select.h", "pipeline/scan/scan.h"},
        {"pipeline/scan/scan.cpp", "pipeline/job/report.h"},
        {"pipeline/oblique/block.cpp", "pipeline/cli/parse_args.h"},
        {"pipeline/planning/layer.cpp", "pipeline/sources/raster.h"},
        {"pipeline/oblique/block.cpp", "gdal_priv.h"},
        {"pipeline/job/run_job.cpp", "sqlite3.h"},
        {"pipeline/nowhere/new.cpp", "pipeline/scan/scan.h"},
        {"viewer/scene/city.cpp", "pipeline/sources/osgb_reader.h"},
        {"viewer/scene/city.cpp", "viewer/camera/manipulator.h"},
        {"viewer/stream/load.cpp", "pipeline/planning/zone.h"},
        {"viewer/stream/load.cpp", "osg/Image"},
        {"viewer/render/view.h", "QWidget"},
        {"pipeline/scan/scan.cpp", "tests/tiles3d/fixture.h"},
    };
    for (const Include& include : planted) {
        EXPECT_EQ(brokenRules(include).size(), 1U) << include.file << " -> " << include.target;
    }
}

TEST(IncludeRules, allowTheOpenDoors) {
    const std::vector<Include> allowed = {
        {"viewer/overlay/zones.cpp", "pipeline/planning/zone.h"},
        {"viewer/app/main_window.h", "QMainWindow"},
        {"pipeline/sources/osgb_reader.cpp", "osgDB/ReadFile"},
        {"pipeline/sources/raster_writer.cpp", "gdal_priv.h"},
        {"pipeline/job/ledger.cpp", "sqlite3.h"},
        {"tiles3d/crs/transform.h", "tiles3d/geo/ellipsoid.h"},
        {"tiles3d/base/json.cpp", "tiles3d/base/json.h"},
        {"tiles3d/geo/angle.h", "glm/vec3.hpp"},
    };
    for (const Include& include : allowed) {
        EXPECT_TRUE(brokenRules(include).empty()) << include.file << " -> " << include.target;
    }
}

TEST(IncludeRules, everyFolderHasAFloor) {
    for (const char* top : {"tiles3d", "pipeline", "viewer"}) {
        for (const auto& entry : fs::directory_iterator(fs::path(REPO_ROOT) / top)) {
            if (entry.is_directory()) {
                const std::string folder =
                    std::string(top) + "/" + entry.path().filename().string();
                EXPECT_TRUE(hasFloor(folder)) << folder;
            }
        }
    }
}

TEST(IncludeRules, floorsAreThoseOfTheDocument) {
    const std::string text = architectureText();
    if (text.empty()) {
        GTEST_SKIP() << "ARCHITECTURE.md is not at hand";
    }
    const std::string drawing = paragraph(text, " 5  pipeline/main");
    const std::set<std::string> drawn = foldersIn(columnByColumn(drawing));
    EXPECT_GT(drawn.size(), 20U) << "the drawing of the floors was not found";
    for (const std::string& folder : drawn) {
        EXPECT_TRUE(hasFloor(folder)) << folder << " is in the drawing, not in the table";
    }
}

TEST(IncludeRules, doorsAreThoseOfTheDocument) {
    const std::string text = architectureText();
    if (text.empty()) {
        GTEST_SKIP() << "ARCHITECTURE.md is not at hand";
    }
    std::istringstream table(paragraph(text, "| foreign library"));
    const std::regex row(R"(^\|([^|]*)\|([^|]*)\|)");
    const std::regex place(R"(`((?:tiles3d|pipeline|viewer)/[a-z0-9_/.]+)\*?`)");
    std::size_t places = 0;
    for (std::string line; std::getline(table, line);) {
        std::smatch cells;
        if (!std::regex_search(line, cells, row)) {
            continue;
        }
        const std::string cell = cells[2];
        for (std::sregex_iterator it(cell.begin(), cell.end(), place), end; it != end; ++it) {
            const std::string path = (*it)[1];
            ++places;
            EXPECT_TRUE(std::ranges::any_of(
                doors(),
                [&](const Door& door) {
                    return std::ranges::any_of(door.places, [&](const std::string& open) {
                        return open.starts_with(path) || path.starts_with(open);
                    });
                }))
                << path << " is a door of" << cells[1];
        }
    }
    EXPECT_GT(places, 10U) << "the table of the libraries was not found";
}

} // namespace
} // namespace tests::architecture
