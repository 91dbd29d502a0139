#include "pipeline/planning/site/site_report.h"

#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/vector_writer.h"
#include "tiles3d/base/file.h"

#include <array>

namespace pipeline::planning::site {

using tiles3d::base::Json;
using tiles3d::base::Status;

namespace {

Json pointJson(const glm::dvec2& point) {
    return Json(Json::Array{point.x, point.y});
}

Json amountJson(const Amount& amount) {
    return Json::object({{"m2", amount.squareMetres},
                         {"plane_m2", amount.planeSquareMetres},
                         {"site_share", amount.siteShare},
                         {"line_m", amount.lineMetres},
                         {"points", std::uint64_t{amount.points}}});
}

Json valueJson(const Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        return *integer;
    }
    if (const auto* real = std::get_if<double>(&value)) {
        return *real;
    }
    return std::holds_alternative<std::monostate>(value) ? Json() : Json(toText(value));
}

Json featureJson(const LayerInfo& layer, const FeatureOverlap& feature) {
    Json attributes = Json::object();
    for (std::size_t i = 0; i < std::min(layer.fields.size(), feature.values.size()); ++i) {
        attributes.set(layer.fields[i].name, valueJson(feature.values[i]));
    }
    Json json = Json::object({{"id", feature.ref.id},
                              {"name", feature.name},
                              {"verdict", nameOf(feature.verdict)},
                              {"overlap", amountJson(feature.amount)}});
    if (!feature.remark.empty()) {
        json.set("value", feature.remark);
    }
    if (feature.limit) {
        json.set("limit_m", Json(Json::Array{feature.limit->low, feature.limit->high}));
    }
    json.set("attributes", std::move(attributes));
    return json;
}

Json featuresJson(const LayerInfo& layer, const std::vector<FeatureOverlap>& features) {
    Json list = Json::array();
    for (const FeatureOverlap& feature : features) {
        list.push(featureJson(layer, feature));
    }
    return list;
}

Json excessJson(const HeightExcess& excess) {
    return Json::object({{"id", excess.ref.id},
                         {"what", excess.isDesign ? "design" : "surface"},
                         {"limit_m", excess.limitMetres},
                         {"top_m", excess.topMetres},
                         {"excess_m", excess.excessMetres()},
                         {"uncertainty_m", excess.uncertaintyMetres},
                         {"is_certain", excess.isCertain()},
                         {"at", pointJson(excess.place)},
                         {"plane_m2", excess.planeSquareMetres}});
}

Json textsJson(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const std::string& text : texts) {
        list.push(text);
    }
    return list;
}

Json remarkJson(const Remark& remark) {
    return remark.english;
}

template <typename T>
Json listJson(const std::vector<T>& items, Json (*toJson)(const T&)) {
    Json list = Json::array();
    for (const T& item : items) {
        list.push(toJson(item));
    }
    return list;
}

Json layerJson(const LayerFinding& layer) {
    return Json::object({{"table", layer.info.table},
                         {"title", layer.info.title},
                         {"category", layer.info.category},
                         {"vintage", layer.info.vintage},
                         {"source", layer.info.source},
                         {"rule", nameOf(layer.rule.kind)},
                         {"rule_title", layer.rule.title},
                         {"rule_is_guessed", layer.rule.isGuessed},
                         {"basis", layer.rule.basis},
                         {"verdict", nameOf(layer.verdict)},
                         {"covered", amountJson(layer.covered)},
                         {"conflict", amountJson(layer.conflictAmount)},
                         {"features", featuresJson(layer.info, layer.features)},
                         {"slivers", featuresJson(layer.info, layer.slivers)},
                         {"height_excesses", listJson(layer.excesses, &excessJson)},
                         {"remarks", listJson(layer.remarks, &remarkJson)}});
}

Json categoryJson(const CategoryTotal& total) {
    return Json::object({{"category", total.category},
                         {"layers", std::uint64_t{total.layers}},
                         {"features", std::uint64_t{total.features}},
                         {"verdict", nameOf(total.verdict)},
                         {"covered", amountJson(total.covered)}});
}

Json distanceJson(const NearestFeature& nearest) {
    Json json = Json::object({{"title", nearest.target.title},
                              {"verdict", nameOf(nearest.verdict)},
                              {"at_least_m", nearest.target.atLeastMetres},
                              {"at_most_m", nearest.target.atMostMetres}});
    if (nearest.ref) {
        json.set("layer", nearest.layerTitle);
        json.set("id", nearest.ref->id);
        json.set("name", nearest.name);
        json.set("m", nearest.metres);
        json.set("from", pointJson(nearest.from));
        json.set("to", pointJson(nearest.to));
    }
    return json;
}

/// The fields of all layers of parts but the site's.
std::vector<Field> partFields() {
    return {{"layer"},
            {"title"},
            {"category"},
            {"feature_id", FieldType::Integer},
            {"name"},
            {"rule"},
            {"verdict"},
            {"value"},
            {"is_sliver", FieldType::Integer},
            {"m2", FieldType::Real},
            {"plane_m2", FieldType::Real},
            {"site_share", FieldType::Real},
            {"line_m", FieldType::Real},
            {"vintage"}};
}

/// A layer of parts to be filled.
VectorLayer partLayer(const SiteReport& report, const char* name, GeometryKind kind) {
    return {.name = name, .crs = report.planeCrs, .kind = kind, .fields = partFields()};
}

Feature partFeature(const LayerFinding& layer, const FeatureOverlap& feature, bool isSliver) {
    return {.values = {layer.info.table,
                       layer.info.title,
                       layer.info.category,
                       feature.ref.id,
                       feature.name,
                       std::string(nameOf(layer.rule.kind)),
                       std::string(nameOf(feature.verdict)),
                       feature.remark,
                       std::int64_t{isSliver ? 1 : 0},
                       feature.amount.squareMetres,
                       feature.amount.planeSquareMetres,
                       feature.amount.siteShare,
                       feature.amount.lineMetres,
                       layer.info.vintage}};
}

/// Each kind of geometry in a layer of its own, as formats want it.
class PartLayers {
public:
    explicit PartLayers(const SiteReport& report)
        : surfaces_(partLayer(report, "重叠面", GeometryKind::Polygon)),
          lines_(partLayer(report, "重叠线", GeometryKind::Line)),
          points_(partLayer(report, "重叠点", GeometryKind::Point)) {
        for (const LayerFinding& layer : report.layers) {
            addAll(layer, layer.features, false);
            addAll(layer, layer.slivers, true);
        }
    }

    void moveInto(std::vector<VectorLayer>& layers) && {
        for (VectorLayer* layer : {&surfaces_, &lines_, &points_}) {
            if (!layer->features.empty()) {
                layers.push_back(std::move(*layer));
            }
        }
    }

private:
    void addAll(const LayerFinding& layer,
                const std::vector<FeatureOverlap>& features,
                bool areSlivers) {
        for (const FeatureOverlap& feature : features) {
            const Geometry& part = feature.part;
            const Feature row = partFeature(layer, feature, areSlivers);
            add(surfaces_, row, {.polygons = part.polygons});
            add(lines_, row, {.lines = part.lines});
            add(points_, row, {.points = part.points});
        }
    }

    static void add(VectorLayer& layer, const Feature& row, Geometry geometry) {
        if (!geometry.isEmpty()) {
            layer.features.push_back({std::move(geometry), row.values});
        }
    }

    VectorLayer surfaces_;
    VectorLayer lines_;
    VectorLayer points_;
};

VectorLayer siteLayer(const SiteReport& report) {
    VectorLayer layer{.name = "用户红线范围",
                      .crs = report.planeCrs,
                      .fields = {{"name"},
                                 {"verdict"},
                                 {"m2", FieldType::Real},
                                 {"plane_m2", FieldType::Real},
                                 {"perimeter_m", FieldType::Real}}};
    layer.features.push_back({.geometry = report.site.area,
                              .values = {report.site.name,
                                         std::string(nameOf(report.verdict)),
                                         report.amount.squareMetres,
                                         report.amount.planeSquareMetres,
                                         report.perimeterMetres}});
    return layer;
}

VectorLayer conflictLayer(const SiteReport& report) {
    VectorLayer layer = partLayer(report, "冲突范围", GeometryKind::Polygon);
    for (const LayerFinding& finding : report.layers) {
        if (finding.conflict.polygons.empty()) {
            continue;
        }
        const FeatureOverlap whole{.name = finding.info.title,
                                   .amount = finding.conflictAmount,
                                   .verdict = Verdict::Conflict};
        Feature feature = partFeature(finding, whole, false);
        feature.geometry.polygons = finding.conflict.polygons;
        layer.features.push_back(std::move(feature));
    }
    return layer;
}

} // namespace

Json toJson(const SiteReport& report) {
    return Json::object({{"format", "city3d-site-report"},
                         {"version", 1},
                         {"site", report.site.name},
                         {"plane_crs", report.planeCrs},
                         {"verdict", nameOf(report.verdict)},
                         {"area", amountJson(report.amount)},
                         {"perimeter_m", report.perimeterMetres},
                         {"layers_checked", std::uint64_t{report.layersChecked}},
                         {"categories", listJson(report.categories, &categoryJson)},
                         {"layers", listJson(report.layers, &layerJson)},
                         {"distances", listJson(report.distances, &distanceJson)},
                         {"remarks", textsJson(report.remarks)}});
}

std::vector<VectorLayer> toLayers(const SiteReport& report) {
    std::vector<VectorLayer> layers{siteLayer(report)};
    if (VectorLayer conflicts = conflictLayer(report); !conflicts.features.empty()) {
        layers.push_back(std::move(conflicts));
    }
    PartLayers(report).moveInto(layers);
    return layers;
}

Status writeSiteLayers(const SiteReport& report, const std::filesystem::path& file) {
    return writeGeoPackage(file, toLayers(report));
}

Status writeReport(const SiteReport& report,
                   const style::Legend& legend,
                   const std::filesystem::path& folder,
                   const HtmlOptions& options) {
    if (Status made = tiles3d::base::makeFolder(folder); !made) {
        return made;
    }
    if (Status layers = writeSiteLayers(report, folder / "site.gpkg"); !layers) {
        return layers;
    }
    const Status json =
        tiles3d::base::writeFile(folder / "report.json", toJson(report).dump(true) + "\n");
    return json ? tiles3d::base::writeFile(folder / "report.html", toHtml(report, legend, options))
                : json;
}

} // namespace pipeline::planning::site
