#include "pipeline/overview/overview_plan.h"

#include <glm/common.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace pipeline::overview {

namespace {

/// Rows and columns are counted from far outside, so that halving never meets a negative number.
constexpr std::int64_t kBias = std::int64_t{1} << 40U;
constexpr int kMostLevels = 41;

constexpr double kSmallestMetres = 0.01; // of a block in plan

struct Child {
    bool isLeaf = true;
    std::size_t index = 0;
};

/// A block that says nothing of its detail has kUnknownPixels across.
double metresPerPixelOf(const Leaf& leaf) {
    return leaf.metresPerPixel > 0.0 ? leaf.metresPerPixel
                                     : std::max(leaf.sizeMetres, kSmallestMetres) / kUnknownPixels;
}

/// In the city's plane.
struct Extent {
    glm::dvec2 low{1e300};
    glm::dvec2 high{-1e300};

    void include(const Extent& other) {
        low = glm::min(low, other.low);
        high = glm::max(high, other.high);
    }
    double longerSide() const { return std::max(high.x - low.x, high.y - low.y); }
};

Extent extentOf(const Leaf& leaf) {
    const double half = leaf.sizeMetres / 2.0;
    return {leaf.plane - half, leaf.plane + half};
}

using CellKey = std::pair<std::int64_t, std::int64_t>; // row, column, biased
using Cells = std::map<CellKey, std::vector<Child>>;

int levelOf(const Leaf& leaf, const Grid& grid) {
    const double ratio = leaf.sizeMetres / grid.pitchMetres;
    const double level = ratio > 0.0 ? std::round(std::log2(ratio)) : 0.0;
    return static_cast<int>(std::clamp<double>(level, 0.0, kMostLevels));
}

CellKey cellOf(const Leaf& leaf, const Grid& grid) {
    const auto index = [&](double value, double first) {
        const double cell = std::floor((value - first) / grid.pitchMetres);
        return static_cast<std::int64_t>(cell) + kBias;
    };
    return {index(leaf.plane.y, grid.origin.y), index(leaf.plane.x, grid.origin.x)};
}

class Planning {
public:
    Planning(const std::vector<Leaf>& leaves, const Grid& grid) : leaves_(leaves) {
        for (std::size_t i = 0; i < leaves.size(); ++i) {
            const int level = levelOf(leaves[i], grid);
            const CellKey cell = cellOf(leaves[i], grid);
            entering_[level][{cell.first >> level, cell.second >> level}].push_back({true, i});
        }
    }

    OverviewPlan run() {
        Cells cells;
        int level = 0;
        while (true) {
            if (const auto own = entering_.find(level); own != entering_.end()) {
                for (auto& [key, children] : own->second) {
                    auto& all = cells[key];
                    all.insert(all.end(), children.begin(), children.end());
                }
                entering_.erase(own);
            }
            for (auto& [key, children] : cells) {
                if (children.size() > 1) {
                    children = {makeNode(level, key, children)};
                }
            }
            if (cells.size() == 1 && entering_.empty()) {
                break;
            }
            cells = lifted(cells);
            ++level;
        }
        const Child top = cells.begin()->second.front();
        if (top.isLeaf) {
            plan_.onlyLeaf = top.index;
        }
        return std::move(plan_);
    }

private:
    static Cells lifted(const Cells& cells) {
        Cells coarser;
        for (const auto& [key, children] : cells) {
            auto& all = coarser[{key.first >> 1, key.second >> 1}];
            all.insert(all.end(), children.begin(), children.end());
        }
        return coarser;
    }

    Child makeNode(int level, const CellKey& key, const std::vector<Child>& children) {
        PlannedNode node{.level = level,
                         .column = key.second - (kBias >> level),
                         .row = key.first - (kBias >> level)};
        double coarsest = 0.0;
        Extent extent;
        for (const Child& child : children) {
            if (child.isLeaf) {
                node.leaves.push_back(child.index);
                extent.include(extentOf(leaves_[child.index]));
                coarsest = std::max(coarsest, metresPerPixelOf(leaves_[child.index]));
            } else {
                node.nodes.push_back(child.index);
                extent.include(extents_[child.index]);
                coarsest = std::max(coarsest, plan_.nodes[child.index].metresPerPixel);
                node.height = std::max(node.height, plan_.nodes[child.index].height + 1);
            }
        }
        node.metresPerPixel = std::max(2.0 * coarsest, extent.longerSide() / kMostPixels);
        extents_.push_back(extent);
        plan_.nodes.push_back(std::move(node));
        return {false, plan_.nodes.size() - 1};
    }

    const std::vector<Leaf>& leaves_;
    std::map<int, Cells> entering_; ///< Blocks by the level of their own size.
    OverviewPlan plan_;
    std::vector<Extent> extents_; ///< Per node.
};

} // namespace

std::string PlannedNode::name() const {
    return std::to_string(level) + "/" + std::to_string(column) + "_" + std::to_string(row);
}

double pitchOf(const std::vector<Leaf>& leaves) {
    std::vector<double> sizes;
    sizes.reserve(leaves.size());
    for (const Leaf& leaf : leaves) {
        sizes.push_back(leaf.sizeMetres);
    }
    const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
    std::ranges::nth_element(sizes, middle);
    const double size = std::max(*middle, kSmallestMetres);
    const double digit = std::pow(10.0, std::floor(std::log10(size)) - 2.0);
    return std::round(size / digit) * digit;
}

OverviewPlan planOverview(const std::vector<Leaf>& leaves, const Grid& grid) {
    return Planning(leaves, grid).run();
}

} // namespace pipeline::overview
