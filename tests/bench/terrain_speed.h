#pragma once

namespace tests::bench {

/// Builds `city3d sample --terrain KM` with one job and with two; prints a row for each, with what
/// a DEM of 26.5 km would take, and then where the CPU time of the units that read rasters goes.
/// Throws std::runtime_error if something cannot be built.
void measureTerrain(double kilometres);

} // namespace tests::bench
