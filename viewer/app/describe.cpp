#include "viewer/app/describe.h"

#include "viewer/app/translate.h"

#include <QUrl>
#include <algorithm>
#include <iterator>

namespace viewer::app {

namespace {

AttributeSection placeSection(const PlaceReadout& readout,
                              const tiles3d::geo::Cartographic& place) {
    return {.title = tr("Place"), .rows = readout.rows(place)};
}

AttributeSection tileSection(const render::TileUnder& tile) {
    return {.title = tr("Tile"),
            .rows = {{tr("File"), QUrl::fromPercentEncoding(QByteArray::fromStdString(tile.uri))},
                     {tr("Geometric error"), QString("%1 m").arg(tile.geometricErrorMetres)},
                     {tr("Level"), QString::number(tile.depth)}}};
}

} // namespace

std::vector<AttributeSection> describe(const render::Viewport& viewport,
                                       const PlaceReadout& readout,
                                       const LayerLookup* layers,
                                       const glm::dvec2& pixel) {
    const auto point = viewport.pointUnder(pixel);
    if (!point) {
        return {};
    }
    const tiles3d::geo::Cartographic place = viewport.placeOf(*point);
    std::vector<AttributeSection> sections{placeSection(readout, place)};
    if (layers != nullptr) {
        constexpr double kTolerancePixels = 4.0;
        auto features = layers->at(place, kTolerancePixels * viewport.metresPerPixelAt(*point));
        std::ranges::move(features, std::back_inserter(sections));
    }
    if (const auto tile = viewport.tileUnder(pixel)) {
        sections.push_back(tileSection(*tile));
    }
    return sections;
}

} // namespace viewer::app
