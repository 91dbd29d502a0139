#include "viewer/tools/box_tree.h"

#include <glm/common.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace viewer::tools {

namespace {

constexpr std::size_t kPerNode = 16;

bool isOrdered(const PlaneBox& box) {
    return box.lowest.x <= box.highest.x && box.lowest.y <= box.highest.y; // false for NaN
}

PlaneBox joined(const PlaneBox& a, const PlaneBox& b) {
    return {glm::min(a.lowest, b.lowest), glm::max(a.highest, b.highest)};
}

PlaneBox emptyBox() {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    return {glm::dvec2(kInfinity), glm::dvec2(-kInfinity)};
}

} // namespace

BoxTree::BoxTree(const std::vector<PlaneBox>& boxes) : boxes_(boxes) {
    for (std::size_t i = 0; i < boxes_.size(); ++i) {
        if (isOrdered(boxes_[i])) {
            order_.push_back(i);
        }
    }
    const auto doubledCentre = [this](std::size_t i, int axis) {
        return boxes_[i].lowest[axis] + boxes_[i].highest[axis];
    };
    const auto sortBy = [&](std::size_t from, std::size_t to, int axis) {
        const auto begin = order_.begin();
        std::sort(std::next(begin, static_cast<std::ptrdiff_t>(from)),
                  std::next(begin, static_cast<std::ptrdiff_t>(to)),
                  [&](std::size_t a, std::size_t b) {
                      return doubledCentre(a, axis) < doubledCentre(b, axis);
                  });
    };
    // Upright slices of about as many leaves as there are slices, each cut from south to north.
    const std::size_t count = order_.size();
    const double leaves = std::ceil(static_cast<double>(count) / kPerNode);
    const std::size_t slice =
        kPerNode * static_cast<std::size_t>(std::max(std::ceil(std::sqrt(leaves)), 1.0));
    sortBy(0, count, 0);
    for (std::size_t from = 0; from < count; from += slice) {
        sortBy(from, std::min(from + slice, count), 1);
    }
    std::size_t below = count;
    do {
        std::vector<Node> level;
        for (std::size_t first = 0; first < below; first += kPerNode) {
            Node node{emptyBox(), first, std::min(kPerNode, below - first)};
            for (std::size_t i = first; i < first + node.count; ++i) {
                const PlaneBox& box = levels_.empty() ? boxes_[order_[i]] : levels_.back()[i].box;
                node.box = joined(node.box, box);
            }
            level.push_back(node);
        }
        below = level.size();
        levels_.push_back(std::move(level));
    } while (below > 1);
}

std::vector<std::size_t> BoxTree::meeting(const PlaneBox& query) const {
    std::vector<std::size_t> found;
    const std::size_t top = levels_.size() - 1;
    for (std::size_t node = 0; node < levels_[top].size(); ++node) {
        collect(top, node, query, found);
    }
    std::ranges::sort(found);
    return found;
}

void BoxTree::collect(std::size_t level,
                      std::size_t node,
                      const PlaneBox& query,
                      std::vector<std::size_t>& found) const {
    const Node& here = levels_[level][node];
    if (!here.box.meets(query)) {
        return;
    }
    for (std::size_t i = here.first; i < here.first + here.count; ++i) {
        if (level > 0) {
            collect(level - 1, i, query, found);
        } else if (boxes_[order_[i]].meets(query)) {
            found.push_back(order_[i]);
        }
    }
}

} // namespace viewer::tools
