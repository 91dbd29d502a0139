#pragma once

#include <glm/vec2.hpp>

#include <cstddef>
#include <vector>

namespace viewer::tools {

/// An axis-aligned rectangle with its borders.
struct PlaneBox {
    glm::dvec2 lowest{0.0};
    glm::dvec2 highest{0.0};

    bool meets(const PlaneBox& other) const {
        return lowest.x <= other.highest.x && other.lowest.x <= highest.x &&
               lowest.y <= other.highest.y && other.lowest.y <= highest.y;
    }
};

/// Which of many fixed boxes meet a box: a packed R-tree, O(log n) for small queries. Boxes with a
/// NaN are never found. Const use is safe from several threads.
/// Source: Leutenegger, Lopez, Edgington, "STR: a simple and efficient algorithm for R-tree
/// packing" (1997).
class BoxTree {
public:
    explicit BoxTree(const std::vector<PlaneBox>& boxes);

    /// Indices of the boxes that meet `query`, ascending.
    std::vector<std::size_t> meeting(const PlaneBox& query) const;

private:
    struct Node {
        PlaneBox box;
        std::size_t first = 0; // of `count` items in order_ (level 0) or nodes of the level below
        std::size_t count = 0;
    };

    void collect(std::size_t level,
                 std::size_t node,
                 const PlaneBox& query,
                 std::vector<std::size_t>& found) const;

    std::vector<PlaneBox> boxes_;
    std::vector<std::size_t> order_;
    std::vector<std::vector<Node>> levels_; // from the leaves to one root
};

} // namespace viewer::tools
