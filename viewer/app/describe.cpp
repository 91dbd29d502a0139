#include "viewer/app/describe.h"

#include "viewer/app/symbol_picture.h"
#include "viewer/app/translate.h"
#include "viewer/tools/quantity_text.h"

#include <QUrl>
#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <utility>

namespace viewer::app {

namespace {

namespace planning = pipeline::planning;
namespace style = pipeline::planning::style;
using planning::FeatureRef;
using Rows = std::vector<std::pair<QString, QString>>;

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

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

/// The area on the ellipsoid, which is the true one, before that of the plane.
void addSizes(Rows& rows, const planning::FeatureSize& size) {
    if (size.geodesicSquareMetres > 0.0) {
        rows.emplace_back(
            tr("Area"),
            text(tools::areaText(size.geodesicSquareMetres)) + "  ·  " +
                text(tools::areaText(size.geodesicSquareMetres, tools::AreaUnits::Mu)));
        rows.emplace_back(tr("Area in the plane"), text(tools::areaText(size.planeSquareMetres)));
    }
    if (size.geodesicMetres > 0.0) {
        rows.emplace_back(size.geodesicSquareMetres > 0.0 ? tr("Outline") : tr("Length"),
                          text(tools::lengthText(size.geodesicMetres)));
    }
}

void addValues(Rows& rows,
               const planning::LayerInfo& info,
               const planning::StoredFeature& feature) {
    for (std::size_t i = 0; i < info.fields.size() && i < feature.values.size(); ++i) {
        const planning::Field& field = info.fields[i];
        if (!std::holds_alternative<std::monostate>(feature.values[i])) {
            rows.emplace_back(text(field.alias.empty() ? field.name : field.alias),
                              text(planning::toText(feature.values[i])));
        }
    }
}

AttributeSection featureSection(const PlanningLayers& layers,
                                const QStringList& categories,
                                const FoundFeature& found) {
    const planning::StoredFeature& feature = found.feature;
    const planning::LayerInfo& info = layers.info(feature.ref.layer);
    const style::LayerStyle& drawn = layers.state(feature.ref.layer).style;
    const std::size_t place = style::classOf(drawn, info.fields, feature.values);
    AttributeSection section{
        .title = text(info.title),
        .remark = categories.back(),
        .icon = pictureOf(style::symbolAt(drawn, place), info.kind, {.size = {20, 16}}),
        .feature = feature.ref};
    if (!info.vintage.empty()) {
        section.remark += " · " + text(info.vintage);
        section.rows.emplace_back(tr("Vintage"), text(info.vintage));
    }
    if (!info.source.empty()) {
        section.rows.emplace_back(tr("Source"), text(info.source));
    }
    if (found.size) {
        addSizes(section.rows, *found.size);
    }
    addValues(section.rows, info, feature);
    return section;
}

/// Only these are asked, so that a place below hundreds of hidden layers is answered at once.
std::vector<std::uint32_t> shownLayers(const PlanningLayers& layers) {
    std::vector<std::uint32_t> shown;
    for (std::size_t i = 0; i < layers.count(); ++i) {
        if (layers.state(i).isVisible) {
            shown.push_back(static_cast<std::uint32_t>(i));
        }
    }
    return shown;
}

/// Small where a click seldom means something else.
double vagueness(const PlanningLayers& layers, const FoundFeature& found) {
    switch (layers.info(found.feature.ref.layer).kind) {
    case planning::GeometryKind::Point:
        return 0.0;
    case planning::GeometryKind::Line:
        return 1.0;
    default:
        return found.size ? 2.0 + found.size->planeSquareMetres
                          : std::numeric_limits<double>::infinity();
    }
}

/// Those that the city shows, where only these are asked for.
std::vector<FoundFeature>
asAsked(const PlanningLayers& layers, AskedLayers asked, const std::vector<FoundFeature>& found) {
    std::vector<FoundFeature> kept;
    std::ranges::copy_if(found, std::back_inserter(kept), [&](const FoundFeature& feature) {
        return asked == AskedLayers::All || layers.isShown(feature.feature.ref);
    });
    return kept;
}

} // namespace

std::vector<AttributeSection> describePlace(const render::Viewport& viewport,
                                            const PlaceReadout& readout,
                                            const glm::dvec2& pixel) {
    std::vector<AttributeSection> sections;
    const auto point = viewport.pointUnder(pixel);
    if (!point) {
        return sections;
    }
    sections.push_back(placeSection(readout, viewport.placeOf(*point)));
    // Tilesets do not tell ground from what stands on it.
    sections.back().rows.emplace_back(tr("Height above terrain"), tr("unknown"));
    if (const auto tile = viewport.tileUnder(pixel)) {
        sections.push_back(tileSection(*tile));
    }
    return sections;
}

std::optional<PlaceQuestion> questionAt(const glm::dvec3& point,
                                        const render::Viewport& viewport,
                                        const PlanningLayers& layers,
                                        AskedLayers asked) {
    constexpr double kTolerancePixels = 4.0;
    if (!layers.store()) {
        return std::nullopt;
    }
    const auto place = layers.plane().fromCartographic(viewport.placeOf(point));
    if (!place) {
        return std::nullopt; // beyond the plane there are no layers
    }
    PlaceQuestion question{.store = layers.store(), .place = glm::dvec2(*place)};
    question.options.toleranceMetres = kTolerancePixels * viewport.metresPerPixelAt(point);
    if (asked == AskedLayers::Shown) {
        question.options.layers = shownLayers(layers);
    }
    return question;
}

std::optional<FeatureRef> likeliestOf(const PlanningLayers& layers,
                                      AskedLayers asked,
                                      const std::vector<FoundFeature>& found) {
    const std::vector<FoundFeature> kept = asAsked(layers, asked, found);
    const auto likeliest = std::ranges::min_element(
        kept, {}, [&](const FoundFeature& feature) { return vagueness(layers, feature); });
    return likeliest == kept.end() ? std::nullopt : std::optional(likeliest->feature.ref);
}

std::vector<AttributeSection> describeFeatures(const PlanningLayers& layers,
                                               AskedLayers asked,
                                               const std::vector<FoundFeature>& found) {
    const std::vector<FoundFeature> kept = asAsked(layers, asked, found);
    std::multimap<std::uint32_t, const FoundFeature*> byLayer;
    for (const FoundFeature& feature : kept) {
        byLayer.emplace(feature.feature.ref.layer, &feature);
    }
    std::vector<AttributeSection> sections;
    for (const PlacedLayer& placed : layers.byCategory()) {
        const auto [first, last] = byLayer.equal_range(static_cast<std::uint32_t>(placed.layer));
        for (auto feature = first; feature != last; ++feature) {
            sections.push_back(featureSection(layers, placed.categories, *feature->second));
        }
    }
    return sections;
}

} // namespace viewer::app
