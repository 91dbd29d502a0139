#pragma once

#include "pipeline/planning/layer_store.h"

#include <glm/vec2.hpp>

#include <cstddef>
#include <map>
#include <span>
#include <vector>

namespace viewer::overlay {

/// A label that would like to be drawn. Pixels are the picture's, from its lower left corner.
struct LabelCandidate {
    pipeline::planning::FeatureRef feature; ///< Names it from frame to frame.
    glm::dvec2 anchorPixels{0.0};
    glm::dvec2 sizePixels{0.0};
    int priority = 0;         ///< The higher one is placed first.
    double clearPixels = 0.0; ///< 0: centred on the anchor; else beside it, so far away.
    /// Those of one series, which say the same (the name along a road), stand well apart; 0: none.
    std::size_t series = 0;
};

/// What no label may cover.
struct PixelDisc {
    glm::dvec2 middle{0.0};
    double radius = 0.0;
};

struct PlacedLabel {
    std::size_t candidate = 0;
    glm::dvec2 lowerLeft{0.0};

    bool operator==(const PlacedLabel&) const = default;
};

/// Decides which labels are drawn where, without overlaps. Remembers what it placed: of equal
/// priority, what was drawn in the frame before goes first, where it was about its anchor, and may
/// stand closer to others than a new one (4 pixels), so that labels do not flicker while the camera
/// moves. The same calls give the same labels.
class LabelLayout {
public:
    /// At most 400 of the first 8,000 by priority, in the order of placing. Those beyond the
    /// picture's edges are left out, those on a `disc` stand elsewhere or are left out, too.
    std::vector<PlacedLabel> place(std::span<const LabelCandidate> candidates,
                                   const glm::dvec2& picturePixels,
                                   std::span<const PixelDisc> discs = {});

private:
    using Places = std::map<pipeline::planning::FeatureRef, std::size_t>;

    Places places_; // of those placed last
};

} // namespace viewer::overlay
