#pragma once

#include "pipeline/planning/geopackage_database.h"
#include "pipeline/planning/import_layers.h"

#include <glm/vec2.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace pipeline::planning {

using Segment = std::array<glm::dvec2, 2>;

/// Segments by the cells that they come near.
class SegmentGrid {
public:
    explicit SegmentGrid(const std::vector<Segment>& segments);

    /// Metres to the nearest segment; infinite, or any distance beyond, if that is over 250 m.
    double distanceFrom(const glm::dvec2& point) const;

private:
    std::unordered_map<std::int64_t, std::vector<Segment>> cells_;
};

/// Whether `points` of one outline fit the `reference` outline where `shift` takes them, and not
/// where they are: of all shifts up to 800 m, on a grid of 100 m, one within 150 m of `shift` fits
/// best, and stands out. Outlines share pieces only (a district's border and a coast), so the fit
/// is the number of points near the reference, each weighing exp(-(d / 80 m)^2), and has to
/// reach 20. Plane metres. The limits were set on one real pair, districts of Xiamen and its coast;
/// of 50 made islands with districts drawn 15 m off, all were found and none of 100
/// without the offset was. A hint for a person, no more.
bool fitsWhenShifted(std::span<const glm::dvec2> points,
                     const SegmentGrid& reference,
                     const glm::dvec2& shift);

/// One sentence per table that seems to carry GCJ-02's offset: tables of at most 500 areas or lines
/// over 5 km and more are compared with each other, at most the 24 of the fewest features.
std::vector<std::string> suspectGcj02(const Database& database, const ImportOptions& options);

} // namespace pipeline::planning
