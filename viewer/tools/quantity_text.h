#pragma once

#include "tiles3d/geo/angle.h"

#include <string>

namespace viewer::tools {

enum class AreaUnits {
    Metric, ///< m², ha from 10,000 m², km² from 1 km².
    Mu,     ///< 亩, 10,000 of which are 6.67 km².
};

/// "0.35 m", "812.40 m", "12.346 km": two decimals of a metre, three of a kilometre from 1 km.
/// NaN and infinities are "–".
std::string lengthText(double metres);

/// "812.4 m²", "2.346 ha", "702.113 km²"; "3.519 亩".
std::string areaText(double squareMetres, AreaUnits units = AreaUnits::Metric);

/// "12.3°".
std::string angleText(tiles3d::geo::Angle angle);

/// "118.0637000°": seven decimals are a centimetre.
std::string degreesText(tiles3d::geo::Angle angle);

/// "118°03′49.320″E", "24°26′43.080″N": three decimals of a second are three centimetres.
/// Longitudes beyond 180 degrees are turned back.
std::string longitudeText(tiles3d::geo::Angle longitude);
std::string latitudeText(tiles3d::geo::Angle latitude);

} // namespace viewer::tools
