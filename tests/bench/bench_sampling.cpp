// What sampling terrain costs beside decoding it, in CPU seconds of one core.
//   bench_sampling [CITY.JSON]
// Without a project, 3 km of `sample --terrain` are written to a temporary folder. A unit of work
// is sampled in the middle of the first DEM: 2049 x 2049 posts of a pixel's size, and 4096 x 4096
// texels of an orthophoto's. Decoding: the same pixels read by RasterReader alone.

#include "pipeline/sample/terrain_load.h"
#include "pipeline/terrain/colours.h"
#include "pipeline/terrain/heights.h"
#include "tests/bench/program_cost.h"
#include "tests/support/must.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>

namespace {

namespace fs = std::filesystem;
using pipeline::scan::GeoExtent;
using pipeline::sources::RasterInfo;
using pipeline::sources::RasterWindow;
using pipeline::terrain::GeoLattice;
using tests::must;

double cpuSecondsOf(const std::function<void()>& work) {
    rusage before{};
    ::getrusage(RUSAGE_SELF, &before);
    work();
    rusage after{};
    ::getrusage(RUSAGE_SELF, &after);
    return tests::bench::cpuSecondsOf(after) - tests::bench::cpuSecondsOf(before);
}

GeoLattice middleOf(const GeoExtent& extent, double metres, int side) {
    const double step = metres / 111320.0;
    return {(extent.westDegrees + extent.eastDegrees - step * side) / 2.0,
            (extent.southDegrees + extent.northDegrees - step * side) / 2.0,
            step,
            side,
            side};
}

RasterWindow middleOf(const RasterInfo& raster, std::uint32_t side) {
    const std::uint32_t columns = std::min(side, raster.width);
    const std::uint32_t rows = std::min(side, raster.height);
    return {(raster.width - columns) / 2, (raster.height - rows) / 2, columns, rows};
}

void print(const char* what, double millions, double decoding, double all) {
    std::printf("%-8s %6.1f M  decoding %6.3f s  all %6.3f s  sampling %6.1f M/s  all %6.1f M/s\n",
                what,
                millions,
                decoding,
                all,
                millions / std::max(1e-3, all - decoding),
                millions / all);
}

void measure(const fs::path& file) {
    constexpr int kPosts = 2049;
    constexpr int kTexels = 4096;
    constexpr double kMillion = 1e6;
    const auto project = must(pipeline::scan::readProject(file));
    const auto catalogue = must(pipeline::scan::scanTerrain(project));
    if (!catalogue.dems.empty()) {
        const auto& dem = catalogue.dems.front();
        const double decoding = cpuSecondsOf([&] {
            const auto reader = must(pipeline::sources::RasterReader::open(dem.raster));
            must(reader.readHeights(middleOf(dem.raster, kPosts)));
        });
        const double all = cpuSecondsOf([&] {
            must(pipeline::terrain::sampleHeights(catalogue,
                                                  middleOf(dem.extent, dem.postMetres, kPosts)));
        });
        print("posts", kPosts * kPosts / kMillion, decoding, all);
    }
    if (!catalogue.orthos.empty()) {
        const auto& ortho = catalogue.orthos.front();
        const double decoding = cpuSecondsOf([&] {
            const auto reader = must(pipeline::sources::RasterReader::open(ortho.raster));
            const RasterWindow window = middleOf(ortho.raster, kTexels);
            must(reader.readColours(window, window.columns, window.rows));
        });
        const double all = cpuSecondsOf([&] {
            must(pipeline::terrain::sampleColours(
                catalogue, middleOf(ortho.extent, ortho.texelMetres, kTexels)));
        });
        print("texels", kTexels * kTexels / kMillion, decoding, all);
    }
}

} // namespace

int main(int argc, char** argv) {
    return tests::exitCodeOf([&] {
        if (argc > 1) {
            measure(argv[1]);
            return true;
        }
        std::string pattern = (fs::temp_directory_path() / "city3d_bench.XXXXXX").string();
        const fs::path folder = ::mkdtemp(pattern.data());
        measure(must(pipeline::sample::writeTerrainLoad(folder, {.kilometres = 3.0})).project);
        fs::remove_all(folder);
        return true;
    });
}
