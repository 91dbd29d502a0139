#pragma once

#include "pipeline/planning/plane_box.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pipeline::planning {

/// A closed rectangle in single precision, to be kept by the million. At a northing of 2,700 km
/// its sides are right to 0.25 m.
struct SmallBox {
    float west = 0.0F;
    float south = 0.0F;
    float east = 0.0F;
    float north = 0.0F;

    bool meets(const PlaneBox& box) const {
        return west <= box.high.x && box.low.x <= east && south <= box.high.y && box.low.y <= north;
    }
};

/// The smallest SmallBox that holds all of `box`.
SmallBox roundedOutwards(const PlaneBox& box);

/// Something with an id and a place: 24 bytes.
struct BoxEntry {
    SmallBox box;
    std::int64_t id = 0;
};

/// Which of many fixed boxes meet a box: a packed R-tree, O(log n) for small queries, 26 bytes a
/// box. Const use is safe from any number of threads.
/// Source: Leutenegger, Lopez, Edgington, "STR: a simple and efficient algorithm for R-tree
/// packing" (1997).
class BoxTree {
public:
    BoxTree() = default;
    /// Boxes that are empty or hold a NaN are left out.
    explicit BoxTree(std::vector<BoxEntry> entries);

    /// Appends the boxes that meet `query`, in no order.
    void findMeeting(const PlaneBox& query, std::vector<BoxEntry>& found) const;

    std::size_t size() const { return entries_.size(); }
    /// Of all boxes.
    PlaneBox extent() const;
    /// Of memory.
    std::size_t bytes() const;

private:
    using Level =
        std::vector<SmallBox>; // box i is round boxes 16 i to 16 i + 15 of the level below

    void findBelow(std::size_t level,
                   std::size_t node,
                   const PlaneBox& query,
                   std::vector<BoxEntry>& found) const;

    std::vector<BoxEntry> entries_; // neighbours in the plane are near each other
    std::vector<Level> levels_;     // from the one above the entries to one root
};

} // namespace pipeline::planning
