#pragma once

#include "viewer/camera/pick.h"

#include <glm/vec3.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace tests::camera {

/// An upright box, scene metres.
struct BuildingBlock {
    glm::dvec3 lowest{0.0};
    glm::dvec3 highest{0.0};
};

/// A surface made of boxes, to pick on. It has no inside: a ray from within a box meets nothing, as
/// under a photogrammetric mesh. Copies of pick() share the boxes and the count.
class BoxCity {
public:
    explicit BoxCity(std::vector<BuildingBlock> boxes);

    viewer::camera::Pick pick() const;
    std::size_t picks() const { return *picks_; }
    void add(const BuildingBlock& box) { boxes_->push_back(box); }

private:
    std::shared_ptr<std::vector<BuildingBlock>> boxes_;
    std::shared_ptr<std::size_t> picks_;
};

/// Ground at height 0 that reaches `reach` metres to all sides.
BuildingBlock levelGround(double reach);

} // namespace tests::camera
