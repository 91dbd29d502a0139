#include "viewer/overlay/wanted_pages.h"

#include <glm/geometric.hpp>
#include <glm/matrix.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace viewer::overlay {

using pipeline::planning::PlaneBox;

namespace {

/// Beyond that ground is seen so flatly that its own level shows no more than this one.
constexpr int kMostSlantLevels = 4;
/// Tiles of pixels are looked up in coarser pages than their pixels.
constexpr int kTileLevels = 2;

class Search {
public:
    Search(const DrapeView& view, const PlaneExpansion& plane, const PlaneBox& extent)
        : view_(view), plane_(plane), extent_(extent),
          toScene_(glm::inverse(glm::dmat3(plane.east(), plane.north(), plane.up()))) {}

    std::vector<PageKey> run() {
        constexpr int kTop = kLevels - 1;
        constexpr int kAround = 2; // pages of the coarsest level, each 65 km
        const double side = pageMetres(kTop);
        const glm::dvec2 eye = glm::floor(plane_.eyeOnPlane(view_.eye) / side);
        for (int north = -kAround; north <= kAround; ++north) {
            for (int east = -kAround; east <= kAround; ++east) {
                visit({kTop,
                       static_cast<std::int32_t>(eye.x) + east,
                       static_cast<std::int32_t>(eye.y) + north});
            }
        }
        std::ranges::stable_sort(found_, [](const Found& a, const Found& b) {
            return a.page.level != b.page.level ? a.page.level > b.page.level : a.depth < b.depth;
        });
        std::vector<PageKey> pages;
        std::ranges::transform(found_, std::back_inserter(pages), &Found::page);
        return pages;
    }

private:
    struct Found {
        PageKey page;
        double depth = 0.0;
    };

    struct Seen {
        double nearest = 0.0;  // depth, metres
        double farthest = 0.0; // distance
    };

    /// Corners of the page's block of space; the ground falls away with the distance.
    std::array<glm::dvec3, 8> cornersOf(const PlaneBox& box) const {
        constexpr double kEarthRadius = 6378137.0;
        const glm::dvec2 focus = glm::dvec2(plane_.at);
        const glm::dvec2 far = glm::max(glm::abs(box.low - focus), glm::abs(box.high - focus));
        const double drop = glm::dot(far, far) / (2.0 * kEarthRadius);
        std::array<glm::dvec3, 8> corners;
        for (std::size_t i = 0; i < corners.size(); ++i) {
            const glm::dvec3 place((i & 1U) != 0 ? box.high.x : box.low.x,
                                   (i & 2U) != 0 ? box.high.y : box.low.y,
                                   (i & 4U) != 0 ? view_.highMetres : view_.lowMetres - drop);
            // Heights of the scene's frame stand for those above the ellipsoid.
            const glm::dvec3 scene =
                plane_.focus +
                (place - glm::dvec3(plane_.at.x, plane_.at.y, plane_.focus.z)) * toScene_;
            corners.at(i) = scene;
        }
        return corners;
    }

    std::optional<Seen> seen(const PlaneBox& box) const {
        std::array<int, 5> outside{};
        Seen found{std::numeric_limits<double>::infinity(), 0.0};
        for (const glm::dvec3& corner : cornersOf(box)) {
            const glm::dvec4 clip = view_.clipFromScene * glm::dvec4(corner, 1.0);
            outside[0] += clip.x < -clip.w ? 1 : 0;
            outside[1] += clip.x > clip.w ? 1 : 0;
            outside[2] += clip.y < -clip.w ? 1 : 0;
            outside[3] += clip.y > clip.w ? 1 : 0;
            outside[4] += clip.w < 0.0 ? 1 : 0;
            found.nearest = std::min(found.nearest, clip.w);
            found.farthest = std::max(found.farthest, glm::distance(corner, view_.eye));
        }
        if (std::ranges::find(outside, 8) != outside.end()) {
            return std::nullopt;
        }
        found.nearest = std::max(found.nearest, 0.0);
        return found;
    }

    void visit(const PageKey& page) {
        const PlaneBox box = boxOf(page);
        if (!box.overlaps(extent_)) {
            return;
        }
        const auto view = seen(box.grownBy(padMetres(page.level)));
        if (!view) {
            return;
        }
        const int finest = levelFor(view->nearest * view_.metresPerPixelAtOne);
        const double above = std::max(view_.eye.z - view_.highMetres, 0.0);
        const double slant = std::max(above / std::max(view->farthest, 1.0), 1e-3);
        const double coarsestMetres = view->farthest * view_.metresPerPixelAtOne / slant;
        const int facing = levelFor(view->farthest * view_.metresPerPixelAtOne);
        const int coarsest =
            std::min(levelFor(coarsestMetres), facing + kMostSlantLevels) + kTileLevels;
        if (page.level >= finest && page.level <= coarsest) {
            found_.push_back({page, view->nearest});
        }
        if (finest < page.level) {
            for (int i = 0; i < 4; ++i) {
                visit({page.level - 1, page.east * 2 + i % 2, page.north * 2 + i / 2});
            }
        }
    }

    const DrapeView& view_;
    const PlaneExpansion& plane_;
    const PlaneBox& extent_;
    glm::dmat3 toScene_;
    std::vector<Found> found_;
};

} // namespace

int levelFor(double metresPerPixel) {
    const double steps =
        std::ceil(std::log2(std::max(metresPerPixel, 1e-9) / kFinestMetresPerPixel));
    return static_cast<int>(std::clamp(steps, 0.0, kLevels - 1.0));
}

std::vector<PageKey>
wantedPages(const DrapeView& view, const PlaneExpansion& plane, const PlaneBox& extent) {
    return Search(view, plane, extent).run();
}

} // namespace viewer::overlay
