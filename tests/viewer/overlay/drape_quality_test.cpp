#include "tests/viewer/overlay/draped_city.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

// What an eye would object to: rough edges, dashes that crawl, layers on the wrong surfaces.

namespace viewer::overlay {
namespace {

constexpr Colour kWhite{255, 255, 255};

double metresPerPixel(double height) {
    return 2.0 * height * std::tan(std::numbers::pi / 6.0) / kHeight;
}

/// Of the plane, straight below a camera at `view`.
glm::dvec2 placeAt(const View& view, double x, double y) {
    const double metres = metresPerPixel(view.place.z - kTop);
    return {view.place.x + (x - kWidth / 2.0) * metres,
            view.place.y - (y - kHeight / 2.0) * metres};
}

/// How much of the way from the bare picture to white a pixel has gone.
double whiteness(const Raster& bare, const Raster& draped, int x, int y) {
    double gone = 0.0;
    double way = 0.0;
    const Colour from = pixelAt(bare, x, y);
    const Colour to = pixelAt(draped, x, y);
    for (std::size_t i = 0; i < from.size(); ++i) {
        gone += to.at(i) - from.at(i);
        way += kWhite.at(i) - from.at(i);
    }
    return way > 0.0 ? gone / way : 0.0;
}

VectorLayer eastward() {
    VectorLayer layer{.name = "line", .kind = pipeline::planning::GeometryKind::Line};
    layer.features.push_back({.geometry = {.lines = {{{-95.0, 0.0}, {95.0, 0.0}}}}});
    return layer;
}

LayerStyle whiteLine(float width) {
    LayerStyle style;
    style.other.lineColour = {1.0F, 1.0F, 1.0F};
    style.other.lineWidth = width;
    style.other.casingPixels = 0.0F;
    return style;
}

LayerStyle whiteSurface() {
    LayerStyle style = whiteLine(0.0F);
    style.other.fill = FillKind::Solid;
    style.other.fillColour = {1.0F, 1.0F, 1.0F};
    style.other.fillAlpha = 1.0F;
    return style;
}

TEST_F(DrapedCity, edgesCoverPixelsAsSamplesSay) {
    const LayerStyle style = whiteSurface();
    constexpr int kAcross = 16;
    constexpr int kSamples = kAcross * kAcross;
    const Ring triangle{{-71.0, -43.0}, {83.0, -17.0}, {-13.0, 77.0}};
    const auto isInside = [&](const glm::dvec2& p) {
        for (std::size_t i = 0; i < 3; ++i) {
            const glm::dvec2 a = triangle.at(i);
            const glm::dvec2 b = triangle.at((i + 1) % 3);
            if ((b.x - a.x) * (p.y - a.y) < (b.y - a.y) * (p.x - a.x)) {
                return false;
            }
        }
        return true;
    };
    for (const double height : {150.0, 350.0, 1200.0}) {
        const View view{{0.7, 0.3, kTop + height}};
        const Raster bare = render(view, {});
        const Raster draped = render(view, {.layers = {layerOf({triangle})}, .styles = {style}});
        double error = 0.0;
        int edgePixels = 0;
        for (int i = 0; i < kWidth * kHeight; ++i) {
            int inside = 0;
            for (int sample = 0; sample < kSamples; ++sample) {
                inside += isInside(placeAt(view,
                                           i % kWidth + (sample % kAcross + 0.5) / kAcross,
                                           i / kWidth + (sample / kAcross + 0.5) / kAcross))
                              ? 1
                              : 0;
            }
            if (inside > 0 && inside < kSamples) {
                ++edgePixels;
                error += std::abs(whiteness(bare, draped, i % kWidth, i / kWidth) -
                                  static_cast<double>(inside) / kSamples);
            }
        }
        ASSERT_GT(edgePixels, 30);
        EXPECT_LE(error / edgePixels, 0.02) << height;
        RecordProperty("meanError" + std::to_string(static_cast<int>(height)),
                       std::to_string(error / edgePixels));
    }
}

/// Eastings at which dashes begin and end.
std::vector<double> dashEnds(const View& view, const Raster& bare, const Raster& draped) {
    const double metres = metresPerPixel(view.place.z - kTop);
    const int y = static_cast<int>(kHeight / 2.0 + view.place.y / metres);
    std::vector<double> ends;
    for (int x = 1; x < kWidth; ++x) {
        const double before = whiteness(bare, draped, x - 1, y);
        const double here = whiteness(bare, draped, x, y);
        if ((before < 0.5) != (here < 0.5)) {
            const double at = x - 0.5 + (0.5 - before) / (here - before);
            ends.push_back(placeAt(view, at, 0).x);
        }
    }
    return ends;
}

TEST_F(DrapedCity, dashesStayWhereTheyAreAsTheCameraMoves) {
    LayerStyle style = whiteLine(5.0F);
    style.other.dash = 12.0F;
    style.other.gap = 12.0F;
    const auto endsAt = [&](const View& view) {
        return dashEnds(
            view, render(view, {}), render(view, {.layers = {eastward()}, .styles = {style}}));
    };
    const View first{{0.0, 0.2, kTop + 100.0}};
    const View second{{3.7, -0.3, kTop + 106.0}};
    const std::vector<double> known = endsAt(first);
    ASSERT_GE(known.size(), 6U);
    for (const double end : endsAt(second)) {
        if (end < known.front() - 1.0 || end > known.back() + 1.0) {
            continue;
        }
        const auto nearest =
            std::ranges::min_element(known, {}, [&](double one) { return std::abs(one - end); });
        EXPECT_NEAR(end, *nearest, 0.5 * metresPerPixel(106.0));
    }
    for (std::size_t i = 2; i < known.size(); ++i) {
        const double period = known[i] - known[i - 2];
        EXPECT_NEAR(std::log2(period), std::round(std::log2(period)), 0.05);
    }
}

TEST_F(DrapedCity, aCarpetOfParcelsHasItsColourFromFarAway) {
    std::vector<Ring> parcels;
    for (int x = -8; x < 8; ++x) { // 64 m: what shares are told of at 2 km
        for (int y = -8; y < 8; ++y) {
            const glm::dvec2 low(x * 8.0, y * 8.0);
            if ((x + y) % 2 == 0) {
                parcels.push_back({low, low + glm::dvec2(8, 0), low + 8.0, low + glm::dvec2(0, 8)});
            }
        }
    }
    const LayerStyle style = whiteSurface();
    for (const double height : {1000.0, 1500.0, 2000.0}) {
        const View view{{0.0, 0.0, kTop + height}};
        const Raster bare = render(view, {});
        const Raster draped = render(view, {.layers = {layerOf(parcels)}, .styles = {style}});
        const int reach = static_cast<int>(56.0 / metresPerPixel(height));
        double sum = 0.0;
        int count = 0;
        for (int y = -reach; y < reach; ++y) {
            for (int x = -reach; x < reach; ++x, ++count) {
                sum += whiteness(bare, draped, kWidth / 2 + x, kHeight / 2 + y);
            }
        }
        EXPECT_NEAR(sum / count, 0.5, 0.06) << height;
    }
}

TEST_F(DrapedCity, onLevelLandLayersNearTheGroundAreDrawnAsOnAllSurfaces) {
    const View view{{0, 0, 250}};
    LayerStyle style = whiteLine(3.0F);
    const Raster all = render(view, {.layers = {eastward()}, .styles = {style}});
    style.mode = DrapeMode::NearGround;
    const Raster near = render(view, {.layers = {eastward()}, .styles = {style}});
    EXPECT_EQ(pixelAt(near, kWidth / 2, kHeight / 2), pixelAt(all, kWidth / 2, kHeight / 2));
    EXPECT_EQ(near.pixels, render(view, {.layers = {eastward()}, .styles = {style}}).pixels);
}

} // namespace
} // namespace viewer::overlay
