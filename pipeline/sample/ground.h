#pragma once

#include "pipeline/sample/street_plan.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <map>
#include <utility>

namespace pipeline::sample {

/// A place on the ground with what the painter has worked out already.
struct Spot {
    glm::dvec2 world{0.0};
    double inland = 0.0;
    double hilliness = 0.0;
};

/// The colour of the ground before light falls on it: sea, beach, streets with their markings,
/// pavements, yards, fields, grass. Keeps the cell it was asked about last, so ask along lines;
/// one instance per thread.
class Ground {
public:
    explicit Ground(const StreetPlan& plan) : plan_(plan) {}

    /// Albedo, red, green, blue in [0, 1].
    glm::vec3 colour(const Spot& spot);

private:
    /// A cell with its four streets and which of them exist.
    struct Surroundings {
        Cell cell;
        Street west;
        Street east;
        Street south;
        Street north;
        bool hasWest = false;
        bool hasEast = false;
        bool hasSouth = false;
        bool hasNorth = false;
    };

    const Surroundings& surroundingsOf(const glm::dvec2& city);
    Surroundings lookUp(std::int64_t i, std::int64_t j) const;
    glm::vec3 urban(const Spot& spot);

    const StreetPlan& plan_;
    std::map<std::pair<std::int64_t, std::int64_t>, Surroundings> known_;
    const Surroundings* current_ = nullptr;
};

} // namespace pipeline::sample
