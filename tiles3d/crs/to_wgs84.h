#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/crs/proj_handles.h"

#include <glm/vec2.hpp>

#include <optional>
#include <string>
#include <vector>

namespace tiles3d::crs {

/// Longitude and latitude in degrees.
struct Degrees {
    double lon = 0.0;
    double lat = 0.0;
};

/// The way from one horizontal CRS to WGS 84 longitude and latitude. Not for several threads.
class ToWgs84 {
public:
    /// REQUIRES: `context` outlives the result.
    /// Fails if `definition` is not a CRS, or its datum is neither WGS 84 (give or take a metre)
    /// nor tied to it by parameters in the text or an operation that PROJ has without a download.
    static base::Result<ToWgs84> create(PJ_CONTEXT* context, const std::string& definition);

    /// Nothing outside the projection's domain, the area that the datum shift is made for, or more
    /// than 10 degrees beyond the CRS's own area of use, if it states one (a code does).
    std::optional<Degrees> forward(double x, double y) const;
    std::optional<glm::dvec2> inverse(const Degrees& place) const;

    /// "its datum China 2000 is taken as WGS 84".
    const std::string& how() const { return how_; }

private:
    /// An operation and where it holds. PROJ's own choice among several takes any of them where
    /// none holds, which is wrong by tens of metres (Beijing 1954 outside of the Tarim basin).
    struct Candidate {
        Pj operation;
        bool isEverywhere = true;
        Degrees southWest;
        Degrees northEast;

        bool holdsAt(const Degrees& place) const;
    };

    static Candidate candidate(PJ_CONTEXT* context, Pj operation);
    /// Away from the date line; there it holds everywhere.
    static Candidate nearItsArea(PJ_CONTEXT* context, const PJ* source, Pj operation);
    base::Status addShifts(PJ_CONTEXT* context, const PJ* source);

    std::vector<Candidate> candidates_;
    std::string how_;
};

} // namespace tiles3d::crs
