#pragma once

#include <glm/vec3.hpp>

#include <string>

namespace pipeline::sample {

/// SRSOrigin of the sample: easting, northing, height in EPSG:4548 (CGCS2000, 3-degree, CM 117E)
/// with EGM96 heights. On Xiamen island near 118.09E 24.45N; what stands there is invented.
inline constexpr glm::dvec3 kOrigin{610400.0, 2705000.0, 0.0};

/// metadata.xml as Smart3D writes it.
std::string metadataXml(const std::string& srs, const std::string& origin);

/// The sample's own.
std::string metadataXml();

} // namespace pipeline::sample
