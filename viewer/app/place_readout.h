#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/geo/ellipsoid.h"
#include "viewer/tools/plane_readout.h"

#include <QCoreApplication>
#include <QString>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace viewer::app {

/// Tells places as people of the city read them.
class PlaceReadout {
    Q_DECLARE_TR_FUNCTIONS(viewer::app::PlaceReadout)

public:
    /// The city's plane CRS, as understandSrs() takes it; "" for none. What was set before goes.
    tiles3d::base::Status setPlane(const std::string& crs);

    /// "X 2711234.567  Y 512345.678" in the plane's metres: X north and Y east, as Chinese
    /// surveyors write. Empty without a plane, and where it does not reach.
    QString planeText(const tiles3d::geo::Cartographic& place) const;
    /// "118.1234567° E  24.1234567° N  23.45 m", the height above the ellipsoid.
    static QString geographicText(const tiles3d::geo::Cartographic& place);
    /// All of it, a name and a value each; what is not known is left out.
    std::vector<std::pair<QString, QString>> rows(const tiles3d::geo::Cartographic& place) const;

private:
    std::string crs_;
    std::optional<tools::PlaneReadout> readout_;
};

/// The plane CRS that a city built by city3d names in its city.json; "" if there is none.
std::string planeCrsOf(const QString& tilesetLocation);

} // namespace viewer::app
