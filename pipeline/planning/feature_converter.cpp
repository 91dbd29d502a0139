#include "pipeline/planning/feature_converter.h"

#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/ogr_geometry.h"
#include "pipeline/planning/surely_valid.h"

#include <cpl_conv.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

namespace pipeline::planning {

namespace {

/// Beyond any plane on the Earth: what PROJ gives far outside of a projection's domain.
constexpr double kMostMetres = 1e8;

std::optional<FieldType> typeOf(const OGRFieldDefn& field) {
    switch (field.GetType()) {
    case OFTInteger:
    case OFTInteger64:
        return field.GetSubType() == OFSTBoolean ? FieldType::Boolean : FieldType::Integer;
    case OFTReal:
        return FieldType::Real;
    case OFTDate:
        return FieldType::Date;
    case OFTDateTime:
        return FieldType::DateTime;
    case OFTBinary:
        return std::nullopt;
    default:
        return FieldType::String;
    }
}

struct OgrTime {
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    float second = 0.0F;
    int zone = 0; ///< 100 is UTC, one more for each quarter of an hour east; 0 and 1: not known.
};

std::optional<OgrTime> timeOf(const OGRFeature& feature, int place) {
    OgrTime t;
    const bool isRead =
        feature.GetFieldAsDateTime(
            place, &t.year, &t.month, &t.day, &t.hour, &t.minute, &t.second, &t.zone) != FALSE;
    const bool isDate = t.month >= 1 && t.month <= 12 && t.day >= 1 && t.day <= 31;
    return isRead && isDate ? std::optional(t) : std::nullopt;
}

Value dateOf(const OGRFeature& feature, int place) {
    const auto t = timeOf(feature, place);
    return t ? Value(fmt::format("{:04}-{:02}-{:02}", t->year, t->month, t->day)) : Value();
}

/// A GeoPackage's times are UTC; those of no known zone are taken for that.
Value dateTimeOf(const OGRFeature& feature, int place) {
    using namespace std::chrono;
    constexpr int kUtc = 100;
    constexpr int kMinutesPerStep = 15;
    constexpr float kThousand = 1000.0F;
    const auto t = timeOf(feature, place);
    if (!t) {
        return {};
    }
    const int east = t->zone > 1 ? (t->zone - kUtc) * kMinutesPerStep : 0;
    const sys_days local =
        year{t->year} / month{static_cast<unsigned>(t->month)} / day{static_cast<unsigned>(t->day)};
    const auto utc = sys_time<milliseconds>(local) + hours(t->hour) + minutes(t->minute - east) +
                     milliseconds(std::lround(t->second * kThousand));
    const auto days = floor<std::chrono::days>(utc);
    const year_month_day date(days);
    const hh_mm_ss time(utc - days);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                       int{date.year()},
                       unsigned{date.month()},
                       unsigned{date.day()},
                       time.hours().count(),
                       time.minutes().count(),
                       time.seconds().count(),
                       time.subseconds().count());
}

/// Lists become JSON texts, everything else what OGR writes of it.
std::string textOf(const OGRFeature& feature, int place) {
    const OGRFieldType type = feature.GetFieldDefnRef(place)->GetType();
    if (type == OFTString) {
        return feature.GetFieldAsString(place);
    }
    if (type == OFTIntegerList || type == OFTInteger64List || type == OFTRealList ||
        type == OFTStringList) {
        char* json = feature.GetFieldAsSerializedJSon(place);
        std::string text = json != nullptr ? json : "";
        CPLFree(json);
        return text;
    }
    return feature.GetFieldAsString(place);
}

template <typename Points, typename Visit>
void forEachPart(Points& geometry, const Visit& visit) {
    for (auto& polygon : geometry.polygons) {
        visit(polygon.outer);
        for (auto& hole : polygon.holes) {
            visit(hole);
        }
    }
    for (auto& line : geometry.lines) {
        visit(line);
    }
    visit(geometry.points);
}

bool isWithin(const Geometry& geometry, double limit) {
    bool isFine = true;
    forEachPart(geometry, [&](const std::vector<glm::dvec2>& points) {
        isFine = isFine && std::ranges::all_of(points, [&](const glm::dvec2& point) {
                     return std::abs(point.x) <= limit && std::abs(point.y) <= limit;
                 });
    });
    return isFine;
}

/// One call for all: PROJ's set-up costs as much as a few points.
void transformAll(std::vector<TakenGeometry>& taken, PlaneTransform& transform) {
    std::vector<glm::dvec2> points;
    for (const TakenGeometry& one : taken) {
        forEachPart(one.geometry, [&](const std::vector<glm::dvec2>& part) {
            points.insert(points.end(), part.begin(), part.end());
        });
    }
    transform.apply(points);
    auto next = points.cbegin();
    for (TakenGeometry& one : taken) {
        forEachPart(one.geometry, [&](std::vector<glm::dvec2>& part) {
            const auto end = next + static_cast<std::ptrdiff_t>(part.size());
            std::copy(next, end, part.begin());
            next = end;
        });
    }
}

void orient(Ring& ring, bool isCounterClockwise) {
    if ((twiceSignedArea(ring) > 0.0) != isCounterClockwise) {
        std::ranges::reverse(ring);
    }
}

void orient(Geometry& geometry) {
    for (Polygon& polygon : geometry.polygons) {
        orient(polygon.outer, true);
        for (Ring& hole : polygon.holes) {
            orient(hole, false);
        }
    }
}

/// "" unless parts of `before` overlap.
std::string mergedParts(const Geometry& before, const Geometry& repaired) {
    constexpr double kLeastSquareMetres = 0.01;
    double twice = -squareMetresOf(repaired);
    for (const Polygon& polygon : before.polygons) {
        if (const auto part = madeValid({.polygons = {polygon}})) {
            twice += squareMetresOf(*part);
        }
    }
    return before.polygons.size() > 1 && twice > kLeastSquareMetres
               ? fmt::format("; its parts overlap in {:.2f} m2 and are merged", twice)
               : "";
}

/// A repair takes memory in kilobytes per corner: 500,000 took a process of 0.9 GB, 10,000,000 more
/// than 12 GB.
constexpr std::size_t kMostRepaired = 2'000'000;

std::size_t cornersOf(const Geometry& geometry) {
    std::size_t corners = 0;
    forEachPart(geometry, [&](const std::vector<glm::dvec2>& points) { corners += points.size(); });
    return corners;
}

/// Takes one geometry to what a GeoPackage may hold, and says what that took.
class Fitter {
public:
    Fitter(ConvertedFeatures& out, std::int64_t id) : out_(out), id_(id) {}

    /// Nothing: it was dropped.
    std::optional<Geometry> fit(TakenGeometry taken, bool wasFinite) {
        if (!wasFinite) {
            return drop(out_.counts.notFinite, "a coordinate is no finite number");
        }
        if (taken.geometry.isEmpty()) {
            return drop(out_.counts.empty,
                        taken.collapsed > 0 ? "its rings and lines have fewer points than they need"
                                            : "it has no geometry");
        }
        if (!isWithin(taken.geometry, kMostMetres)) {
            return drop(out_.counts.unplaced, "it lies outside of what the plane's CRS covers");
        }
        std::string repair =
            taken.collapsed > 0
                ? fmt::format("{} rings or lines without extent are left out", taken.collapsed)
                : "";
        if (!isSurelyValid(taken.geometry.polygons)) {
            if (const std::size_t corners = cornersOf(taken.geometry); corners > kMostRepaired) {
                return drop(out_.counts.empty,
                            fmt::format("its rings cross or touch, and its {} corners are more "
                                        "than the {} that are repaired; divide it",
                                        corners,
                                        kMostRepaired));
            }
            if (const auto valid = checkValid(taken.geometry); !valid) {
                auto made = madeValid(taken.geometry);
                if (!made || made->isEmpty()) {
                    return drop(out_.counts.empty,
                                valid.error().message + "; nothing is left of it after repair");
                }
                repair = valid.error().message + mergedParts(taken.geometry, *made);
                taken.geometry = *std::move(made);
            }
        }
        if (!repair.empty()) {
            ++out_.counts.repaired;
            out_.remarks.push_back({.id = id_, .why = repair});
        }
        orient(taken.geometry);
        return std::move(taken.geometry);
    }

private:
    std::optional<Geometry> drop(std::uint64_t& count, const std::string& why) {
        ++count;
        out_.remarks.push_back({.id = id_, .isDropped = true, .why = why});
        return std::nullopt;
    }

    ConvertedFeatures& out_;
    std::int64_t id_;
};

} // namespace

TakenFields takenFields(const OGRFeatureDefn& definition, const TableEncoding& encoding) {
    TakenFields taken;
    const Utf8Decoder decoder(encoding);
    for (int i = 0; i < definition.GetFieldCount(); ++i) {
        const OGRFieldDefn& field = *definition.GetFieldDefn(i);
        const std::string name = decoder.decode(field.GetNameRef());
        const std::optional<FieldType> type = typeOf(field);
        if (!type) {
            taken.leftOut.push_back(name);
            continue;
        }
        taken.fields.push_back({name, *type, decoder.decode(field.GetAlternativeNameRef())});
        taken.places.push_back(i);
    }
    return taken;
}

std::vector<Value> FeatureConverter::valuesOf(const OGRFeature& feature,
                                              const Utf8Decoder& decoder) const {
    std::vector<Value> values(fields_.fields.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const int place = fields_.places[i];
        if (!feature.IsFieldSetAndNotNull(place)) {
            continue;
        }
        switch (fields_.fields[i].type) {
        case FieldType::Integer:
        case FieldType::Boolean:
            values[i] = std::int64_t{feature.GetFieldAsInteger64(place)};
            break;
        case FieldType::Real:
            values[i] = feature.GetFieldAsDouble(place);
            break;
        case FieldType::Date:
            values[i] = dateOf(feature, place);
            break;
        case FieldType::DateTime:
            values[i] = dateTimeOf(feature, place);
            break;
        case FieldType::String:
            values[i] = decoder.decode(textOf(feature, place));
            break;
        }
    }
    return values;
}

ConvertedFeatures FeatureConverter::convert(const std::vector<OGRFeatureUniquePtr>& features) {
    ConvertedFeatures out;
    std::vector<TakenGeometry> taken;
    std::vector<bool> areFinite;
    for (const OGRFeatureUniquePtr& feature : features) {
        const OGRGeometry* geometry = feature->GetGeometryRef();
        taken.push_back(geometry != nullptr ? takenFrom(*geometry) : TakenGeometry());
        areFinite.push_back(isWithin(taken.back().geometry, std::numeric_limits<double>::max()));
        out.counts.withHeights += taken.back().hadHeights ? 1U : 0U;
        out.counts.withCurves += taken.back().hadCurves ? 1U : 0U;
    }
    transformAll(taken, transform_);
    const Utf8Decoder decoder(encoding_);
    out.counts.read = features.size();
    for (std::size_t i = 0; i < features.size(); ++i) {
        const std::int64_t id = features[i]->GetFID();
        auto geometry = Fitter(out, id).fit(std::move(taken[i]), areFinite[i]);
        if (geometry) {
            out.features.push_back({id, {*std::move(geometry), valuesOf(*features[i], decoder)}});
        }
    }
    out.counts.kept = out.features.size();
    return out;
}

} // namespace pipeline::planning
