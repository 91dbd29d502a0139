#include "tests/bench/drape_cost.h"

#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/vector_writer.h"
#include "tests/support/must.h"
#include "viewer/overlay/layer_set.h"
#include "viewer/render/framebuffer.h"
#include "viewer/render/offscreen_city.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>
#include <glm/trigonometric.hpp>
#include <osg/GL>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace camera = viewer::camera;
namespace overlay = viewer::overlay;
namespace planning = pipeline::planning;
namespace render = viewer::render;
using tests::must;
using tiles3d::geo::Angle;

struct FixedView {
    const char* name = "";
    glm::dvec3 eye{0.0}; ///< From the city's middle, above its ground.
    double headingDegrees = 0.0;
    double pitchDegrees = 0.0;
};

constexpr std::array<FixedView, 5> kViews{{{"from above", {0.0, 0.0, 220.0}, 20.0, -90.0},
                                           {"aslant", {0.0, -200.0, 180.0}, 10.0, -40.0},
                                           {"low", {40.0, -160.0, 60.0}, -20.0, -18.0},
                                           {"street", {-10.0, -60.0, 25.0}, 35.0, -8.0},
                                           {"all of it", {0.0, -420.0, 330.0}, 0.0, -38.0}}};
constexpr std::array<std::size_t, 4> kCounts{0, 1, 5, 20};

/// Parcels of 64 m, their sides in four edges, over 2 km round the origin.
planning::VectorLayer carpet(std::size_t number, const std::string& crs) {
    constexpr double kSide = 64.0;
    constexpr int kEdges = 4;
    constexpr int kParcels = 16; // to each side
    const double turn = glm::radians(7.0 * static_cast<double>(number));
    const glm::dvec2 east(std::cos(turn), std::sin(turn));
    const glm::dvec2 north(-east.y, east.x);
    planning::VectorLayer layer{.name = fmt::format("carpet {:02}", number), .crs = crs};
    for (int y = -kParcels; y < kParcels; ++y) {
        for (int x = -kParcels; x < kParcels; ++x) {
            planning::Ring ring;
            for (int i = 0; i < 4 * kEdges; ++i) {
                const double along = static_cast<double>(i % kEdges) / kEdges;
                const std::array<glm::dvec2, 4> sides{glm::dvec2(along, 0.0),
                                                      glm::dvec2(1.0, along),
                                                      glm::dvec2(1.0 - along, 1.0),
                                                      glm::dvec2(0.0, 1.0 - along)};
                const glm::dvec2 at =
                    (glm::dvec2(x, y) + sides.at(static_cast<std::size_t>(i / kEdges))) * kSide;
                ring.push_back(at.x * east + at.y * north);
            }
            layer.features.push_back({.geometry = {.polygons = {{.outer = ring}}}});
        }
    }
    return layer;
}

planning::style::Symbol carpetSymbol(std::size_t number) {
    const auto shade = [&](std::size_t step) {
        return 0.3F + 0.6F * static_cast<float>(number * step % 7) / 6.0F;
    };
    return {.fill = planning::style::FillKind::Solid,
            .fillColour = {shade(1), shade(2), shade(3)},
            .lineColour = {shade(3), shade(1), shade(2)}};
}

/// The city with the layers that are measured.
class Stage {
public:
    explicit Stage(const DrapeCostOptions& options)
        : city_(must(render::OffscreenCity::open({.tilesets = {options.city}}))),
          target_(must(render::Framebuffer::make(view_.widthPixels, view_.heightPixels))) {
        city_->canvas().setTarget(*target_);
        city_->city().frame().resize({view_.widthPixels, view_.heightPixels, 1});
        const auto store = must(planning::LayerStore::open({fileOf(options)}));
        std::vector<planning::style::LayerStyle> styles;
        for (std::size_t i = 0; i < store->layers().size(); ++i) {
            styles.push_back({.other = carpetSymbol(i)});
        }
        layers_ = must(overlay::LayerSet::create(
            store,
            std::move(styles),
            {.scene = city_->city().sceneFrame(),
             .halfExtentMetres = render::drapedExtentMetres(city_->city())}));
    }

    std::string rendererName() const { return city_->rendererName(); }
    std::string summary() const { return layers_->summary(); }
    std::size_t count() const { return layers_->count(); }

    /// All is loaded and drawn once; none: without a draping pass.
    void show(const FixedView& view, std::size_t count) {
        for (std::size_t i = 0; i < layers_->count(); ++i) {
            layers_->setVisible(i, i < count);
        }
        city_->city().setLayers(count > 0 ? layers_ : nullptr);
        render::settle(city_->city(), city_->canvas(), poseOf(view), view_.lens(), {});
        draw();
    }

    void draw() {
        city_->canvas().draw();
        glFinish();
    }

private:
    std::filesystem::path fileOf(const DrapeCostOptions& options) const {
        if (!options.layers.empty()) {
            return options.layers;
        }
        const std::string crs = overlay::localPlane(city_->city().sceneFrame());
        std::vector<planning::VectorLayer> layers;
        for (std::size_t i = 0; i < kCounts.back(); ++i) {
            layers.push_back(carpet(i, crs));
        }
        const auto file = std::filesystem::temp_directory_path() /
                          fmt::format("city3d-carpets-{}.gpkg", ::getpid());
        must(planning::writeGeoPackage(file, layers));
        return file;
    }

    camera::CameraPose poseOf(const FixedView& view) const {
        const auto& frame = city_->city().sceneFrame();
        const double ground = camera::groundHeightOf(render::outlineOf(city_->city()));
        const glm::dvec3 eye = view.eye + glm::dvec3(0.0, 0.0, ground - groundOfFrame());
        return {.position = tiles3d::geo::toCartographic(frame.toEcef({eye})),
                .heading = Angle::degrees(view.headingDegrees),
                .pitch = Angle::degrees(view.pitchDegrees)};
    }

    double groundOfFrame() const { return city_->city().sceneFrame().origin().heightMetres; }

    render::PictureView view_{.widthPixels = 1280, .heightPixels = 720};
    planning::GdalRuntime gdal_;
    std::unique_ptr<render::OffscreenCity> city_;
    std::unique_ptr<render::Framebuffer> target_;
    std::shared_ptr<overlay::LayerSet> layers_;
};

struct Cost {
    double wallMs = 0.0;
    double cpuMs = 0.0; // of all threads
};

double processorMs() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec) * 1e3 +
           static_cast<double>(usage.ru_utime.tv_usec) / 1e3;
}

Cost frameCost(Stage& stage) {
    constexpr int kFrames = 2;
    const double cpu = processorMs();
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < kFrames; ++i) {
        stage.draw();
    }
    const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - start;
    return {wall.count() / kFrames, (processorMs() - cpu) / kFrames};
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// In turn, round by round.
std::vector<Cost> costsAt(Stage& stage,
                          const FixedView& view,
                          const std::vector<std::size_t>& counts,
                          std::size_t rounds) {
    std::vector<std::vector<double>> wall(counts.size());
    std::vector<std::vector<double>> cpu(counts.size());
    for (std::size_t round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < counts.size(); ++i) {
            stage.show(view, counts[i]);
            const Cost cost = frameCost(stage);
            wall[i].push_back(cost.wallMs);
            cpu[i].push_back(cost.cpuMs);
        }
    }
    std::vector<Cost> costs;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        costs.push_back({median(wall[i]), median(cpu[i])});
    }
    return costs;
}

double added(double value, double base) {
    constexpr double kPercent = 100.0;
    return (value / base - 1.0) * kPercent;
}

} // namespace

bool drapeCost(const DrapeCostOptions& options) {
    Stage stage(options);
    std::vector<std::size_t> counts(kCounts.begin(), kCounts.end());
    if (!options.layers.empty()) {
        counts = {0, stage.count()};
    }
    fmt::print("{}\n{:<12}{:>8}{:>10}{:>10}{:>10}{:>10}\n",
               stage.rendererName(),
               "view",
               "layers",
               "wall ms",
               "adds %",
               "cpu ms",
               "adds %");
    if (::getenv("OVC")) {
        counts.clear();
        std::stringstream ss(::getenv("OVC"));
        std::size_t n;
        while (ss >> n) {
            counts.push_back(n);
        }
    }
    std::vector<std::vector<double>> shares(counts.size());
    const int most = ::getenv("OVV") ? atoi(::getenv("OVV")) : 5;
    int seen = 0;
    for (const FixedView& view : kViews) {
        if (seen++ >= most) {
            break;
        }
        const std::vector<Cost> costs = costsAt(stage, view, counts, options.rounds);
        for (std::size_t i = 0; i < counts.size(); ++i) {
            shares[i].push_back(added(costs[i].cpuMs, costs[0].cpuMs));
            fmt::print("{:<12}{:>8}{:>10.1f}{:>10.0f}{:>10.1f}{:>10.0f}\n",
                       view.name,
                       counts[i],
                       costs[i].wallMs,
                       added(costs[i].wallMs, costs[0].wallMs),
                       costs[i].cpuMs,
                       shares[i].back());
            std::fflush(stdout);
        }
    }
    fmt::print("{}\n", stage.summary());
    bool holds = true;
    constexpr std::array<double, 2> kLimits{30.0, 100.0};
    for (std::size_t i = 1; i < std::min(counts.size(), kLimits.size() + 1); ++i) {
        const double share = median(shares[i]);
        const double limit = kLimits.at(i - 1);
        holds = holds && share <= limit;
        fmt::print(
            "{} layers add {:.0f} % of processor time (median of the views), at most {:.0f} {}\n",
            counts[i],
            share,
            limit,
            share <= limit ? "holds" : "DOES NOT HOLD");
    }
    return holds;
}
