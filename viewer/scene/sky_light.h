#pragma once

#include "viewer/scene/sun_position.h"

#include <osg/Vec3f>

namespace viewer::scene {

/// The light on shaded surfaces and the colours of the air. Colours are sRGB, 0 to 1; light
/// multiplies a surface's sRGB colour, and adds up to about 1.1 on a roof at noon.
/// By default the light of no particular hour: soft, from the south-west, with a plain sky.
struct SkyLight {
    osg::Vec3f toSun{-0.549F, -0.349F, 0.759F};  ///< Scene axes, unit.
    osg::Vec3f sunLight{0.20F, 0.20F, 0.20F};    ///< On a surface that faces the sun.
    osg::Vec3f skyLight{0.88F, 0.88F, 0.88F};    ///< On a surface that faces upwards.
    osg::Vec3f groundLight{0.44F, 0.44F, 0.44F}; ///< On one that faces downwards.
    osg::Vec3f zenith{0.50F, 0.66F, 0.86F};
    osg::Vec3f horizon{0.89F, 0.92F, 0.94F}; ///< Also the haze.
    osg::Vec3f ground{0.76F, 0.79F, 0.81F};  ///< Of the land beyond the city.
    osg::Vec3f glow{0.0F, 0.0F, 0.0F};       ///< Added round the sun and to its disc.
};

/// A clear day's light for that sun: day, a red dusk, and a dim blue night from 18 degrees below
/// the horizon on, in which shaded models stay readable.
SkyLight skyLightOf(const SunPosition& sun);

} // namespace viewer::scene
