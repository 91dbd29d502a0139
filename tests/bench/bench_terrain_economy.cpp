// Vertices that pipeline/terrain keeps, beside other ways to come within the same tolerance, and
// posts per second.
//   bench_terrain_economy [FILE.raw ...]
// A FILE is a raster in GDAL's ENVI format, float (its header is FILE.hdr); run.sh makes them of
// the real elevation models. Without one: hills made by formula. Posts without a height count as
// sea. Each land is cut into squares of 256 intervals; the rivals get four of them at most. Exits
// with 1 if we keep more than 1.3 times the vertices of plain greedy insertion, which knows nothing
// of neighbours.

#include "pipeline/terrain/triangulate.h"
#include "tests/bench/terrain_rivals.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

namespace bench = tests::bench;
namespace fs = std::filesystem;
using pipeline::terrain::PostGrid;

constexpr int kIntervals = 256;
constexpr double kMostTimesGreedy = 1.3;

/// Rows from the north.
struct Land {
    std::string name;
    int columns = 0;
    int rows = 0;
    std::vector<float> heights;

    float at(int column, int row) const {
        const int c = std::clamp(column, 0, columns - 1);
        const int r = std::clamp(row, 0, rows - 1);
        const float height =
            heights[static_cast<std::size_t>(r) * static_cast<std::size_t>(columns) +
                    static_cast<std::size_t>(c)];
        return height > -1000.0F ? height : 0.0F;
    }
};

/// The number after "name = " in an ENVI header; 0 if there is none.
int headerNumber(const fs::path& header, const std::string& name) {
    std::ifstream in(header);
    for (std::string line; std::getline(in, line);) {
        if (line.rfind(name, 0) == 0) {
            return std::atoi(line.substr(line.find('=') + 1).c_str());
        }
    }
    return 0;
}

Land readLand(const fs::path& file) {
    const fs::path header = fs::path(file).replace_extension(".hdr");
    Land land{.name = file.stem(),
              .columns = headerNumber(header, "samples"),
              .rows = headerNumber(header, "lines")};
    land.heights.resize(static_cast<std::size_t>(land.columns) *
                        static_cast<std::size_t>(land.rows));
    std::ifstream in(file, std::ios::binary);
    in.read(reinterpret_cast<char*>(land.heights.data()),
            static_cast<std::streamsize>(land.heights.size() * sizeof(float)));
    return land;
}

/// Hills of all sizes, 5 m between posts: each octave half as long and as high as the one before.
Land hills() {
    Land land{.name = "hills by formula", .columns = 515, .rows = 515};
    for (int row = 0; row < land.rows; ++row) {
        for (int column = 0; column < land.columns; ++column) {
            double height = 0.0;
            for (int octave = 0; octave < 8; ++octave) {
                const double scale = std::pow(2.0, octave) / 64.0;
                height += 40.0 / std::pow(2.0, octave) *
                          std::sin(column * scale + 1.7 * octave + 0.3 * row * scale) *
                          std::cos(row * scale - 0.4 * column * scale + octave);
            }
            land.heights.push_back(static_cast<float>(height));
        }
    }
    return land;
}

PostGrid squareAt(const Land& land, int left, int bottom) {
    PostGrid grid{.intervals = kIntervals};
    for (int row = -1; row <= kIntervals + 1; ++row) {
        for (int column = -1; column <= kIntervals + 1; ++column) {
            grid.heights.push_back(land.at(left + column, bottom - row));
        }
    }
    return grid;
}

std::vector<PostGrid> squaresOf(const Land& land) {
    std::vector<PostGrid> squares;
    for (int bottom = kIntervals; bottom < land.rows; bottom += kIntervals) {
        for (int left = 0; left + kIntervals < land.columns; left += kIntervals) {
            squares.push_back(squareAt(land, left, bottom));
        }
    }
    return squares;
}

/// Posts per second of CPU time, over half a second at least.
double postsPerSecond(const std::vector<PostGrid>& squares, double toleranceMetres) {
    const std::clock_t start = std::clock();
    double posts = 0.0;
    double seconds = 0.0;
    while (seconds < 0.5) {
        for (const PostGrid& square : squares) {
            triangulate(square, toleranceMetres);
            posts += (kIntervals + 1.0) * (kIntervals + 1.0);
        }
        seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    }
    return posts / seconds;
}

/// At most two, spread evenly.
std::vector<PostGrid> someOf(const std::vector<PostGrid>& squares) {
    std::vector<PostGrid> some;
    const std::size_t count = std::min<std::size_t>(squares.size(), 2);
    for (std::size_t i = 0; i < count; ++i) {
        some.push_back(squares[i * squares.size() / count]);
    }
    return some;
}

/// Prints a row; whether our vertices are few enough.
bool compare(const Land& land, double toleranceMetres) {
    const std::vector<PostGrid> squares = squaresOf(land);
    const std::vector<PostGrid> some = someOf(squares);
    const auto sum = [&](const auto& verticesOf) {
        std::size_t vertices = 0;
        for (const PostGrid& square : some) {
            vertices += verticesOf(square, toleranceMetres);
        }
        return vertices;
    };
    const std::size_t ours = sum([](const PostGrid& square, double tolerance) {
        return triangulate(square, tolerance).posts.size();
    });
    const double posts = (kIntervals + 1.0) * (kIntervals + 1.0) * static_cast<double>(some.size());
    const double share = static_cast<double>(ours) / posts;
    const bool isGreedyIn = share < 0.25;
    const std::size_t greedy = isGreedyIn ? sum(bench::greedyVertices) : 0;
    const double ratio = static_cast<double>(ours) / static_cast<double>(greedy);
    fmt::print("| {} | {} m | {} | {:.2f} % | {} | {} | {} | {:.2f} M |\n",
               land.name,
               toleranceMetres,
               ours,
               100.0 * share,
               isGreedyIn ? fmt::format("{} | {:.3f}", greedy, ratio) : "- | -",
               sum(bench::rtinVertices),
               sum(bench::uniformVertices),
               postsPerSecond(squares, toleranceMetres) / 1e6);
    std::fflush(stdout);
    return !isGreedyIn || ratio <= kMostTimesGreedy;
}

} // namespace

int main(int argc, char** argv) {
    std::vector<Land> lands;
    for (int i = 1; i < argc; ++i) {
        lands.push_back(readLand(argv[i]));
    }
    if (lands.empty()) {
        lands.push_back(hills());
    }
    fmt::print(
        "| land | tolerance | vertices | of posts | plain greedy | ratio | RTIN | uniform grid |"
        " posts/s of a core |\n|---|---|---|---|---|---|---|---|---|\n");
    bool isFine = true;
    for (const Land& land : lands) {
        for (const double toleranceMetres : {0.5, 1.0, 5.0, 20.0}) {
            isFine = compare(land, toleranceMetres) && isFine;
        }
    }
    return isFine ? 0 : 1;
}
