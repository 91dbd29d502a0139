#pragma once

#include "pipeline/terrain/triangulate.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pipeline::terrain {

/// What photogrammetry shows at a post.
enum Cover : std::uint8_t {
    kUncovered, ///< Nothing.
    kFloor,     ///< Something at the land's height: the land is seen by it.
    kRoof,      ///< Only what stands high above the land: roofs and crowns, which have no floor.
};

/// The land of a square piece at equal steps of longitude and latitude, with what stands on it.
/// Posts 0 to `intervals` from the west and from the south, and `apron` more on each side.
struct Lattice {
    int intervals = 0;
    int apron = 0;
    std::vector<float> heights; ///< Ellipsoidal metres; NaN: no land.
    /// Lowest ellipsoidal height of the photogrammetry round the post, as far as the next posts;
    /// infinite where there is none. Empty: none anywhere.
    std::vector<float> ceilings;
    std::vector<std::uint8_t> covered; ///< A Cover for each post. Empty likewise.

    int side() const { return intervals + 1 + 2 * apron; }
    std::size_t at(int column, int row) const {
        return static_cast<std::size_t>(row + apron) * static_cast<std::size_t>(side()) +
               static_cast<std::size_t>(column + apron);
    }
    bool hasLand() const; ///< Of its own posts any.
};

/// Every second post: heights are sampled, so that lattices of all levels nest and neighbours share
/// their border; ceilings are the lowest of the posts round each.
/// REQUIRES: intervals and apron even.
Lattice halved(const Lattice& lattice);

/// The posts from (column, row) on, as they are. REQUIRES: they are there, apron included.
Lattice cut(const Lattice& lattice, int column, int row, int intervals, int apron);

/// How far the halved lattice, interpolated bilinearly, lies from this one at most: among the own
/// posts of the square of `intervals` from (column, row) on. Posts beside a hole are left out.
/// REQUIRES: even numbers.
double deviationOfHalf(const Lattice& lattice, int column, int row, int intervals);

/// How far land may lie from this lattice, interpolated bilinearly, between the posts of the
/// square: land that bends at most once between two posts, as that of a DEM with wider steps does.
/// From the slopes on either side of where it bends. Next to a hole nothing is known. REQUIRES: one
/// post round the square.
double deviationBetweenPosts(const Lattice& lattice, int column, int row, int intervals);

struct RimOptions {
    int bandPosts = 3;         ///< How far the land goes on below the photogrammetry.
    double marginMetres = 0.0; ///< How far below the photogrammetry.
};

/// The land as it is to be meshed, with one post of apron. Where photogrammetry shows the land, it
/// is lowered below the photogrammetry, and cut away farther than the band from all posts that are
/// uncovered, or have only a roof and lie within the band of uncovered ones: under it, whoever
/// looks in from the rim would look through. Posts beside the edge of the photogrammetry are fixed,
/// and not higher than it: no terrain reaches over a street. REQUIRES: lattice.apron > 2 bandPosts
/// + 1.
PostGrid meshedLand(const Lattice& lattice, const RimOptions& options);

/// The land that errors are measured against: posts below and beside photogrammetry are holes,
/// since they were moved on purpose. REQUIRES: lattice.apron >= 1.
PostGrid plainLand(const Lattice& lattice);

/// Posts of the square from (column, row) on, with one post of apron.
PostGrid cut(const PostGrid& grid, int column, int row, int intervals);

} // namespace pipeline::terrain
