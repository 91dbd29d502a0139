#pragma once

#include <glm/vec2.hpp>

#include <cstdint>

namespace pipeline::sample {

/// The bare land of the sample city: a south-facing shore, a plain that rises gently inland, one
/// wooded hill in the first 400 m and more of them farther out. Everything is a function of seed
/// and position, so any two windows agree where they meet.
///
/// Positions are metres east and north of the delivery's SRSOrigin.
class Landform {
public:
    explicit Landform(std::uint64_t seed) : seed_(seed) {}

    /// Northing of the water line at an easting, metres.
    double shoreNorthing(double east) const;

    /// Metres inland of the water line, negative at sea; within 10 % of the true distance near it.
    double inland(const glm::dvec2& position) const;

    /// 0 on the plain, 1 on a hill's top; above 0.1 nothing is built.
    double hilliness(const glm::dvec2& position) const;

    /// Terrain height without buildings and trees, metres; 0 at sea.
    double height(const glm::dvec2& position) const;

private:
    std::uint64_t seed_;
};

/// Centre of the hill that every sample city has near its origin, metres east and north.
inline constexpr glm::dvec2 kHomeHill{322.0, 318.0};

} // namespace pipeline::sample
