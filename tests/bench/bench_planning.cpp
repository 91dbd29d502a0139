// What planning layers cost: import, opening, what lies at a place, filters, site checks.
//   bench_planning [--features N] [--layers N] [--load FOLDER] [--store FILE] [--places N]
// Writes `city3d sample --planning-load` (2,000,000 features in 600 layers unless said), imports it
// and asks the store. --load: a load that is written already; --store: a GeoPackage that is
// imported already. Beside our times stand those of GDAL's own programs in the same run: ogr2ogr
// importing the largest subcategory, ogrinfo with a spatial filter over all layers (it opens the
// file anew every time), ogr2ogr with the same filter. Exits with 1 above a limit of the
// specification.

#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/identify.h"
#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/site/site_check.h"
#include "tests/bench/program_cost.h"
#include "tests/support/must.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace bench = tests::bench;
namespace fs = std::filesystem;
namespace planning = pipeline::planning;
using tests::must;

struct Arguments {
    std::size_t features = 2'000'000;
    std::size_t layers = 600;
    std::size_t places = 2000;
    fs::path load;
    fs::path store;
};

Arguments parse(const std::vector<std::string>& words) {
    Arguments arguments;
    for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
        const std::string& value = words[i + 1];
        if (words[i] == "--features") {
            arguments.features = std::stoul(value);
        } else if (words[i] == "--layers") {
            arguments.layers = std::stoul(value);
        } else if (words[i] == "--places") {
            arguments.places = std::stoul(value);
        } else if (words[i] == "--load") {
            arguments.load = value;
        } else if (words[i] == "--store") {
            arguments.store = value;
        } else {
            throw std::runtime_error(words[i] + ": see the head of bench_planning.cpp");
        }
    }
    return arguments;
}

double secondsOf(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Prints rows; remembers whether all kept their limits.
class Table {
public:
    Table() { fmt::print("| what | ours | limit | GDAL |\n|---|---|---|---|\n"); }

    void add(const std::string& what, const std::string& ours, const std::string& peer = "-") {
        fmt::print("| {} | {} | - | {} |\n", what, ours, peer);
    }

    struct Limit {
        std::string text;
        bool isKept = true;
    };
    void add(const std::string& what,
             const std::string& ours,
             const Limit& limit,
             const std::string& peer = "-") {
        fmt::print(
            "| {} | {}{} | {} | {} |\n", what, ours, limit.isKept ? "" : " (!)", limit.text, peer);
        isFine = isFine && limit.isKept;
    }

    bool isFine = true;
};

/// The p-th part of the sorted values.
double quantile(std::vector<double> values, double p) {
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(p * static_cast<double>(values.size() - 1))];
}

/// Resident memory of this process.
double residentMegabytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) {
            return std::stod(line.substr(6)) / 1024.0;
        }
    }
    return 0.0;
}

std::shared_ptr<const planning::LayerStore> openStore(const fs::path& file, Table& table) {
    constexpr double kMegabyte = 1e6;
    const double before = residentMegabytes();
    std::shared_ptr<const planning::LayerStore> store;
    const double seconds = secondsOf([&] { store = must(planning::LayerStore::open({file})); });
    std::size_t features = 0;
    for (const planning::LayerInfo& layer : store->layers()) {
        features += layer.features;
    }
    const double index = static_cast<double>(store->indexBytes()) / kMegabyte;
    const double ogrSeconds =
        bench::runProgram({"/usr/bin/ogrinfo", "-ro", "-so", "-al", file.string()}).wallSeconds;
    table.add("layers, features", fmt::format("{}, {}", store->layers().size(), features));
    table.add("open",
              fmt::format("{:.2f} s", seconds),
              Table::Limit{"3 s", seconds <= 3.0},
              fmt::format("{:.2f} s (ogrinfo -so, no index)", ogrSeconds));
    table.add("index", fmt::format("{:.1f} MB", index), Table::Limit{"400 MB", index <= 400.0});
    table.add("resident memory after opening",
              fmt::format("{:.0f} MB more", residentMegabytes() - before));
    return store;
}

planning::PlaneBox extentOf(const planning::LayerStore& store) {
    planning::PlaneBox all;
    for (const planning::LayerInfo& layer : store.layers()) {
        if (!layer.extent.isEmpty()) {
            all.add(layer.extent.low);
            all.add(layer.extent.high);
        }
    }
    return all;
}

/// Anywhere in the store's extent, the sea included.
class Places {
public:
    explicit Places(const planning::PlaneBox& extent)
        : x_(extent.low.x, extent.high.x), y_(extent.low.y, extent.high.y) {}
    glm::dvec2 next() { return {x_(random_), y_(random_)}; }

private:
    std::mt19937 random_{1};
    std::uniform_real_distribution<double> x_;
    std::uniform_real_distribution<double> y_;
};

void measureIdentify(const fs::path& file,
                     const planning::LayerStore& store,
                     std::size_t count,
                     Table& table) {
    constexpr double kToleranceMetres = 5.0;
    constexpr double kMilli = 1e3;
    Places places(extentOf(store));
    std::vector<double> milliseconds;
    std::size_t found = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const glm::dvec2 place = places.next();
        milliseconds.push_back(kMilli * secondsOf([&] {
                                   const auto all = must(planning::identify(
                                       store, place, {.toleranceMetres = kToleranceMetres}));
                                   found += all.features.size();
                               }));
    }
    std::vector<double> ogr;
    for (int i = 0; i < 5; ++i) {
        const glm::dvec2 low = places.next() - kToleranceMetres;
        const glm::dvec2 high = low + 2.0 * kToleranceMetres;
        const auto text = [](double value) { return fmt::format("{:.3f}", value); };
        ogr.push_back(bench::runProgram({"/usr/bin/ogrinfo",
                                         "-ro",
                                         "-q",
                                         "-al",
                                         "-spat",
                                         text(low.x),
                                         text(low.y),
                                         text(high.x),
                                         text(high.y),
                                         file.string()})
                          .wallSeconds);
    }
    const double p99 = quantile(milliseconds, 0.99);
    table.add("identify over all layers, p50",
              fmt::format("{:.2f} ms", quantile(milliseconds, 0.5)),
              fmt::format("{:.0f} ms (ogrinfo -spat)", kMilli * quantile(ogr, 0.5)));
    table.add("identify over all layers, p99",
              fmt::format("{:.2f} ms", p99),
              Table::Limit{"20 ms", p99 <= 20.0});
    table.add("identify, slowest", fmt::format("{:.2f} ms", quantile(milliseconds, 1.0)));
    table.add("features at a place",
              fmt::format("{:.1f}", static_cast<double>(found) / static_cast<double>(count)));
}

/// Squares of 10 ha on land and sea, without rules.
void measureSites(const planning::LayerStore& store, Table& table) {
    constexpr int kSites = 20;
    const double side = std::sqrt(10.0 * 1e4);
    Places places(extentOf(store));
    std::vector<double> seconds;
    for (int i = 0; i < kSites; ++i) {
        const glm::dvec2 low = places.next();
        const glm::dvec2 high = low + side;
        const planning::Geometry drawn{
            .polygons = {{{low, {high.x, low.y}, high, {low.x, high.y}}, {}}}};
        const auto site = must(planning::site::siteFrom("10 ha", drawn));
        seconds.push_back(
            secondsOf([&] { (void)must(planning::site::checkSite(store, site, {})); }));
    }
    const double slowest = quantile(seconds, 1.0);
    table.add("site check of 10 ha over all layers, p50",
              fmt::format("{:.3f} s", quantile(seconds, 0.5)));
    table.add("site check of 10 ha over all layers, slowest",
              fmt::format("{:.3f} s", slowest),
              Table::Limit{"1 s", slowest <= 1.0});
}

/// The rows that a program's import has to write.
double featuresIn(const fs::path& file) {
    double features = 0.0;
    const auto store = must(planning::LayerStore::open({file}));
    for (const planning::LayerInfo& layer : store->layers()) {
        features += static_cast<double>(layer.features);
    }
    return features;
}

/// Imports the load; beside it, the largest of its GeoPackages by ogr2ogr and by ourselves.
fs::path import(const fs::path& load, const bench::ScratchFolder& scratch, Table& table) {
    const fs::path file = scratch / "planning.gpkg";
    const auto importAs = [&](const fs::path& source, const fs::path& out, const char* jobs) {
        return bench::runProgram({CITY3D_PROGRAM,
                                  "layers",
                                  "import",
                                  source.string(),
                                  "--out",
                                  out.string(),
                                  "--plane-crs",
                                  "EPSG:4548",
                                  "--jobs",
                                  jobs});
    };
    const bench::ProgramCost whole = importAs(load / "city.json", file, "2");
    const double perSecond = featuresIn(file) / whole.wallSeconds;
    fs::path largest;
    for (const auto& entry : fs::recursive_directory_iterator(load)) {
        const bool isLarger = entry.path().extension() == ".gpkg" &&
                              (largest.empty() || entry.file_size() > fs::file_size(largest));
        largest = isLarger ? entry.path() : largest;
    }
    const double features = featuresIn(largest);
    const auto one = importAs(largest, scratch / "one.gpkg", "1");
    const auto ogr = bench::runProgram({"/usr/bin/ogr2ogr",
                                        "-f",
                                        "GPKG",
                                        "-makevalid",
                                        "-t_srs",
                                        "EPSG:4548",
                                        (scratch / "ogr.gpkg").string(),
                                        largest.string()});
    table.add("import of the load, 2 cores",
              fmt::format("{:.0f} features/s, {:.1f} s, {:.0f} MB",
                          perSecond,
                          whole.wallSeconds,
                          whole.peakMegabytes),
              Table::Limit{"50000 features/s", perSecond >= 50'000.0});
    table.add(fmt::format("import of its largest file, {:.0f} features, 1 core", features),
              fmt::format("{:.0f} features/CPU s", features / one.cpuSeconds),
              fmt::format("{:.0f} features/CPU s (ogr2ogr -makevalid)", features / ogr.cpuSeconds));
    return file;
}

std::uint32_t largestLayer(const planning::LayerStore& store) {
    const auto largest =
        std::ranges::max_element(store.layers(), {}, &planning::LayerInfo::features);
    return static_cast<std::uint32_t>(largest - store.layers().begin());
}

void measureRows(const fs::path& file, const planning::LayerStore& store, Table& table) {
    const std::uint32_t layer = largestLayer(store);
    const planning::LayerInfo& info = store.layers()[layer];
    const std::string where = "XZQDM = '350203'";
    std::vector<std::int64_t> ids;
    const auto ask = [&](const planning::RowQuery& query) {
        return secondsOf([&] { ids = must(store.rows(layer, query)); });
    };
    const double all = ask({});
    table.add(fmt::format("all {} rows of the largest layer", ids.size()),
              fmt::format("{:.2f} s", all));
    table.add("the same ordered by a field",
              fmt::format("{:.2f} s", ask({.orderBy = info.fields.back().name})));
    const double filter = ask({.where = where});
    const double ogr = bench::runProgram({"/usr/bin/ogr2ogr",
                                          "-f",
                                          "CSV",
                                          "/vsistdout/",
                                          file.string(),
                                          info.table,
                                          "-where",
                                          where,
                                          "-select",
                                          "BSM"})
                           .wallSeconds;
    table.add(fmt::format("filter, {} rows left", ids.size()),
              fmt::format("{:.2f} s", filter),
              fmt::format("{:.2f} s (ogr2ogr -where)", ogr));
    constexpr std::size_t kPage = 100'000;
    std::vector<planning::FeatureRef> page;
    for (std::size_t i = 0; i < std::min(kPage, ids.size()); ++i) {
        page.push_back({layer, ids[i]});
    }
    const auto read = [&](planning::Parts parts) {
        const double seconds = secondsOf([&] { (void)must(store.read(page, parts)); });
        return fmt::format("{:.2f} s", seconds);
    };
    table.add(fmt::format("read {} features, attributes", page.size()),
              read(planning::Parts::Attributes));
    table.add(fmt::format("read {} features, all", page.size()), read(planning::Parts::All));
}

} // namespace

int main(int argc, char** argv) {
    return tests::exitCodeOf([&] {
        Arguments arguments = parse(std::vector<std::string>(argv + 1, argv + argc));
        const planning::GdalRuntime gdal;
        const bench::ScratchFolder scratch;
        Table table;
        if (arguments.store.empty()) {
            if (arguments.load.empty()) {
                arguments.load = scratch / "load";
                bench::runProgram({CITY3D_PROGRAM,
                                   "sample",
                                   arguments.load.string(),
                                   "--planning-load",
                                   "--features",
                                   std::to_string(arguments.features),
                                   "--layers",
                                   std::to_string(arguments.layers)});
            }
            arguments.store = import(arguments.load, scratch, table);
        }
        const auto store = openStore(arguments.store, table);
        measureIdentify(arguments.store, *store, arguments.places, table);
        measureRows(arguments.store, *store, table);
        measureSites(*store, table);
        return table.isFine;
    });
}
