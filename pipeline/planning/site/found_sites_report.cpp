#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/site/find_sites.h"
#include "pipeline/planning/site/report_text.h"
#include "pipeline/planning/vector_writer.h"
#include "tiles3d/base/file.h"

#include <fmt/format.h>

namespace pipeline::planning::site {

using tiles3d::base::Json;
using tiles3d::base::Status;

namespace {

Json siteJson(const FoundSite& site, std::size_t rank, const LayerInfo& parcels) {
    Json distances = Json::object();
    for (const NearestFeature& nearest : site.distances) {
        distances.set(nearest.target.title, nearest.ref ? Json(nearest.metres) : Json());
    }
    Json attributes = Json::object();
    for (std::size_t i = 0; i < site.values.size(); ++i) {
        attributes.set(parcels.fields[i].name, toText(site.values[i]));
    }
    return Json::object({{"rank", std::uint64_t{rank}},
                         {"id", site.ref.id},
                         {"name", site.name},
                         {"m2", site.squareMetres},
                         {"plane_m2", site.planeSquareMetres},
                         {"slope_degrees", site.slopeDegrees ? Json(*site.slopeDegrees) : Json()},
                         {"distances_m", std::move(distances)},
                         {"attributes", std::move(attributes)}});
}

Value valueOf(const std::optional<double>& number) {
    Value value;
    if (number) {
        value = *number;
    }
    return value;
}

VectorLayer layerOf(const FoundSites& found) {
    VectorLayer layer{.name = "选址结果", .crs = found.planeCrs};
    layer.fields = {{"rank", FieldType::Integer},
                    {"parcel_id", FieldType::Integer},
                    {"name"},
                    {"m2", FieldType::Real},
                    {"plane_m2", FieldType::Real},
                    {"slope_degrees", FieldType::Real}};
    if (!found.sites.empty()) {
        for (std::size_t i = 0; i < found.sites.front().distances.size(); ++i) {
            layer.fields.push_back({fmt::format("distance_{}_m", i + 1),
                                    FieldType::Real,
                                    found.sites.front().distances[i].target.title});
        }
    }
    for (std::size_t rank = 0; rank < found.sites.size(); ++rank) {
        const FoundSite& site = found.sites[rank];
        Feature feature{.geometry = site.area,
                        .values = {static_cast<std::int64_t>(rank + 1),
                                   site.ref.id,
                                   site.name,
                                   site.squareMetres,
                                   site.planeSquareMetres,
                                   valueOf(site.slopeDegrees)}};
        for (const NearestFeature& nearest : site.distances) {
            feature.values.push_back(
                valueOf(nearest.ref ? std::optional(nearest.metres) : std::nullopt));
        }
        layer.features.push_back(std::move(feature));
    }
    return layer;
}

} // namespace

Json toJson(const FoundSites& found) {
    Json sites = Json::array();
    for (std::size_t i = 0; i < found.sites.size(); ++i) {
        sites.push(siteJson(found.sites[i], i + 1, found.parcels));
    }
    const SiteCounts& counts = found.counts;
    return Json::object({{"format", "city3d-found-sites"},
                         {"version", 1},
                         {"plane_crs", found.planeCrs},
                         {"parcels", found.parcels.table},
                         {"considered", std::uint64_t{counts.considered}},
                         {"wrong_area", std::uint64_t{counts.wrongArea}},
                         {"wrong_distance", std::uint64_t{counts.wrongDistance}},
                         {"forbidden", std::uint64_t{counts.forbidden}},
                         {"too_steep", std::uint64_t{counts.tooSteep}},
                         {"broken", std::uint64_t{counts.broken}},
                         {"sites", std::move(sites)}});
}

std::string toTable(const FoundSites& found) {
    std::string text;
    for (std::size_t i = 0; i < found.sites.size(); ++i) {
        const FoundSite& site = found.sites[i];
        text += fmt::format(
            "{:>4}  {}  {}", i + 1, site.name, areaText(site.squareMetres, Language::Chinese));
        if (site.slopeDegrees) {
            text += fmt::format("  {:.1f}°", *site.slopeDegrees);
        }
        for (const NearestFeature& nearest : site.distances) {
            text += fmt::format("  {} {}",
                                nearest.target.title,
                                nearest.ref ? fmt::format("{:.0f} m", nearest.metres) : "-");
        }
        text += '\n';
    }
    const SiteCounts& counts = found.counts;
    return text + fmt::format("{} of {} parcels; {} of a wrong area, {} of a wrong distance, {} "
                              "against a rule, {} too steep, {} broken\n",
                              found.sites.size(),
                              counts.considered,
                              counts.wrongArea,
                              counts.wrongDistance,
                              counts.forbidden,
                              counts.tooSteep,
                              counts.broken);
}

Status writeFoundSites(const FoundSites& found, const std::filesystem::path& folder) {
    if (Status made = tiles3d::base::makeFolder(folder); !made) {
        return made;
    }
    if (Status layers = writeGeoPackage(folder / "sites.gpkg", {layerOf(found)}); !layers) {
        return layers;
    }
    return tiles3d::base::writeFile(folder / "sites.json", toJson(found).dump(true) + "\n");
}

} // namespace pipeline::planning::site
