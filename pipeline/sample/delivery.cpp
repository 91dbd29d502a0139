#include "pipeline/sample/delivery.h"

#include <fmt/format.h>

namespace pipeline::sample {

std::string metadataXml(const std::string& srs, const std::string& origin) {
    return fmt::format("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                       "<ModelMetadata version=\"1\">\n"
                       "\t<!--Spatial Reference System-->\n"
                       "\t<SRS>{}</SRS>\n"
                       "\t<!--Origin in Spatial Reference System-->\n"
                       "\t<SRSOrigin>{}</SRSOrigin>\n"
                       "\t<Texture>\n"
                       "\t\t<ColorSource>Visible</ColorSource>\n"
                       "\t</Texture>\n"
                       "</ModelMetadata>\n",
                       srs,
                       origin);
}

std::string metadataXml() {
    return metadataXml("EPSG:4548", fmt::format("{},{},{}", kOrigin.x, kOrigin.y, kOrigin.z));
}

} // namespace pipeline::sample
