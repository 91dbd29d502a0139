#pragma once

#include "viewer/scene/ray.h"
#include "viewer/stream/mesh_pack.h"

#include <glm/vec3.hpp>
#include <osg/Group>
#include <osg/MatrixTransform>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace viewer::scene {

/// The tiles the scene holds: made from packs, shown by list, uploaded within a budget.
/// All members are called from the thread that draws.
class TileLayer {
public:
    TileLayer();

    /// Child of FrameGraph::scene().
    osg::Node* node() { return root_.get(); }

    /// Makes the drawable form of a tile, not shown yet. `name` orders the drawing, so that the
    /// same tiles give the same picture whatever the order they arrived in.
    void add(std::size_t id,
             const std::string& name,
             const std::shared_ptr<const stream::MeshPack>& pack);
    void remove(std::size_t id);
    /// Removes all.
    void clear();
    /// Shows exactly these tiles; unknown ones are skipped.
    void show(const std::vector<std::size_t>& ids);

    /// Tiles added and not yet on the GPU.
    std::vector<std::size_t> waitingForUpload() const;
    /// Puts one tile's buffers and textures on the GPU. REQUIRES: `state` has a current context.
    void upload(std::size_t id, osg::State& state);

    /// Releases GPU objects of removed tiles. REQUIRES: a current context.
    void releaseRemoved(osg::State& state);

    /// The nearest point of the shown tiles on the ray, scene frame.
    std::optional<glm::dvec3> nearestHit(const Ray& ray) const;

    std::size_t shownTriangles() const;

private:
    struct Tile {
        std::string name;
        osg::ref_ptr<osg::MatrixTransform> node;
        tiles3d::tileset::Limits limits;
        std::size_t triangles = 0;
        bool isUploaded = false;
    };

    osg::ref_ptr<osg::Group> root_;
    std::map<std::size_t, Tile> tiles_;
    std::vector<std::size_t> shown_; // in the order drawn
    std::vector<osg::ref_ptr<osg::Node>> removed_;
};

} // namespace viewer::scene
