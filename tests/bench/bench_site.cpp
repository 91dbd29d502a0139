// What a site check costs: random sites of 10 ha over all layers of a GeoPackage.
//   bench_site FILE [SITES]
// Prints opening, then median, 99th percentile and greatest time of a check, and what it takes of
// the processor on a busy machine, with the defaults of the legend. Exits with 1 above the
// specification's 1 s.

#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/site/site_check.h"
#include "tests/support/must.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace planning = pipeline::planning;
namespace site = pipeline::planning::site;
using tests::must;

constexpr double kLimitSeconds = 1.0;
constexpr double kSideMetres = 316.23; // 10 ha

double secondsOf(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

planning::PlaneBox extentOf(const planning::LayerStore& store) {
    planning::PlaneBox extent;
    for (const planning::LayerInfo& layer : store.layers()) {
        if (!layer.extent.isEmpty()) {
            extent.add(layer.extent.low);
            extent.add(layer.extent.high);
        }
    }
    return extent;
}

site::Site squareAt(const glm::dvec2& low) {
    const double side = kSideMetres;
    return must(site::siteFrom("bench",
                               {.polygons = {{.outer = {low,
                                                        low + glm::dvec2(side, 0),
                                                        low + glm::dvec2(side, side),
                                                        low + glm::dvec2(0, side)}}}}));
}

bool run(const std::vector<std::string>& words) {
    if (words.empty()) {
        throw std::runtime_error("see the head of bench_site.cpp");
    }
    std::shared_ptr<const planning::LayerStore> store;
    const double opening = secondsOf([&] { store = must(planning::LayerStore::open({words[0]})); });
    fmt::print("{} layers opened in {:.2f} s\n", store->layers().size(), opening);
    const std::size_t count = words.size() > 1 ? std::stoul(words[1]) : 100;
    const planning::PlaneBox extent = extentOf(*store);
    std::mt19937 random(1);
    std::uniform_real_distribution<double> share(0.1, 0.9);
    site::SiteRules rules;
    rules.legend = must(pipeline::planning::style::Legend::builtIn());
    std::vector<double> seconds;
    const std::clock_t cpuStart = std::clock();
    std::size_t layers = 0;
    std::size_t features = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const glm::dvec2 at(share(random), share(random));
        const site::Site place = squareAt(extent.low + (extent.high - extent.low) * at);
        seconds.push_back(secondsOf([&] {
            const site::SiteReport report = must(site::checkSite(
                *store, place, rules, {.threads = std::thread::hardware_concurrency()}));
            layers += report.layers.size();
            for (const site::LayerFinding& layer : report.layers) {
                features += layer.features.size();
            }
        }));
    }
    const double cpuSeconds =
        static_cast<double>(std::clock() - cpuStart) / static_cast<double>(CLOCKS_PER_SEC);
    std::ranges::sort(seconds);
    fmt::print("{} checks of 10 ha, {} layers and {} features touched each: median {:.3f} s, 99 % "
               "{:.3f} s, most {:.3f} s (limit {:.1f} s); {:.3f} s of processor each\n",
               count,
               layers / count,
               features / count,
               seconds[count / 2],
               seconds[count * 99 / 100],
               seconds.back(),
               kLimitSeconds,
               cpuSeconds / static_cast<double>(count));
    return seconds[count * 99 / 100] <= kLimitSeconds;
}

} // namespace

int main(int argc, char** argv) {
    return tests::exitCodeOf([&] { return run({argv + 1, argv + argc}); });
}
