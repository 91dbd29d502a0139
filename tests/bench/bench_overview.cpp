// How well each overview node stands for its children, and how much of its area it shows.
//   bench_overview CITY [--pictures FOLDER] [--nodes PREFIX] [--most-leaves N]
// CITY is the output folder of `city3d build`. Nodes are those whose content's URI starts with
// PREFIX ("overview/" unless given; "oblique/" measures the blocks' own levels).
//
// Each node is drawn alone from its switching distance, where one pixel is as large as its metres
// per pixel (geometric error / 16) at the nearest point of its box: straight down, and 45 degrees
// down from the south. Beside it its children alone, which take over below that distance.
// 2 x 2 samples per pixel, as in the viewer's stills.
//   PSNR      over all pixels with a sample of the city in either picture. Where only one of the
//   two
//             covers a sample, it counts against neutral grey; where neither does, both are grey.
//             So edges count, by what is drawn in them.
//   coverage  share of the samples covered by the leaves below the node that it covers, too. With
//             more than N leaves (4,000), the finest tiles that are not more stand for them.
// Writes the worst five by PSNR into FOLDER (node | children | four times the difference).

#include "tests/support/must.h"
#include "tests/support/picture_difference.h"
#include "tests/support/silhouette.h"
#include "tests/support/switching_shot.h"
#include "tests/support/tile_painter.h"
#include "tests/support/tileset_folder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/geo/angle.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace base = tiles3d::base;
namespace fs = std::filesystem;
using tests::must;
using tests::Shot;
using tests::Silhouette;
using tests::TilePainter;
using tests::TilesetFolder;
using tiles3d::image::Raster;
using Tiles = std::vector<std::size_t>;

constexpr int kSamples = 2;                // per pixel and direction
constexpr std::size_t kLeavesAtOnce = 256; // held in memory

/// What the issue of the city's pyramid asks for.
constexpr double kLeastMeanDecibels = 30.0;
constexpr double kLeastDecibels = 24.0;
constexpr double kLeastCoverage = 0.995;

struct View {
    const char* name;
    double pitchDegrees;
};
constexpr std::array<View, 2> kViews = {{{"down", -90.0}, {"oblique", -45.0}}};

struct Arguments {
    fs::path city;
    std::optional<fs::path> pictures;
    std::string prefix = "overview/";
    std::size_t mostLeaves = 4000;
};

/// One node in one view.
struct Measure {
    std::size_t node = 0;
    std::size_t view = 0;
    double metresPerPixel = 0.0;
    double decibels = 0.0;
    double coverage = 0.0;
};

Shot shotOf(const TilesetFolder& city, std::size_t node, const View& view) {
    return must(tests::switchingShot(
        city.node(node), tiles3d::geo::Angle::degrees(view.pitchDegrees), kSamples));
}

/// The leaves below a node, or the finest tiles below it that are not more than `most`.
Tiles finestBelow(const TilesetFolder& city, std::size_t node, std::size_t most) {
    Tiles cut = city.takingOver(node);
    while (true) {
        Tiles finer;
        for (const std::size_t tile : cut) {
            const Tiles below = city.takingOver(tile);
            finer.insert(finer.end(), below.begin(), below.end());
            if (below.empty()) {
                finer.push_back(tile);
            }
        }
        if (finer.size() > most || finer == cut) {
            return cut;
        }
        cut = std::move(finer);
    }
}

Raster drawn(TilePainter& painter, const Tiles& tiles, const Shot& shot) {
    return must(painter.draw(tiles, shot));
}

using Shots = std::array<Shot, kViews.size()>;

/// The silhouettes of many tiles in each view, drawn some at a time.
std::vector<Silhouette>
silhouettesOf(TilePainter& painter, const Tiles& tiles, const Shots& shots) {
    std::vector<Silhouette> silhouettes;
    for (std::size_t first = 0; first < tiles.size(); first += kLeavesAtOnce) {
        const auto begin = tiles.begin() + static_cast<std::ptrdiff_t>(first);
        const std::size_t count = std::min(kLeavesAtOnce, tiles.size() - first);
        const Tiles some(begin, begin + static_cast<std::ptrdiff_t>(count));
        for (std::size_t view = 0; view < shots.size(); ++view) {
            const Silhouette part(drawn(painter, some, shots[view]));
            if (silhouettes.size() <= view) {
                silhouettes.push_back(part);
            } else {
                silhouettes[view].unite(part);
            }
        }
        painter.forget();
    }
    return silhouettes;
}

std::vector<Measure> measureNode(const TilesetFolder& city,
                                 TilePainter& painter,
                                 std::size_t node,
                                 std::size_t mostLeaves) {
    Shots shots;
    std::ranges::transform(
        kViews, shots.begin(), [&](const View& view) { return shotOf(city, node, view); });
    const auto leaves = silhouettesOf(painter, finestBelow(city, node, mostLeaves), shots);
    std::vector<Measure> measures;
    for (std::size_t view = 0; view < shots.size(); ++view) {
        const Raster own = drawn(painter, {node}, shots[view]);
        const Raster children = drawn(painter, city.takingOver(node), shots[view]);
        measures.push_back({.node = node,
                            .view = view,
                            .metresPerPixel = tests::switchingMetresPerPixel(city.node(node)),
                            .decibels = tests::psnrDecibels(own, children, kSamples),
                            .coverage = Silhouette(own).shareOf(leaves[view])});
    }
    painter.forget();
    return measures;
}

/// Nodes to measure: with content of that prefix, and something finer below.
Tiles measuredNodes(const TilesetFolder& city, const std::string& prefix) {
    Tiles nodes;
    for (std::size_t i = 0; i < city.tree().nodes().size(); ++i) {
        const auto& uris = city.node(i).contentUris;
        const bool isAsked = !uris.empty() && uris.front().starts_with(prefix);
        if (isAsked && city.node(i).geometricErrorMetres > 0.0 && !city.takingOver(i).empty()) {
            nodes.push_back(i);
        }
    }
    return nodes;
}

/// The value below which `part` of the sorted values lie (nearest rank).
double quantile(const std::vector<double>& sorted, double part) {
    const auto last = static_cast<double>(sorted.size() - 1);
    return sorted[static_cast<std::size_t>(std::lround(part * last))];
}

constexpr const char* kLine = "{:<12}{:<9}{:>6}{:>8}{:>8}{:>8}{:>8}{:>8}{:>12}{:>10}{:>10}\n";

double meanOf(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<double> sortedValues(const std::vector<Measure>& measures, double Measure::*value) {
    std::vector<double> values;
    std::ranges::transform(
        measures, std::back_inserter(values), [value](const Measure& m) { return m.*value; });
    std::ranges::sort(values);
    return values;
}

void printRow(const std::string& level,
              const std::string& view,
              const std::vector<Measure>& measures) {
    const auto decibels = sortedValues(measures, &Measure::decibels);
    const auto coverage = sortedValues(measures, &Measure::coverage);
    const auto number = [](double value) { return fmt::format("{:.2f}", value); };
    const auto uncovered = std::ranges::lower_bound(coverage, kLeastCoverage) - coverage.begin();
    fmt::print(kLine,
               level,
               view,
               measures.size(),
               number(decibels.front()),
               number(quantile(decibels, 0.05)),
               number(quantile(decibels, 0.5)),
               number(meanOf(decibels)),
               number(decibels.back()),
               number(100.0 * coverage.front()),
               number(100.0 * meanOf(coverage)),
               uncovered);
}

void printTable(const std::vector<Measure>& measures) {
    fmt::print(kLine, "", "", "", "PSNR dB", "", "", "", "", "coverage %", "", "below");
    fmt::print(kLine,
               "m/pixel",
               "view",
               "nodes",
               "min",
               "p5",
               "median",
               "mean",
               "max",
               "min",
               "mean",
               "99.5 %");
    std::map<double, std::map<std::size_t, std::vector<Measure>>, std::greater<>> levels;
    for (const Measure& measure : measures) {
        levels[measure.metresPerPixel][measure.view].push_back(measure);
    }
    for (const auto& [size, views] : levels) {
        for (const auto& [view, some] : views) {
            printRow(fmt::format("{:g}", size), kViews.at(view).name, some);
        }
    }
    printRow("all", "both", measures);
}

std::string describe(const TilesetFolder& city, const Measure& measure) {
    return fmt::format("{:6.2f} dB  coverage {:6.2f} %  {:<8} {:g} m/pixel  {}",
                       measure.decibels,
                       100.0 * measure.coverage,
                       kViews.at(measure.view).name,
                       measure.metresPerPixel,
                       city.node(measure.node).contentUris.front());
}

std::vector<Measure> worstFive(std::vector<Measure> measures, double Measure::*value) {
    constexpr std::size_t kCount = 5;
    std::ranges::stable_sort(
        measures, {}, [value](const Measure& measure) { return measure.*value; });
    measures.resize(std::min(kCount, measures.size()));
    return measures;
}

/// Small nodes are magnified: a node of 25 pixels says little in its own size.
void writePicture(const TilesetFolder& city,
                  TilePainter& painter,
                  const Measure& measure,
                  const fs::path& file) {
    constexpr std::size_t kWantedSide = 400;
    const Shot shot = shotOf(city, measure.node, kViews.at(measure.view));
    const Raster own = drawn(painter, {measure.node}, shot);
    const Raster children = drawn(painter, city.takingOver(measure.node), shot);
    const std::size_t side = std::max(own.width, own.height) / kSamples;
    const std::size_t magnification = std::max<std::size_t>(1, kWantedSide / side);
    const auto png =
        must(tiles3d::image::encode(tests::sideBySide(own, children, kSamples, magnification),
                                    {.format = tiles3d::image::ImageFormat::Png}));
    must(base::writeFile(file, base::ByteView(png.bytes)));
    painter.forget();
}

void reportWorst(const TilesetFolder& city,
                 TilePainter& painter,
                 const std::vector<Measure>& measures,
                 const std::optional<fs::path>& folder) {
    fmt::print("\nworst by PSNR\n");
    if (folder) {
        must(base::makeFolder(*folder));
    }
    int place = 0;
    for (const Measure& measure : worstFive(measures, &Measure::decibels)) {
        fmt::print("{}. {}\n", ++place, describe(city, measure));
        if (folder) {
            writePicture(city, painter, measure, *folder / fmt::format("worst_{}.png", place));
        }
    }
    fmt::print("worst by coverage\n");
    for (const Measure& measure : worstFive(measures, &Measure::coverage)) {
        fmt::print("   {}\n", describe(city, measure));
    }
}

bool printVerdicts(const std::vector<Measure>& measures) {
    const double mean = meanOf(sortedValues(measures, &Measure::decibels));
    const double least = sortedValues(measures, &Measure::decibels).front();
    const double coverage = sortedValues(measures, &Measure::coverage).front();
    const auto verdict = [](bool holds) { return holds ? "holds" : "DOES NOT HOLD"; };
    fmt::print("\nmean {:.2f} dB, at least {:g}: {}\n",
               mean,
               kLeastMeanDecibels,
               verdict(mean >= kLeastMeanDecibels));
    fmt::print("least {:.2f} dB, at least {:g}: {}\n",
               least,
               kLeastDecibels,
               verdict(least >= kLeastDecibels));
    fmt::print("least coverage {:.2f} %, at least {:.1f}: {}\n",
               100.0 * coverage,
               100.0 * kLeastCoverage,
               verdict(coverage >= kLeastCoverage));
    return mean >= kLeastMeanDecibels && least >= kLeastDecibels && coverage >= kLeastCoverage;
}

void sayProgress(std::size_t done, std::size_t all) {
    if (::isatty(STDERR_FILENO) != 0) {
        fmt::print(stderr, "\r{} of {} nodes{}", done, all, done == all ? "\n" : "");
    }
}

bool run(const Arguments& arguments) {
    auto city = must(TilesetFolder::open(arguments.city));
    must(city.attachAll());
    const auto painter = must(TilePainter::create(city));
    const Tiles nodes = measuredNodes(city, arguments.prefix);
    if (nodes.empty()) {
        throw std::runtime_error(arguments.city.string() + ": no node's content lies below " +
                                 arguments.prefix);
    }
    std::vector<Measure> measures;
    for (const std::size_t node : nodes) {
        const auto ofNode = measureNode(city, *painter, node, arguments.mostLeaves);
        measures.insert(measures.end(), ofNode.begin(), ofNode.end());
        sayProgress(measures.size() / kViews.size(), nodes.size());
    }
    printTable(measures);
    reportWorst(city, *painter, measures, arguments.pictures);
    return printVerdicts(measures);
}

std::optional<Arguments> parse(int argc, char** argv) {
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const bool hasValue = i + 1 < argc;
        if (word == "--pictures" && hasValue) {
            arguments.pictures = argv[++i];
        } else if (word == "--nodes" && hasValue) {
            arguments.prefix = argv[++i];
        } else if (word == "--most-leaves" && hasValue) {
            arguments.mostLeaves = static_cast<std::size_t>(std::atoll(argv[++i]));
        } else if (arguments.city.empty() && !word.starts_with("--")) {
            arguments.city = word;
        } else {
            return std::nullopt;
        }
    }
    return arguments.city.empty() ? std::nullopt : std::optional(arguments);
}

} // namespace

int main(int argc, char** argv) {
    const auto arguments = parse(argc, argv);
    if (!arguments) {
        fmt::print(stderr,
                   "bench_overview CITY [--pictures FOLDER] [--nodes PREFIX] [--most-leaves N]\n");
        return 2;
    }
    return tests::exitCodeOf([&] { return run(*arguments); });
}
