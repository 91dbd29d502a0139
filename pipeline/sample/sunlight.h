#pragma once

#include "pipeline/sample/scenery.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <cstddef>
#include <functional>
#include <vector>

namespace pipeline::sample {

/// Unit vector towards the sun: from the south-east, 50 degrees up.
inline constexpr glm::dvec3 kTowardsSun{0.413, -0.4925, 0.766};

/// How far a shadow can reach, metres: scenery this far outside a window still darkens it.
inline constexpr double kShadowReach = 84.0;

struct LightOptions {
    double cellMetres = 0.5;           ///< Of the grid of heights that shadows are found in.
    double reachMetres = kShadowReach; ///< 0: nothing casts a shadow, but streets still lie darker.
};

/// The light of a Detail.
LightOptions lightOf(Detail detail);

/// Sun, sky and shadow over one window. Photogrammetric textures have the light of the day of the
/// flight in them; so have ours.
class Sunlight {
public:
    /// `scenery` must cover window.grown(options.reachMetres).
    Sunlight(const StreetPlan& plan,
             const Scenery& scenery,
             const Window& window,
             const LightOptions& options = {});

    /// Light on a surface element: multiply an albedo with it, per channel. Does not go through
    /// surfaces: `position` must lie on or above the top surface, or in front of a wall.
    glm::vec3 at(const glm::dvec3& position, const glm::dvec3& normal) const;

    /// Light from the sky alone, and the sun's share if nothing is in its way.
    glm::vec3 sky(const glm::dvec3& position) const;
    static glm::vec3 sun(const glm::dvec3& normal);

    /// 1 where the sun reaches `position`, 0 in the shadow, between at its edge.
    float sunShare(const glm::dvec3& position) const;

private:
    std::size_t index(double east, double north) const;
    void raiseGround(const StreetPlan& plan);
    void raise(const Scenery& scenery);
    void raiseDisc(const glm::dvec2& centre,
                   double radius,
                   const std::function<double(const glm::dvec2&)>& height);
    void blur();

    LightOptions options_;
    glm::dvec2 low_{0.0};
    std::size_t columns_ = 0;
    std::size_t rows_ = 0;
    std::vector<float> surface_; ///< Highest surface per cell, metres.
    std::vector<float> around_;  ///< Mean of the surface within some metres.
    float highest_ = 0.0F;
};

/// Three values per point of a lattice over a window (light, or heights), read between its points.
class Lattice {
public:
    /// `value` is asked once per lattice point; lattices of overlapping windows share their points.
    Lattice(const Window& window,
            double stepMetres,
            const std::function<glm::vec3(const glm::dvec2&)>& value);

    glm::vec3 at(const glm::dvec2& position) const;

private:
    glm::dvec2 low_{0.0};
    double step_ = 1.0;
    std::size_t columns_ = 0;
    std::size_t rows_ = 0;
    std::vector<glm::vec3> values_;
};

} // namespace pipeline::sample
