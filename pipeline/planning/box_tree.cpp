#include "pipeline/planning/box_tree.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <span>

namespace pipeline::planning {

namespace {

constexpr std::size_t kPerNode = 16;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

float notAbove(double value) {
    const auto near = static_cast<float>(value);
    return near > value ? std::nextafter(near, -kInfinity) : near;
}

float notBelow(double value) {
    return -notAbove(-value);
}

bool isOrdered(const SmallBox& box) {
    return box.west <= box.east && box.south <= box.north; // false for NaN
}

void widen(SmallBox& box, const SmallBox& by) {
    box.west = std::min(box.west, by.west);
    box.south = std::min(box.south, by.south);
    box.east = std::max(box.east, by.east);
    box.north = std::max(box.north, by.north);
}

/// Upright slices of about as many leaves as there are slices, each cut from south to north.
void sortTileRecursively(std::span<BoxEntry> entries) {
    const double leaves = std::ceil(static_cast<double>(entries.size()) / kPerNode);
    const std::size_t slice =
        kPerNode * static_cast<std::size_t>(std::max(std::ceil(std::sqrt(leaves)), 1.0));
    std::ranges::sort(
        entries, {}, [](const BoxEntry& entry) { return entry.box.west + entry.box.east; });
    for (std::size_t from = 0; from < entries.size(); from += slice) {
        std::ranges::sort(entries.subspan(from, std::min(slice, entries.size() - from)),
                          {},
                          [](const BoxEntry& entry) { return entry.box.south + entry.box.north; });
    }
}

} // namespace

SmallBox roundedOutwards(const PlaneBox& box) {
    return {notAbove(box.low.x), notAbove(box.low.y), notBelow(box.high.x), notBelow(box.high.y)};
}

BoxTree::BoxTree(std::vector<BoxEntry> entries) : entries_(std::move(entries)) {
    std::erase_if(entries_, [](const BoxEntry& entry) { return !isOrdered(entry.box); });
    entries_.shrink_to_fit();
    sortTileRecursively(entries_);
    const auto addLevel = [this](std::size_t below, const auto& boxBelow) {
        Level level((below + kPerNode - 1) / kPerNode,
                    {kInfinity, kInfinity, -kInfinity, -kInfinity});
        for (std::size_t i = 0; i < below; ++i) {
            widen(level[i / kPerNode], boxBelow(i));
        }
        levels_.push_back(std::move(level));
    };
    if (!entries_.empty()) {
        addLevel(entries_.size(), [this](std::size_t i) { return entries_[i].box; });
        while (levels_.back().size() > 1) {
            addLevel(levels_.back().size(), [this](std::size_t i) { return levels_.back()[i]; });
        }
    }
}

void BoxTree::findMeeting(const PlaneBox& query, std::vector<BoxEntry>& found) const {
    if (!levels_.empty()) {
        findBelow(levels_.size() - 1, 0, query, found);
    }
}

void BoxTree::findBelow(std::size_t level,
                        std::size_t node,
                        const PlaneBox& query,
                        std::vector<BoxEntry>& found) const {
    if (!levels_[level][node].meets(query)) {
        return;
    }
    const std::size_t first = node * kPerNode;
    const std::size_t below = level > 0 ? levels_[level - 1].size() : entries_.size();
    for (std::size_t i = first; i < std::min(first + kPerNode, below); ++i) {
        if (level > 0) {
            findBelow(level - 1, i, query, found);
        } else if (entries_[i].box.meets(query)) {
            found.push_back(entries_[i]);
        }
    }
}

PlaneBox BoxTree::extent() const {
    if (levels_.empty()) {
        return {};
    }
    const SmallBox& all = levels_.back().front();
    return {{all.west, all.south}, {all.east, all.north}};
}

std::size_t BoxTree::bytes() const {
    std::size_t bytes = entries_.capacity() * sizeof(BoxEntry);
    for (const Level& level : levels_) {
        bytes += level.capacity() * sizeof(SmallBox);
    }
    return bytes;
}

} // namespace pipeline::planning
