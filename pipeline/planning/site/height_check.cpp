#include "pipeline/planning/site/height_check.h"

#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/site/grid_cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_set>

namespace pipeline::planning::site {

using tiles3d::base::Result;

namespace {

/// Ellipsoidal height that a feature's limit is counted from; nothing if the ground is not known.
std::optional<double> referenceOf(const SurfaceGrid& grid,
                                  HeightReference reference,
                                  const std::vector<std::size_t>& cells) {
    if (reference == HeightReference::Absolute) {
        return grid.zeroMetres;
    }
    double lowest = std::numeric_limits<double>::infinity();
    double sum = 0.0;
    std::size_t count = 0;
    for (const std::size_t cell : cells) {
        const double height = grid.ground[cell];
        if (!std::isnan(height)) {
            lowest = std::min(lowest, height);
            sum += height;
            ++count;
        }
    }
    if (count == 0) {
        return std::nullopt;
    }
    return reference == HeightReference::LowestGround ? lowest : sum / static_cast<double>(count);
}

/// Groups of neighbouring cells that stand above a height.
class Groups {
public:
    Groups(const SurfaceGrid& grid, const std::vector<float>& heights, double above)
        : grid_(grid), heights_(heights), above_(above) {}

    /// Each group's cells; the highest first within it.
    std::vector<std::vector<std::size_t>> among(const std::vector<std::size_t>& cells) const {
        std::unordered_set<std::size_t> open;
        for (const std::size_t cell : cells) {
            if (heights_[cell] > above_) {
                open.insert(cell);
            }
        }
        std::vector<std::vector<std::size_t>> groups;
        for (const std::size_t cell : cells) {
            if (open.erase(cell) == 1) {
                groups.push_back(grow(cell, open));
            }
        }
        return groups;
    }

private:
    std::vector<std::size_t> grow(std::size_t first, std::unordered_set<std::size_t>& open) const {
        std::vector<std::size_t> group{first};
        for (std::size_t i = 0; i < group.size(); ++i) {
            const std::size_t cell = group[i];
            const std::size_t column = cell % grid_.columns;
            const auto take = [&](bool isInside, std::size_t neighbour) {
                if (isInside && open.erase(neighbour) == 1) {
                    group.push_back(neighbour);
                }
            };
            take(column > 0, cell - 1);
            take(column + 1 < grid_.columns, cell + 1);
            take(cell >= grid_.columns, cell - grid_.columns);
            take(true, cell + grid_.columns); // beyond the last row nothing is open
        }
        std::ranges::sort(group, [&](std::size_t a, std::size_t b) {
            return heights_[a] != heights_[b] ? heights_[a] > heights_[b] : a < b;
        });
        return group;
    }

    const SurfaceGrid& grid_;
    const std::vector<float>& heights_;
    double above_;
};

/// The cells of a group as rectangles, one for each run of a row.
void addRuns(const SurfaceGrid& grid, std::vector<std::size_t> group, std::vector<Geometry>& out) {
    std::ranges::sort(group);
    for (std::size_t first = 0; first < group.size();) {
        std::size_t last = first;
        while (last + 1 < group.size() && group[last + 1] == group[last] + 1 &&
               group[last + 1] % grid.columns != 0) {
            ++last;
        }
        const glm::dvec2 half(grid.cellMetres / 2.0);
        const auto centre = [&](std::size_t cell) {
            return grid.centreOf(cell % grid.columns, cell / grid.columns);
        };
        const glm::dvec2 low = centre(group[first]) - half;
        const glm::dvec2 high = centre(group[last]) + half;
        out.push_back({.polygons = {{.outer = {low, {high.x, low.y}, high, {low.x, high.y}}}}});
        first = last + 1;
    }
}

/// Compares the features of one layer, one after the other.
class HeightCheck {
public:
    HeightCheck(const SurfaceGrid& grid, LayerFinding& finding) : grid_(grid), finding_(finding) {}

    void run() {
        for (FeatureOverlap& feature : finding_.features) {
            check(feature);
        }
        std::ranges::stable_sort(finding_.excesses, std::greater<>(), &HeightExcess::excessMetres);
        if (!compared_) {
            return;
        }
        finding_.verdict = Verdict::Pass;
        for (const FeatureOverlap& feature : finding_.features) {
            finding_.verdict = std::max(finding_.verdict, feature.verdict);
        }
        Result<Geometry> conflict = unionOf(tooHigh_);
        if (conflict) {
            finding_.conflict = *std::move(conflict);
        } else {
            finding_.remarks.push_back({conflict.error().message, conflict.error().message});
        }
    }

private:
    void check(FeatureOverlap& feature) {
        if (!feature.limit || std::isinf(feature.limit->high)) {
            note(feature, "没有可读的上限", "there is no upper limit that can be read");
            return;
        }
        const std::vector<std::size_t> cells = cellsIn(grid_, feature.part);
        const std::optional<double> reference = referenceOf(grid_, finding_.rule.reference, cells);
        if (!reference) {
            const bool isAbsolute = finding_.rule.reference == HeightReference::Absolute;
            note(feature,
                 isAbsolute ? "城市的高程基准未知" : "没有地面高程",
                 isAbsolute ? "the plans' height datum is not known" : "there is no ground");
            return;
        }
        compared_ = true;
        feature.verdict = Verdict::Pass;
        compare(feature, cells, *reference, false);
        compare(feature, cells, *reference, true);
    }

    void note(const FeatureOverlap& feature, const char* chinese, const char* english) {
        finding_.remarks.push_back(
            {fmt::format("{}：未比对高度，{}", feature.name, chinese),
             fmt::format("{}: its height was not compared, {}", feature.name, english)});
    }

    void compare(FeatureOverlap& feature,
                 const std::vector<std::size_t>& cells,
                 double reference,
                 bool isDesign) {
        const std::vector<float>& heights = isDesign ? grid_.design : grid_.surface;
        const Groups groups(grid_, heights, reference + feature.limit->high);
        for (const std::vector<std::size_t>& group : groups.among(cells)) {
            const std::size_t top = group.front();
            HeightExcess excess{.ref = feature.ref,
                                .limitMetres = feature.limit->high,
                                .topMetres = heights[top] - reference,
                                .place = grid_.centreOf(top % grid_.columns, top / grid_.columns),
                                .planeSquareMetres = static_cast<double>(group.size()) *
                                                     grid_.cellMetres * grid_.cellMetres,
                                .uncertaintyMetres = isDesign ? grid_.designUncertaintyMetres
                                                              : double{grid_.uncertainty[top]},
                                .isDesign = isDesign};
            feature.verdict =
                std::max(feature.verdict, excess.isCertain() ? Verdict::Conflict : Verdict::Inform);
            if (excess.isCertain()) {
                addRuns(grid_, group, tooHigh_);
            }
            finding_.excesses.push_back(excess);
        }
    }

    const SurfaceGrid& grid_;
    LayerFinding& finding_;
    std::vector<Geometry> tooHigh_;
    bool compared_ = false;
};

} // namespace

void checkHeights(const SurfaceGrid& grid, LayerFinding& finding) {
    HeightCheck(grid, finding).run();
}

} // namespace pipeline::planning::site
