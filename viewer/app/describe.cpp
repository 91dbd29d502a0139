#include "viewer/app/describe.h"

#include "pipeline/planning/feature_size.h"
#include "pipeline/planning/identify.h"
#include "viewer/app/symbol_picture.h"
#include "viewer/app/translate.h"
#include "viewer/tools/quantity_text.h"

#include <QUrl>
#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace viewer::app {

namespace {

namespace planning = pipeline::planning;
namespace style = pipeline::planning::style;
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
                                const planning::StoredFeature& feature) {
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
    if (const auto size = planning::sizeOf(feature.geometry, layers.plane())) {
        addSizes(section.rows, *size);
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
double vagueness(const PlanningLayers& layers, const planning::StoredFeature& feature) {
    switch (layers.info(feature.ref.layer).kind) {
    case planning::GeometryKind::Point:
        return 0.0;
    case planning::GeometryKind::Line:
        return 1.0;
    default:
        const auto size = planning::sizeOf(feature.geometry, layers.plane());
        return size ? 2.0 + size->planeSquareMetres : std::numeric_limits<double>::infinity();
    }
}

/// By category as the contents' tree has them.
void addFeatures(Description& description,
                 const PlanningLayers& layers,
                 AskedLayers asked,
                 const std::vector<planning::IdentifiedFeature>& found) {
    std::multimap<std::uint32_t, const planning::StoredFeature*> byLayer;
    for (const planning::IdentifiedFeature& identified : found) {
        const planning::StoredFeature& feature = identified.feature;
        if (asked == AskedLayers::All || layers.isShown(feature.ref)) {
            byLayer.emplace(feature.ref.layer, &feature);
        }
    }
    double least = 0.0;
    for (const PlacedLayer& placed : layers.byCategory()) {
        const auto [first, last] = byLayer.equal_range(static_cast<std::uint32_t>(placed.layer));
        for (auto feature = first; feature != last; ++feature) {
            description.sections.push_back(
                featureSection(layers, placed.categories, *feature->second));
            description.features.push_back(feature->second->ref);
            const double vague = vagueness(layers, *feature->second);
            if (!description.likeliest || vague < least) {
                description.likeliest = feature->second->ref;
                least = vague;
            }
        }
    }
}

void identifyAt(Description& description,
                const PlanningLayers& layers,
                AskedLayers asked,
                const tiles3d::geo::Cartographic& place,
                double toleranceMetres) {
    const auto point = layers.plane().fromCartographic(place);
    if (!point) {
        return; // beyond the plane there are no layers
    }
    planning::IdentifyOptions options{.toleranceMetres = toleranceMetres};
    if (asked == AskedLayers::Shown) {
        options.layers = shownLayers(layers);
    }
    const auto found = planning::identify(*layers.store(), glm::dvec2(*point), options);
    if (!found) {
        description.warnings.push_back(found.error().message);
        return;
    }
    description.warnings = found->warnings;
    addFeatures(description, layers, asked, found->features);
}

} // namespace

Description describe(const render::Viewport& viewport,
                     const PlaceReadout& readout,
                     const PlanningLayers& layers,
                     AskedLayers asked,
                     const glm::dvec2& pixel) {
    Description description;
    const auto point = viewport.pointUnder(pixel);
    if (!point) {
        return description;
    }
    const tiles3d::geo::Cartographic place = viewport.placeOf(*point);
    description.sections.push_back(placeSection(readout, place));
    // Tilesets do not tell ground from what stands on it.
    description.sections.back().rows.emplace_back(tr("Height above terrain"), tr("unknown"));
    if (layers.store()) {
        constexpr double kTolerancePixels = 4.0;
        identifyAt(description,
                   layers,
                   asked,
                   place,
                   kTolerancePixels * viewport.metresPerPixelAt(*point));
    }
    if (const auto tile = viewport.tileUnder(pixel)) {
        description.sections.push_back(tileSection(*tile));
    }
    return description;
}

} // namespace viewer::app
