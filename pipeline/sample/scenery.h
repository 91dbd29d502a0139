#pragma once

#include "pipeline/sample/street_plan.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <cstdint>
#include <vector>

namespace pipeline::sample {

enum class RoofKind { Flat, Hip };

enum class Material {
    Apartments,
    Offices,
    Glass,
    Shops,
    House,
    Hall,
    Plain,
    RoofMetal,
    Timber,
};

/// An upright block with a rectangular plan: a building, or a part of one. Metres east, north, up.
struct Volume {
    glm::dvec2 centre{0.0};
    glm::dvec2 axis{1.0, 0.0}; ///< Unit vector of the plan's x.
    glm::dvec2 half{1.0};      ///< Half extents along and across `axis`.
    double bottom = 0.0;
    double top = 0.0;     ///< Eaves or flat roof.
    double ridge = 0.0;   ///< Height of the hip above the eaves; Hip only.
    double parapet = 0.0; ///< Height of the rim of a flat roof.
    RoofKind roof = RoofKind::Flat;
    Material material = Material::Plain;
    glm::vec3 wallColour{0.8F};
    glm::vec3 roofColour{0.6F};
    std::uint64_t key = 0;
    int fromLevel = 14; ///< Coarsest level of detail that shows its shape.
};

enum class Foliage { Broadleaf, Palm, Conifer };

struct Tree {
    glm::dvec2 centre{0.0};
    double ground = 0.0;
    double height = 6.0;
    double radius = 2.5;
    Foliage foliage = Foliage::Broadleaf;
    std::uint64_t key = 0;
};

enum class PropKind { Car, Bus, Umbrella, Boat };

/// A small thing with sloping sides.
struct Prop {
    PropKind kind = PropKind::Car;
    glm::dvec2 centre{0.0};
    glm::dvec2 axis{1.0, 0.0};
    glm::dvec2 half{2.3, 0.9};
    double bottom = 0.0;
    double top = 1.5;
    glm::vec3 colour{0.7F};
    std::uint64_t key = 0;
};

/// A rectangle of the plane, metres east and north.
struct Window {
    glm::dvec2 low{0.0};
    glm::dvec2 high{0.0};

    Window grown(double metres) const { return {low - metres, high + metres}; }
    bool touches(const glm::dvec2& centre, double radius) const {
        return centre.x + radius >= low.x && centre.x - radius <= high.x &&
               centre.y + radius >= low.y && centre.y - radius <= high.y;
    }
};

/// Everything that stands on the ground of a window, in one order whatever the window.
struct Scenery {
    std::vector<Volume> volumes;
    std::vector<Tree> trees;
    std::vector<Prop> props;
};

/// Full: everything. Lean: buildings alone, lit evenly: no trees, no traffic, no cast shadows; for
/// cities of many blocks.
enum class Detail { Full, Lean };

/// What touches `window`. Two windows that overlap hold equal things in the overlap.
Scenery gatherScenery(const StreetPlan& plan, const Window& window, Detail detail = Detail::Full);

/// Radius of the circle round a volume's plan, metres.
double planRadius(const Volume& volume);

/// `world` in the volume's plan axes, relative to its centre.
glm::dvec2 toPlan(const Volume& volume, const glm::dvec2& world);

/// Height of the roof surface at a plan position inside the volume.
double roofHeight(const Volume& volume, const glm::dvec2& plan);

} // namespace pipeline::sample
