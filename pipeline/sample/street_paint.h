#pragma once

#include "pipeline/sample/street_plan.h"

#include <glm/vec3.hpp>

namespace pipeline::sample {

/// A place on a street, seen along it.
struct StreetSpot {
    double across = 0.0;     ///< Signed metres from the centre line.
    double along = 0.0;      ///< Metres along it, city frame.
    double toCrossing = 1e3; ///< Metres to the edge of the nearest crossing street's carriageway.
    std::uint64_t seed = 0;
};

/// Asphalt with markings, median and crossings. REQUIRES: |across| <= street.carriageway.
glm::vec3 carriagewayColour(const Street& street, const StreetSpot& spot);

/// Asphalt without markings, for crossings and yards.
glm::vec3 asphaltColour(std::uint64_t seed, double x, double y);

/// Pavement slabs; `fromKerb` is the distance from the carriageway, metres.
glm::vec3 pavementColour(std::uint64_t seed, double x, double y, double fromKerb);

/// Mown grass.
glm::vec3 lawnColour(std::uint64_t seed, double x, double y);

/// Slabs of `size` metres with dark joints, around a base colour.
glm::vec3 pavingColour(std::uint64_t seed, double x, double y, double size, const glm::vec3& base);

} // namespace pipeline::sample
