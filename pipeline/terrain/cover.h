#pragma once

#include "pipeline/terrain/lattice.h"
#include "tiles3d/base/result.h"

#include <filesystem>

namespace pipeline::terrain {

/// Where a lattice's posts stand: longitude and latitude of post (0, 0), and the step between
/// posts.
struct LatticePlace {
    double westDegrees = 0.0;
    double southDegrees = 0.0;
    double stepDegrees = 1.0;
};

/// Draws the coarsest contents of finished blocks into the lattice: which posts they cover in plan,
/// and the lowest height of theirs there. What a block shows is read from its triangles, one
/// content at a time in memory.
class CoverRaster {
public:
    CoverRaster(const Lattice& lattice, const LatticePlace& place);

    /// Fails if a content cannot be read: these are our own files, so that is a damaged output.
    tiles3d::base::Status add(const std::filesystem::path& blockTileset);

    /// Gives the lattice its `covered` and `ceilings`. Posts that are not covered but most of whose
    /// neighbours are count as covered, with a floor: pinholes are no holes. What lies more than 3
    /// m above the lattice's height is a roof. Leaves the lattice as it is if nothing was drawn.
    void applyTo(Lattice& lattice) &&;

private:
    LatticePlace place_;
    int apron_;
    int side_;
    bool isEmpty_ = true;
    std::vector<float> lowest_; ///< Per post; infinite where nothing was drawn.
};

} // namespace pipeline::terrain
