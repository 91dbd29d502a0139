// Whether terrain is where the elevation models have it, and what it costs.
//   bench_terrain accuracy [PROJECT.json ...] [--city FOLDER] [--points N] [--seed N]
//   bench_terrain speed [KM ...]
// accuracy: random points of each elevation model, the finest tile there, as decoded from its GLB,
// against bilinear interpolation of the source by exact PROJ. Exits with 1 if a height errs by more
// than the tile's geometric error / 16, or a vertex stands more than 1 cm from its place. Without a
// project, the real models beside the project. --city: the project's city, if it is built already.
// First come marks in an orthophoto, looked for in the tiles' pictures.
// speed: `city3d sample --terrain KM` built with one job and with two, extrapolated to 26.5 km, and
// where the CPU time of the units that read rasters goes.

#include "tests/bench/program_cost.h"
#include "tests/bench/terrain_accuracy.h"
#include "tests/bench/terrain_marks.h"
#include "tests/bench/terrain_speed.h"
#include "tests/support/must.h"
#include "tiles3d/base/file.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace bench = tests::bench;
namespace fs = std::filesystem;

/// Projects for the real elevation models.
std::vector<fs::path> realProjects(const bench::ScratchFolder& scratch) {
    const fs::path dem = fs::absolute(fs::path(CITY3D_DATA) / "dem");
    std::vector<fs::path> projects;
    const auto add = [&](const std::string& name, const std::string& sea) {
        const std::string project =
            fmt::format(R"({{"name": "{}", "vertical": {{"geoid": "egm96_15.gtx"}},)"
                        R"( "terrain": {{"dem": ["{}"]{}}}}})",
                        name,
                        (dem / (name + "_*.tif")).string(),
                        sea);
        projects.push_back(scratch / (name + ".json"));
        tests::must(tiles3d::base::writeFile(projects.back(), project));
    };
    add("goheung", R"(, "sea_level": 0)");
    add("fuji", ""); // has its sea, and voids in the mountains
    return projects;
}

bool accuracy(const std::vector<std::string>& words) {
    bench::AccuracyOptions options;
    std::vector<fs::path> projects;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool hasValue = i + 1 < words.size();
        if (words[i] == "--city" && hasValue) {
            options.city = words[++i];
        } else if (words[i] == "--points" && hasValue) {
            options.points = std::stoul(words[++i]);
        } else if (words[i] == "--seed" && hasValue) {
            options.seed = std::stoul(words[++i]);
        } else {
            projects.emplace_back(words[i]);
        }
    }
    const bench::ScratchFolder scratch;
    if (projects.empty()) {
        projects = realProjects(scratch);
    }
    bool isFine = bench::findMarks();
    for (const fs::path& project : projects) {
        isFine = bench::compareWithSources(project, options) && isFine;
    }
    return isFine;
}

} // namespace

int main(int argc, char** argv) {
    return tests::exitCodeOf([&] {
        const std::vector<std::string> words(argv + 1, argv + argc);
        const std::string which = words.empty() ? "" : words.front();
        const std::vector<std::string> rest(words.begin() + (words.empty() ? 0 : 1), words.end());
        if (which == "accuracy") {
            return accuracy(rest);
        }
        if (which != "speed") {
            throw std::runtime_error("bench_terrain accuracy ... or bench_terrain speed ...");
        }
        for (const std::string& kilometres :
             rest.empty() ? std::vector<std::string>{"2.5", "5"} : rest) {
            bench::measureTerrain(std::stod(kilometres));
        }
        return true;
    });
}
