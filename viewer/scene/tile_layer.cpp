#include "viewer/scene/tile_layer.h"

#include "viewer/scene/scene_shaders.h"
#include "viewer/scene/tile_geometry.h"

#include <glm/geometric.hpp>
#include <osg/Geometry>
#include <osg/TriangleIndexFunctor>
#include <osgUtil/GLObjectsVisitor>

#include <algorithm>
#include <limits>
#include <utility>

namespace viewer::scene {

namespace {

/// True if the ray meets the box before `nearest` (in units of the direction).
bool meets(const Ray& ray, const tiles3d::tileset::Limits& box, double nearest) {
    double enter = 0.0;
    double leave = nearest;
    for (int axis = 0; axis < 3; ++axis) {
        const double inverse = 1.0 / ray.direction[axis]; // an axis-parallel ray gives +-infinity
        const double a = (box.minimum[axis] - ray.origin[axis]) * inverse;
        const double b = (box.maximum[axis] - ray.origin[axis]) * inverse;
        enter = std::max(enter, std::min(a, b));
        leave = std::min(leave, std::max(a, b));
    }
    return enter <= leave;
}

/// Nearest hit of a ray with the triangles of one geometry.
/// Source: Moller and Trumbore, "Fast, minimum storage ray/triangle intersection" (1997).
struct NearestTriangle {
    const osg::Vec3Array* positions = nullptr;
    glm::dvec3 origin{0.0}; // relative to the positions' origin
    glm::dvec3 direction{0.0};
    double nearest = std::numeric_limits<double>::infinity();

    glm::dvec3 at(unsigned index) const {
        const osg::Vec3f& p = (*positions)[index];
        return {p.x(), p.y(), p.z()};
    }

    void operator()(unsigned i, unsigned j, unsigned k) {
        const glm::dvec3 a = at(i);
        const glm::dvec3 ab = at(j) - a;
        const glm::dvec3 ac = at(k) - a;
        const glm::dvec3 p = glm::cross(direction, ac);
        const double determinant = glm::dot(ab, p);
        if (determinant == 0.0) {
            return;
        }
        const glm::dvec3 toOrigin = origin - a;
        const double u = glm::dot(toOrigin, p) / determinant;
        const glm::dvec3 q = glm::cross(toOrigin, ab);
        const double v = glm::dot(direction, q) / determinant;
        const double distance = glm::dot(ac, q) / determinant;
        if (u >= 0.0 && v >= 0.0 && u + v <= 1.0 && distance >= 0.0) {
            nearest = std::min(nearest, distance);
        }
    }
};

double nearestInTile(const Ray& ray, const osg::MatrixTransform& tile) {
    const osg::Vec3d centre = tile.getMatrix().getTrans();
    double nearest = std::numeric_limits<double>::infinity();
    for (unsigned i = 0; i < tile.getNumChildren(); ++i) {
        const osg::Geometry* geometry = tile.getChild(i)->asGeometry();
        if (geometry == nullptr) {
            continue;
        }
        osg::TriangleIndexFunctor<NearestTriangle> functor;
        functor.positions = dynamic_cast<const osg::Vec3Array*>(geometry->getVertexArray());
        functor.origin = ray.origin - glm::dvec3(centre.x(), centre.y(), centre.z());
        functor.direction = ray.direction;
        if (functor.positions != nullptr) {
            geometry->accept(functor);
        }
        nearest = std::min(nearest, functor.nearest);
    }
    return nearest;
}

} // namespace

TileLayer::TileLayer() : root_(new osg::Group) {
    osg::StateSet& state = *root_->getOrCreateStateSet();
    state.setAttributeAndModes(makeTileProgram());
    state.addUniform(new osg::Uniform("u_texture", 0));
    // The default bin sorts by the addresses of state sets: another picture in every run where
    // surfaces coincide.
    state.setRenderBinDetails(0, "TraversalOrderBin");
}

void TileLayer::add(std::size_t id,
                    const std::string& name,
                    const std::shared_ptr<const stream::MeshPack>& pack) {
    Tile tile;
    tile.name = name;
    tile.limits = pack->limits;
    tile.triangles = pack->triangleCount();
    tile.node = makeTileGeometry(pack);
    tiles_.insert_or_assign(id, std::move(tile));
}

void TileLayer::remove(std::size_t id) {
    const auto found = tiles_.find(id);
    if (found == tiles_.end()) {
        return;
    }
    root_->removeChild(found->second.node);
    std::erase(shown_, id);
    removed_.emplace_back(found->second.node);
    tiles_.erase(found);
}

void TileLayer::clear() {
    while (!tiles_.empty()) {
        remove(tiles_.begin()->first);
    }
}

void TileLayer::show(const std::vector<std::size_t>& ids) {
    std::vector<std::size_t> wanted;
    std::ranges::copy_if(
        ids, std::back_inserter(wanted), [this](std::size_t id) { return tiles_.contains(id); });
    std::ranges::stable_sort(
        wanted, {}, [this](std::size_t id) -> const std::string& { return tiles_.at(id).name; });
    if (wanted == shown_) {
        return;
    }
    root_->removeChildren(0, root_->getNumChildren());
    for (const std::size_t id : wanted) {
        root_->addChild(tiles_.at(id).node);
    }
    shown_ = std::move(wanted);
}

std::vector<std::size_t> TileLayer::waitingForUpload() const {
    std::vector<std::size_t> waiting;
    for (const auto& [id, tile] : tiles_) {
        if (!tile.isUploaded) {
            waiting.push_back(id);
        }
    }
    return waiting;
}

void TileLayer::upload(std::size_t id, osg::State& state) {
    const auto found = tiles_.find(id);
    if (found == tiles_.end()) {
        return;
    }
    osgUtil::GLObjectsVisitor visitor(osgUtil::GLObjectsVisitor::COMPILE_DISPLAY_LISTS |
                                      osgUtil::GLObjectsVisitor::COMPILE_STATE_ATTRIBUTES);
    visitor.setState(&state);
    found->second.node->accept(visitor);
    found->second.isUploaded = true;
}

void TileLayer::releaseRemoved(osg::State& state) {
    for (const osg::ref_ptr<osg::Node>& node : removed_) {
        node->releaseGLObjects(&state);
    }
    removed_.clear();
}

std::optional<glm::dvec3> TileLayer::nearestHit(const Ray& ray) const {
    double nearest = std::numeric_limits<double>::infinity();
    for (const std::size_t id : shown_) {
        const Tile& tile = tiles_.at(id);
        if (meets(ray, tile.limits, nearest)) {
            nearest = std::min(nearest, nearestInTile(ray, *tile.node));
        }
    }
    if (nearest == std::numeric_limits<double>::infinity()) {
        return std::nullopt;
    }
    return ray.origin + ray.direction * nearest;
}

std::size_t TileLayer::shownTriangles() const {
    std::size_t total = 0;
    for (const std::size_t id : shown_) {
        total += tiles_.at(id).triangles;
    }
    return total;
}

} // namespace viewer::scene
