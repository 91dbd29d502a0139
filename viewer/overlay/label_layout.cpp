#include "viewer/overlay/label_layout.h"

#include <glm/common.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <tuple>

namespace viewer::overlay {

namespace {

constexpr std::size_t kMostPlaced = 400;
constexpr std::size_t kMostCandidates = 8000;
constexpr double kNewcomersGapPixels = 4.0;
constexpr double kCellPixels = 64.0;

struct Box {
    glm::dvec2 low{0.0};
    glm::dvec2 high{0.0};

    bool overlaps(const Box& other) const {
        return low.x < other.high.x && other.low.x < high.x && low.y < other.high.y &&
               other.low.y < high.y;
    }
    Box grownBy(double pixels) const { return {low - pixels, high + pixels}; }
};

/// The boxes that are taken, by cells of the picture.
class TakenBoxes {
public:
    explicit TakenBoxes(const glm::dvec2& picture)
        : across_(cells(picture.x)), up_(cells(picture.y)), boxes_(across_ * up_) {}

    bool isFree(const Box& box) const {
        return everyCell(box, [&](std::size_t cell) {
            return std::ranges::none_of(boxes_[cell],
                                        [&](const Box& taken) { return taken.overlaps(box); });
        });
    }
    void take(const Box& box) {
        everyCell(box, [&](std::size_t cell) {
            boxes_[cell].push_back(box);
            return true;
        });
    }

private:
    static std::size_t cells(double pixels) {
        return static_cast<std::size_t>(std::max(std::ceil(pixels / kCellPixels), 1.0));
    }
    static std::size_t cellAt(double pixel, std::size_t count) {
        const double cell = std::floor(pixel / kCellPixels);
        return static_cast<std::size_t>(std::clamp(cell, 0.0, static_cast<double>(count) - 1.0));
    }

    /// While `visit` says true; whether it always did.
    template <typename Visit>
    bool everyCell(const Box& box, const Visit& visit) const {
        for (std::size_t y = cellAt(box.low.y, up_); y <= cellAt(box.high.y, up_); ++y) {
            for (std::size_t x = cellAt(box.low.x, across_); x <= cellAt(box.high.x, across_);
                 ++x) {
                if (!visit(y * across_ + x)) {
                    return false;
                }
            }
        }
        return true;
    }

    std::size_t across_;
    std::size_t up_;
    std::vector<std::vector<Box>> boxes_;
};

/// Where a label may stand about its anchor, the best place first.
std::vector<Box> placesOf(const LabelCandidate& label) {
    const glm::dvec2 half = label.sizePixels / 2.0;
    const auto at = [&](const glm::dvec2& middle) {
        const glm::dvec2 low = glm::round(label.anchorPixels + middle - half); // sharp glyphs
        return Box{low, low + label.sizePixels};
    };
    if (label.clearPixels <= 0.0) {
        return {at({0.0, 0.0})};
    }
    const glm::dvec2 away = half + label.clearPixels;
    return {at({0.0, away.y}), at({away.x, 0.0}), at({-away.x, 0.0}), at({0.0, -away.y})};
}

bool isWithin(const Box& box, const glm::dvec2& picture) {
    return box.low.x >= 0.0 && box.low.y >= 0.0 && box.high.x <= picture.x &&
           box.high.y <= picture.y;
}

} // namespace

std::vector<PlacedLabel> LabelLayout::place(std::span<const LabelCandidate> candidates,
                                            const glm::dvec2& picturePixels) {
    std::vector<std::size_t> order(candidates.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) {
        const LabelCandidate& label = candidates[i];
        return std::tuple(-label.priority, !places_.contains(label.feature), label.feature, i);
    });
    order.resize(std::min(order.size(), kMostCandidates));

    TakenBoxes taken(picturePixels);
    std::map<pipeline::planning::FeatureRef, std::size_t> places;
    std::vector<PlacedLabel> placed;
    for (const std::size_t i : order) {
        const std::vector<Box> boxes = placesOf(candidates[i]);
        const auto before = places_.find(candidates[i].feature);
        const auto fits = [&](std::size_t place, double gap) {
            return place < boxes.size() && isWithin(boxes[place], picturePixels) &&
                   taken.isFree(boxes[place].grownBy(gap));
        };
        std::optional<std::size_t> chosen;
        if (before != places_.end() && fits(before->second, 0.0)) {
            chosen = before->second;
        }
        for (std::size_t place = 0; !chosen && place < boxes.size(); ++place) {
            chosen = fits(place, kNewcomersGapPixels) ? std::optional(place) : std::nullopt;
        }
        if (chosen) {
            taken.take(boxes[*chosen]);
            places[candidates[i].feature] = *chosen;
            placed.push_back({i, boxes[*chosen].low});
        }
        if (placed.size() == kMostPlaced) {
            break;
        }
    }
    places_ = std::move(places);
    return placed;
}

} // namespace viewer::overlay
