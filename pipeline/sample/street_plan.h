#pragma once

#include "pipeline/sample/landform.h"

#include <glm/vec2.hpp>

#include <cstdint>

namespace pipeline::sample {

enum class LandUse { Nature, Farm, OldTown, Slabs, Towers, Commerce, School, Park, Plaza };

/// The land between four streets.
struct Cell {
    std::int64_t i = 0;
    std::int64_t j = 0;
    glm::dvec2 low{0.0};  ///< City frame, metres: the plots' south-west corner, streets excluded.
    glm::dvec2 high{0.0}; ///< North-east corner.
    LandUse use = LandUse::Nature;
    std::uint64_t key = 0; ///< Hash for everything random in the cell.
};

/// One street line of the grid, seen across.
struct Street {
    double centre = 0.0;      ///< u or v, city frame, metres.
    double carriageway = 4.5; ///< Half width of the asphalt.
    double reserve = 7.5;     ///< Half width with pavements: the road red line.
    bool isBoulevard = false; ///< Has a planted median.
};

/// Distances from the water line, metres inland, of what lies along the shore.
inline constexpr double kPromenadeFrom = 18.5;
inline constexpr double kShoreRoadFrom = 25.0;
inline constexpr double kShoreRoadTo = 35.0;
inline constexpr double kBuildFrom = 39.0;

/// Above this Landform::hilliness() nothing is built and no street runs.
inline constexpr double kHillEdge = 0.13;

/// The streets: an irregular grid, turned against the delivery's tiles so that streets and tile
/// borders do not coincide, without beginning or end.
class StreetPlan {
public:
    explicit StreetPlan(std::uint64_t seed) : seed_(seed), land_(seed) {}

    /// Between metres east/north and the streets' own frame (u across avenues, v across streets).
    static glm::dvec2 toCity(const glm::dvec2& world);
    static glm::dvec2 toWorld(const glm::dvec2& city);

    Street avenue(std::int64_t i) const; ///< A line of constant u.
    Street street(std::int64_t j) const; ///< A line of constant v.

    /// Index of the last avenue west of u (street south of v): the cell's i (j).
    std::int64_t avenueBefore(double u) const;
    std::int64_t streetBefore(double v) const;

    Cell cell(std::int64_t i, std::int64_t j) const;

    const Landform& land() const { return land_; }
    std::uint64_t seed() const { return seed_; }

private:
    LandUse useOf(const Cell& cell) const;

    std::uint64_t seed_;
    Landform land_;
};

} // namespace pipeline::sample
