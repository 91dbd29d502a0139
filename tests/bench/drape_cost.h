#pragma once

#include <cstddef>
#include <string>

/// What draping adds to a frame.
struct DrapeCostOptions {
    std::string city;
    std::string layers; ///< A file of layers, shown together; empty: carpets of parcels.
    std::size_t rounds = 7;
};

/// Prints frame times at five fixed views of the city's middle, 1280 x 720, with no layers, one,
/// five and twenty (or those of the file) in turn, so that they meet the same machine: medians of
/// wall time and of processor time, and what they add in percent. A carpet covers the city with
/// parcels of 64 m with four edges a side, filled and outlined; each lies a little off the others.
/// Returns whether one layer adds at most 30 %, and five at most 100 %.
bool drapeCost(const DrapeCostOptions& options);
