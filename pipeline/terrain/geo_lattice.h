#pragma once

namespace pipeline::terrain {

/// Posts at equal steps of longitude and latitude, from the south-western one; rows go north.
/// At least one column and one row.
struct GeoLattice {
    double westDegrees = 0.0;
    double southDegrees = 0.0;
    double stepDegrees = 0.0;
    int columns = 0;
    int rows = 0;
};

} // namespace pipeline::terrain
