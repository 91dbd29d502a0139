#include "pipeline/planning/check/layer_check.h"

#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/layer_source.h"
#include "tiles3d/base/parallel.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <set>

namespace pipeline::planning::check {

using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

constexpr std::size_t kBatch = 500; // features in memory at once

std::optional<std::size_t> placeOf(const std::vector<Field>& fields, const std::string& name) {
    const auto found = std::ranges::find(fields, name, &Field::name);
    return found == fields.end() ? std::nullopt
                                 : std::optional(static_cast<std::size_t>(found - fields.begin()));
}

bool applies(const LayerRule& rule, const LayerInfo& layer) {
    const bool isCategory = rule.category.empty() || layer.category == rule.category ||
                            layer.category.starts_with(rule.category + "/");
    return isCategory && (fits(rule.layer, layer.table) || fits(rule.layer, layer.title));
}

/// Tells geometries apart by their text of points, wherever their rings begin.
std::string keyOf(const Geometry& geometry) {
    std::vector<glm::dvec2> points = geometry.points;
    for (const Polygon& polygon : geometry.polygons) {
        points.insert(points.end(), polygon.outer.begin(), polygon.outer.end());
        for (const Ring& hole : polygon.holes) {
            points.insert(points.end(), hole.begin(), hole.end());
        }
    }
    for (const auto& line : geometry.lines) {
        points.insert(points.end(), line.begin(), line.end());
    }
    std::ranges::sort(points, [](const glm::dvec2& a, const glm::dvec2& b) {
        return a.x != b.x ? a.x < b.x : a.y < b.y;
    });
    const std::hash<std::string_view> hash;
    const std::string_view bytes(reinterpret_cast<const char*>(points.data()),
                                 points.size() * sizeof(glm::dvec2));
    return fmt::format("{}:{:x}", points.size(), hash(bytes));
}

/// A feature and where it is.
using Place = std::pair<std::int64_t, glm::dvec2>;

/// Of one coordinate: the stray ones do not move it.
double medianOf(const std::vector<Place>& places, glm::length_t axis) {
    std::vector<double> values;
    for (const auto& [id, place] : places) {
        values.push_back(place[axis]);
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// Checks one layer.
class LayerChecker {
public:
    LayerChecker(const LayerStore& store, const CheckRules& rules, std::uint32_t layer)
        : store_(store), rules_(rules), layer_(layer), info_(store.layers()[layer]) {
        for (const LayerRule& rule : rules.layers) {
            if (applies(rule, info_)) {
                rulesHere_.push_back(&rule);
            }
        }
    }

    Result<LayerFindings> check() {
        checkFields();
        const Result<std::vector<std::int64_t>> ids = store_.rows(layer_, {});
        if (!ids) {
            return ids.error();
        }
        for (std::size_t first = 0; first < ids->size(); first += kBatch) {
            std::vector<FeatureRef> refs;
            for (std::size_t i = first; i < std::min(first + kBatch, ids->size()); ++i) {
                refs.push_back({layer_, (*ids)[i]});
            }
            if (const Status checked = checkBatch(refs); !checked) {
                return checked.error();
            }
        }
        checkPlaces();
        checkGaps(*ids);
        LayerFindings out{.table = info_.table, .title = info_.title, .features = ids->size()};
        for (auto& [what, finding] : findings_) {
            out.findings.push_back(std::move(finding));
        }
        return out;
    }

private:
    void add(const std::string& what, const std::string& example) {
        constexpr std::size_t kMostExamples = 10;
        Finding& finding = findings_[what];
        finding.what = what;
        ++finding.count;
        if (finding.examples.size() < kMostExamples) {
            finding.examples.push_back(example);
        }
    }

    void checkFields() {
        for (const LayerRule* rule : rulesHere_) {
            for (const std::string& field : rule->required) {
                if (!placeOf(info_.fields, field)) {
                    add("missing field", field);
                }
            }
        }
    }

    Status checkBatch(const std::vector<FeatureRef>& refs) {
        const Result<std::vector<StoredFeature>> features = store_.read(refs);
        if (!features) { // one of them is broken: each by itself
            if (refs.size() == 1) {
                add("unreadable", features.error().message);
                return ok();
            }
            for (const FeatureRef& ref : refs) {
                if (Status checked = checkBatch({ref}); !checked) {
                    return checked;
                }
            }
            return ok();
        }
        for (const StoredFeature& feature : *features) {
            checkValues(feature);
            checkGeometry(feature);
        }
        return ok();
    }

    void checkValues(const StoredFeature& feature) {
        for (const LayerRule* rule : rulesHere_) {
            const auto valueOf = [&](const std::string& field) -> std::optional<std::string> {
                const auto place = placeOf(info_.fields, field);
                return place ? std::optional(planning::toText(feature.values[*place]))
                             : std::nullopt;
            };
            for (const std::string& field : rule->required) {
                if (const auto value = valueOf(field); value && value->empty()) {
                    add("empty value", fmt::format("{}: {}", feature.ref.id, field));
                }
            }
            for (const std::string& field : rule->unique) {
                const auto value = valueOf(field);
                if (value && !value->empty()) {
                    checkUnique(values_[field], *value, feature.ref.id, "value twice: " + field);
                }
            }
            for (const auto& [field, codes] : rule->codes) {
                const auto value = valueOf(field);
                if (value && !value->empty() && !std::ranges::any_of(codes, [&](const auto& code) {
                        return value->starts_with(code);
                    })) {
                    add("unknown code", fmt::format("{}: {} {}", feature.ref.id, field, *value));
                }
            }
        }
    }

    void checkUnique(std::map<std::string, std::int64_t>& seen,
                     const std::string& key,
                     std::int64_t id,
                     const std::string& what) {
        const auto [first, isNew] = seen.emplace(key, id);
        if (!isNew) {
            add(what, fmt::format("{} and {}", first->second, id));
        }
    }

    void checkGeometry(const StoredFeature& feature) {
        const std::int64_t id = feature.ref.id;
        if (feature.geometry.isEmpty()) {
            add("no geometry", std::to_string(id));
            return;
        }
        checkUnique(geometries_, keyOf(feature.geometry), id, "geometry twice");
        if (const Status valid = checkValid(feature.geometry); !valid) {
            add("invalid geometry", fmt::format("{}: {}", id, valid.error().message));
            return; // nothing can be computed with it
        }
        const PlaneBox box = boundsOf(feature.geometry);
        places_.emplace_back(id, (box.low + box.high) / 2.0);
        if (!feature.geometry.polygons.empty()) {
            checkSliver(feature);
            checkOverlaps(feature);
        }
    }

    void checkPlaces() {
        if (places_.empty()) {
            return;
        }
        const glm::dvec2 middle(medianOf(places_, 0), medianOf(places_, 1));
        for (const auto& [id, place] : places_) {
            const double metres = glm::distance(place, middle);
            if (metres > rules_.farMetres) {
                add("far from the others",
                    fmt::format("{}: {:.0f} km from the layer's middle", id, metres / 1000.0));
            }
        }
    }

    void checkSliver(const StoredFeature& feature) {
        const double area = squareMetresOf(feature.geometry);
        const double outline = perimeterMetresOf(feature.geometry);
        const double width = outline > 0.0 ? 2.0 * area / outline : 0.0;
        if (area < rules_.sliverSquareMetres || width < rules_.sliverWidthMetres) {
            add("sliver", fmt::format("{}: {:.3f} m2, {:.3f} m wide", feature.ref.id, area, width));
        }
    }

    /// With features of higher ids: each pair once.
    void checkOverlaps(const StoredFeature& feature) {
        const std::array<std::uint32_t, 1> here{layer_};
        std::vector<FeatureRef> others =
            store_.near(boundsOf(feature.geometry), std::span<const std::uint32_t>(here));
        std::erase_if(others, [&](const FeatureRef& ref) { return ref.id <= feature.ref.id; });
        const auto read = store_.read(others, Parts::Geometry);
        if (!read) {
            return; // what is broken is said of it
        }
        for (const StoredFeature& other : *read) {
            const auto common = intersection(feature.geometry, other.geometry);
            const double area = common ? squareMetresOf(*common) : 0.0;
            if (area > rules_.overlapSquareMetres) {
                add("overlap",
                    fmt::format("{} and {}: {:.2f} m2", feature.ref.id, other.ref.id, area));
            }
        }
    }

    void checkGaps(const std::vector<std::int64_t>& ids) {
        constexpr std::size_t kMostFeatures = 200'000;
        if (info_.kind != GeometryKind::Polygon || ids.size() < 2 || ids.size() > kMostFeatures) {
            return;
        }
        std::vector<FeatureRef> refs;
        for (const std::int64_t id : ids) {
            refs.push_back({layer_, id});
        }
        const auto features = store_.read(refs, Parts::Geometry);
        if (!features) {
            return;
        }
        std::vector<Geometry> geometries;
        for (const StoredFeature& feature : *features) {
            geometries.push_back(feature.geometry);
        }
        const Result<Geometry> all = unionOf(geometries);
        if (!all) {
            return;
        }
        std::set<std::string> own = ownHoles(geometries);
        for (const Polygon& polygon : all->polygons) {
            for (const Ring& hole : polygon.holes) {
                checkGap(hole, own);
            }
        }
    }

    /// Holes that features have themselves are meant.
    static std::set<std::string> ownHoles(const std::vector<Geometry>& geometries) {
        std::set<std::string> own;
        for (const Geometry& geometry : geometries) {
            for (const Polygon& polygon : geometry.polygons) {
                for (const Ring& hole : polygon.holes) {
                    own.insert(keyOf({.lines = {hole}}));
                }
            }
        }
        return own;
    }

    void checkGap(const Ring& hole, const std::set<std::string>& own) {
        Ring outline(hole.rbegin(), hole.rend());
        const double area = squareMetresOf({.polygons = {{.outer = outline}}});
        if (area < rules_.gapSquareMetres && !own.contains(keyOf({.lines = {hole}}))) {
            add("gap",
                fmt::format("at {:.2f} {:.2f}: {:.3f} m2", hole[0].x, hole[0].y, std::abs(area)));
        }
    }

    const LayerStore& store_;
    const CheckRules& rules_;
    std::uint32_t layer_;
    const LayerInfo& info_;
    std::vector<const LayerRule*> rulesHere_;
    std::map<std::string, Finding> findings_;
    std::map<std::string, std::map<std::string, std::int64_t>> values_; ///< By field.
    std::map<std::string, std::int64_t> geometries_;
    std::vector<Place> places_;
};

} // namespace

Result<std::vector<LayerFindings>>
checkLayers(const LayerStore& store, const CheckRules& rules, std::size_t threads) {
    std::vector<LayerFindings> layers(store.layers().size());
    std::optional<Error> failure;
    std::mutex mutex;
    tiles3d::base::parallelFor(layers.size(), threads, [&](std::size_t i) {
        Result<LayerFindings> checked =
            LayerChecker(store, rules, static_cast<std::uint32_t>(i)).check();
        if (checked) {
            layers[i] = *std::move(checked);
            return;
        }
        const std::scoped_lock lock(mutex);
        failure = checked.error();
    });
    return failure ? Result<std::vector<LayerFindings>>(*failure) : layers;
}

Json toJson(const std::vector<LayerFindings>& layers) {
    Json list = Json::array();
    for (const LayerFindings& layer : layers) {
        Json findings = Json::array();
        for (const Finding& finding : layer.findings) {
            Json examples = Json::array();
            std::ranges::for_each(finding.examples,
                                  [&](const std::string& text) { examples.push(text); });
            findings.push(Json::object()
                              .set("what", finding.what)
                              .set("count", finding.count)
                              .set("examples", examples));
        }
        list.push(Json::object()
                      .set("table", layer.table)
                      .set("title", layer.title)
                      .set("features", layer.features)
                      .set("findings", findings));
    }
    return Json::object().set("layers", list);
}

std::string toText(const std::vector<LayerFindings>& layers) {
    std::string text;
    std::size_t clean = 0;
    for (const LayerFindings& layer : layers) {
        if (layer.findings.empty()) {
            ++clean;
            continue;
        }
        text += fmt::format("{} ({} features)\n", layer.table, layer.features);
        for (const Finding& finding : layer.findings) {
            text += fmt::format("    {}: {}\n        {}\n",
                                finding.what,
                                finding.count,
                                fmt::join(finding.examples, "\n        "));
        }
    }
    return text + fmt::format("{} layers, {} clean\n", layers.size(), clean);
}

} // namespace pipeline::planning::check
