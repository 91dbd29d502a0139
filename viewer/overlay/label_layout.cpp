#include "viewer/overlay/label_layout.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <tuple>

namespace viewer::overlay {

namespace {

constexpr std::size_t kMostPlaced = 400;
constexpr std::size_t kMostCandidates = 8000;
constexpr double kNewcomersGapPixels = 4.0;
constexpr double kCellPixels = 64.0;
constexpr double kNewApartPixels = 250.0; // of one series
constexpr double kOldApartPixels = 200.0;

/// Who is placed first: the higher priority, then what was there, then by name.
using Turn = std::tuple<int, bool, pipeline::planning::FeatureRef, std::size_t>;

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

/// Where labels that say the same have been placed.
class Series {
public:
    bool isFree(const LabelCandidate& label, bool wasPlaced) const {
        const double apart = wasPlaced ? kOldApartPixels : kNewApartPixels;
        const auto found = anchors_.find(label.series);
        return found == anchors_.end() ||
               std::ranges::none_of(found->second, [&](const glm::dvec2& anchor) {
                   return glm::distance(anchor, label.anchorPixels) < apart;
               });
    }
    void take(const LabelCandidate& label) {
        if (label.series != 0) {
            anchors_[label.series].push_back(label.anchorPixels);
        }
    }

private:
    std::map<std::size_t, std::vector<glm::dvec2>> anchors_;
};

/// The place of before if there is still room for it, else the first with room for a newcomer.
template <typename Fits>
std::optional<std::size_t>
choose(std::size_t places, std::optional<std::size_t> before, const Fits& fits) {
    if (before && *before < places && fits(*before, 0.0)) {
        return before;
    }
    for (std::size_t place = 0; place < places; ++place) {
        if (fits(place, kNewcomersGapPixels)) {
            return place;
        }
    }
    return std::nullopt;
}

bool isWithin(const Box& box, const glm::dvec2& picture) {
    return box.low.x >= 0.0 && box.low.y >= 0.0 && box.high.x <= picture.x &&
           box.high.y <= picture.y;
}

} // namespace

std::vector<PlacedLabel> LabelLayout::place(std::span<const LabelCandidate> candidates,
                                            const glm::dvec2& picturePixels,
                                            std::span<const PixelDisc> discs) {
    std::vector<Turn> order;
    order.reserve(candidates.size());
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const LabelCandidate& label = candidates[i];
        order.emplace_back(-label.priority, !places_.contains(label.feature), label.feature, i);
    }
    std::ranges::sort(order);
    order.resize(std::min(order.size(), kMostCandidates));

    TakenBoxes taken(picturePixels);
    TakenBoxes covered(picturePixels);
    for (const PixelDisc& disc : discs) {
        covered.take({disc.middle - disc.radius, disc.middle + disc.radius});
    }
    Series series;
    Places places;
    std::vector<PlacedLabel> placed;
    for (const Turn& turn : order) {
        const std::size_t i = std::get<std::size_t>(turn);
        const LabelCandidate& label = candidates[i];
        const std::vector<Box> boxes = placesOf(label);
        const auto before = places_.find(label.feature);
        const auto fits = [&](std::size_t place, double gap) {
            return isWithin(boxes[place], picturePixels) &&
                   taken.isFree(boxes[place].grownBy(gap)) && covered.isFree(boxes[place]) &&
                   series.isFree(label, before != places_.end());
        };
        const std::optional<std::size_t> chosen =
            choose(boxes.size(),
                   before != places_.end() ? std::optional(before->second) : std::nullopt,
                   fits);
        if (chosen && placed.size() < kMostPlaced) {
            taken.take(boxes[*chosen]);
            series.take(label);
            places[label.feature] = *chosen;
            placed.push_back({i, boxes[*chosen].low});
        }
    }
    places_ = std::move(places);
    return placed;
}

} // namespace viewer::overlay
