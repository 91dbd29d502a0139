#include "tiles3d/crs/source_crs.h"

#include "tiles3d/base/file.h"
#include "tiles3d/crs/proj_handles.h"
#include "tiles3d/crs/srs_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace tiles3d::crs {

using base::Error;
using base::Result;

namespace {

Error notUnderstood(const std::string& text, const std::string& why) {
    return {
        fmt::format("SRS \"{}\": {}. Give --srs (EPSG:4548, WKT, a PROJ string or ENU:lat,lon) or "
                    "\"srs\" in city.json",
                    shortened(text),
                    why)};
}

Result<SourceCrs> enuFrom(const std::string& text) {
    const auto numbers = numbersIn(std::string_view(text).substr(text.find(':') + 1));
    constexpr double kQuarter = 90.0;
    constexpr double kHalf = 180.0;
    if (!numbers || numbers->size() < 2 || numbers->size() > 3 ||
        std::abs((*numbers)[0]) > kQuarter || std::abs((*numbers)[1]) > kHalf) {
        return notUnderstood(text, "ENU wants latitude,longitude in degrees, latitude first");
    }
    const double height = numbers->size() == 3 ? (*numbers)[2] : 0.0;
    SourceCrs crs;
    crs.horizontal =
        LocalEnu{{geo::Angle::degrees((*numbers)[1]), geo::Angle::degrees((*numbers)[0]), height}};
    crs.heights = EllipsoidalHeights{};
    crs.understoodAs =
        fmt::format("local frame (east, north, up) at latitude {}, longitude {}; its "
                    "heights are taken as ellipsoidal",
                    (*numbers)[0],
                    (*numbers)[1]);
    return crs;
}

/// A CRS without the datum shift that may be bound to it.
Pj unbound(PJ_CONTEXT* context, const PJ* crs) {
    Pj inner(proj_clone(context, crs));
    while (inner && proj_get_type(inner.get()) == PJ_TYPE_BOUND_CRS) {
        inner.reset(proj_get_source_crs(context, inner.get()));
    }
    return inner;
}

/// Horizontal and vertical part of a compound CRS; the CRS itself if it is not compound.
struct Parts {
    Pj horizontal;
    Pj vertical;
};

Parts partsOf(PJ_CONTEXT* context, Pj crs) {
    const Pj inner = unbound(context, crs.get());
    if (!inner || proj_get_type(inner.get()) != PJ_TYPE_COMPOUND_CRS) {
        return {std::move(crs), nullptr};
    }
    return {Pj(proj_crs_get_sub_crs(context, inner.get(), 0)),
            Pj(proj_crs_get_sub_crs(context, inner.get(), 1))};
}

std::string codeOf(const PJ* crs) {
    const char* authority = proj_get_id_auth_name(crs, 0);
    const char* code = proj_get_id_code(crs, 0);
    return authority != nullptr && code != nullptr
               ? base::validUtf8(std::string(authority) + ":" + code)
               : "";
}

/// "WGS 84 (EPSG:4326)"
std::string titleOf(const PJ* crs) {
    const char* name = proj_get_name(crs);
    const std::string code = codeOf(crs);
    return base::validUtf8(name != nullptr ? name : "unknown") +
           (code.empty() ? "" : " (" + code + ")");
}

bool isHorizontal(PJ_TYPE type) {
    return type == PJ_TYPE_PROJECTED_CRS || type == PJ_TYPE_GEOGRAPHIC_2D_CRS ||
           type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
}

/// How far apart the two put the same coordinates, in the middle of where `named` is used: metres;
/// not finite where one of them has no such place, nothing if that cannot be known. Texts of the
/// same CRS differ in names and axes, so only positions decide.
std::optional<double> distanceMetres(PJ_CONTEXT* context, const PJ* crs, const PJ* named) {
    double west = 0.0;
    double south = 0.0;
    double east = 0.0;
    double north = 0.0;
    const bool hasArea =
        proj_get_area_of_use(context, named, &west, &south, &east, &north, nullptr) != 0;
    const Pj ours = toOwnDegrees(context, crs);
    const Pj theirs = toOwnDegrees(context, named);
    if (!hasArea || !ours || !theirs || west > east) {
        return std::nullopt;
    }
    constexpr double kMetresPerDegree = 111320.0;
    const PJ_COORD place = proj_coord((west + east) / 2.0, (south + north) / 2.0, 0.0, 0.0);
    const PJ_COORD onMap = proj_trans(theirs.get(), PJ_INV, place);
    const PJ_COORD back = proj_trans(ours.get(), PJ_FWD, onMap);
    const double shrink = std::cos(geo::Angle::degrees(place.xy.y).radians());
    return kMetresPerDegree * std::hypot((back.xy.x - place.xy.x) * shrink, back.xy.y - place.xy.y);
}

/// FORMATS.md: an AUTHORITY code in a delivery's WKT can lie, by 65 km in the first one that we
/// saw.
std::optional<std::string> warningOfCode(PJ_CONTEXT* context, const PJ* crs) {
    const std::string code = codeOf(crs);
    const Pj named(code.empty() ? nullptr : proj_create(context, code.c_str()));
    if (!named) {
        return std::nullopt;
    }
    constexpr double kSameMetres = 0.001;
    const std::optional<double> distance = distanceMetres(context, crs, named.get());
    if (!distance || *distance <= kSameMetres) {
        return std::nullopt;
    }
    const std::string by =
        std::isfinite(*distance) ? fmt::format(" by {:.3f} km", *distance / 1000.0) : "";
    return fmt::format(
        "the AUTHORITY code {} contradicts the parameters of the WKT{}; the parameters "
        "are used",
        code,
        by);
}

/// EGM96 is the one geoid whose grid every installation has.
Result<std::optional<HeightDatum>>
verticalDatum(const PJ* vertical, bool heightsGivenElsewhere, std::vector<std::string>& warnings) {
    if (codeOf(vertical) == "EPSG:5773") {
        return std::optional<HeightDatum>(GeoidGrid{"egm96_15.gtx"});
    }
    if (heightsGivenElsewhere) {
        warnings.push_back("its vertical CRS " + titleOf(vertical) +
                           " is replaced by the height datum given");
        return std::optional<HeightDatum>();
    }
    return Error{fmt::format(
        "its heights are in {}, for which there is no geoid grid here. Give --height-datum with "
        "the "
        "path of a geoid grid, egm96 (decimetres off) or a constant in metres, or \"vertical\": "
        "{{\"geoid\": ...}} in city.json",
        titleOf(vertical))};
}

/// What the text was: it decides what is believed.
enum class Kind { Code, Wkt, ProjString };

std::string originOf(Kind kind) {
    switch (kind) {
    case Kind::Code:
        return "by its code";
    case Kind::Wkt:
        return "by the parameters of its WKT";
    case Kind::ProjString:
        return "by its PROJ string";
    }
    return {};
}

/// The text of a CRS for Transform: codes stay, since PROJ knows most of them; parameters lose the
/// code, so that nothing is ever looked up under it.
std::string definitionOf(PJ_CONTEXT* context, const PJ* crs, Kind kind) {
    std::string code = codeOf(crs);
    if (kind == Kind::Code && !code.empty()) {
        return code;
    }
    const char* const options[] = {"MULTILINE=NO", nullptr};
    const char* wkt = proj_as_wkt(context, crs, PJ_WKT2_2019, options);
    return wkt != nullptr ? withoutOuterId(wkt) : "";
}

/// Whether heights above the ellipsoid are part of the CRS. The "+vunits=m" of a PROJ string does
/// not say so: programs write it when they drop the geoid.
bool isThreeDimensional(PJ_CONTEXT* context, const PJ* crs, Kind kind) {
    const Pj axes(proj_crs_get_coordinate_system(context, crs));
    const bool isMeant =
        kind != Kind::ProjString || proj_get_type(crs) == PJ_TYPE_GEOGRAPHIC_3D_CRS;
    return isMeant && axes && proj_cs_get_axis_count(context, axes.get()) == 3;
}

/// Heights are read in metres whatever the unit of the map or of the vertical CRS is: that has to
/// be said.
std::optional<std::string>
warningOfUnit(PJ_CONTEXT* context, const PJ* crs, const std::string& whose) {
    const Pj axes(crs != nullptr ? proj_crs_get_coordinate_system(context, crs) : nullptr);
    double metresPerUnit = 1.0;
    const char* name = nullptr;
    const bool isKnown =
        axes && proj_cs_get_axis_info(context,
                                      axes.get(),
                                      proj_cs_get_axis_count(context, axes.get()) - 1,
                                      nullptr,
                                      nullptr,
                                      nullptr,
                                      &metresPerUnit,
                                      &name,
                                      nullptr,
                                      nullptr) != 0;
    if (!isKnown || metresPerUnit == 1.0) {
        return std::nullopt;
    }
    return fmt::format("{} unit is {} ({} m); heights are taken as metres",
                       whose,
                       base::validUtf8(name != nullptr ? name : "unknown"),
                       metresPerUnit);
}

/// The warnings that the units of both parts give. Degrees of a geographic CRS are no surprise.
std::vector<std::string> warningsOfUnits(PJ_CONTEXT* context, const PJ* map, const PJ* vertical) {
    std::vector<std::string> warnings;
    const bool isProjected = proj_get_type(map) == PJ_TYPE_PROJECTED_CRS;
    for (const auto& warning :
         {isProjected ? warningOfUnit(context, map, "its") : std::optional<std::string>(),
          warningOfUnit(context, vertical, "its vertical CRS's")}) {
        if (warning) {
            warnings.push_back(*warning);
        }
    }
    return warnings;
}

struct Reading {
    const std::string& text;
    Kind kind = Kind::Code;
    bool heightsGivenElsewhere = false;
};

Result<SourceCrs> describeCrs(PJ_CONTEXT* context, Pj crs, const Reading& reading) {
    SourceCrs result;
    const Parts parts = partsOf(context, std::move(crs));
    const Pj plain = parts.horizontal ? unbound(context, parts.horizontal.get()) : nullptr;
    if (!plain || !isHorizontal(proj_get_type(plain.get()))) {
        return notUnderstood(reading.text, "neither a projected nor a geographic CRS");
    }
    if (isThreeDimensional(context, plain.get(), reading.kind)) {
        result.heights = EllipsoidalHeights{};
    }
    if (parts.vertical) {
        const auto heights =
            verticalDatum(parts.vertical.get(), reading.heightsGivenElsewhere, result.warnings);
        if (!heights) {
            return base::within("SRS \"" + shortened(reading.text) + "\"", heights.error());
        }
        result.heights = *heights;
    }
    const std::string definition = definitionOf(context, parts.horizontal.get(), reading.kind);
    if (definition.empty()) {
        return notUnderstood(reading.text, lastError(context));
    }
    result.horizontal = ProjectedCrs{definition};
    result.understoodAs = titleOf(plain.get()) + ", " + originOf(reading.kind);
    std::ranges::copy(warningsOfUnits(context, plain.get(), parts.vertical.get()),
                      std::back_inserter(result.warnings));
    if (const auto warning = warningOfCode(context, plain.get())) {
        const char* name = proj_get_name(plain.get());
        result.understoodAs = base::validUtf8(name != nullptr ? name : "unknown") + ", " +
                              originOf(reading.kind) + "; " + *warning;
        result.warnings.push_back(*warning);
    }
    return result;
}

std::optional<Kind> kindOf(const std::string& text) {
    if (isWkt(text)) {
        return Kind::Wkt;
    }
    if (text.starts_with("+")) {
        return Kind::ProjString;
    }
    return isCode(text) ? std::optional(Kind::Code) : std::nullopt;
}

/// What PROJ is given for a text.
std::string projText(const std::string& text, Kind kind) {
    if (kind == Kind::Code) {
        return normalisedCode(text);
    }
    const bool isUntyped = kind == Kind::ProjString && text.find("+type=crs") == std::string::npos;
    return text + (isUntyped ? " +type=crs" : "");
}

/// "@file" asks PROJ to go on without a shift where the file is missing: hundreds of metres, in
/// silence. "@null" is the customary word for no shift at all.
bool hasOptionalGrid(const std::string& text) {
    constexpr std::string_view kNull = "@null";
    for (std::size_t at = text.find('@'); at != std::string::npos; at = text.find('@', at + 1)) {
        const std::size_t end = std::min(text.find_first_of(" \t\r\n,\"]", at), text.size());
        const bool startsName =
            at > 0 && std::string_view("=,\"").find(text[at - 1]) != std::string_view::npos;
        if (startsName && std::string_view(text).substr(at, end - at) != kNull) {
            return true;
        }
    }
    return false;
}

/// Texts that name no place on the Earth.
bool isLocal(const std::string& text) {
    const std::string start = upper(text.substr(0, 20));
    return std::ranges::any_of(std::array{"LOCAL", "ENGCRS", "ENGINEERINGCRS"},
                               [&start](const char* word) { return start.starts_with(word); });
}

} // namespace

Result<SourceCrs> understandSrs(std::string_view raw, bool heightsGivenElsewhere) {
    constexpr std::size_t kMostBytes = std::size_t{64} << 10U;
    if (raw.size() > kMostBytes) {
        return Error{
            fmt::format("an SRS text of {} bytes, the limit is {}", raw.size(), kMostBytes)};
    }
    const std::string text = trimmed(raw);
    if (text.empty()) {
        return Error{
            "nothing says what its coordinate system is (no <SRS> in metadata.xml). Give "
            "--srs (EPSG:4548, WKT, a PROJ string or ENU:lat,lon) or \"srs\" in city.json"};
    }
    if (upper(text.substr(0, 4)) == "ENU:") {
        return enuFrom(text);
    }
    if (isLocal(text)) {
        return notUnderstood(text, "a local system without a place on the Earth");
    }
    const std::optional<Kind> kind = kindOf(text);
    if (!kind || text.find('\0') != std::string::npos) {
        return notUnderstood(text, "neither a code, WKT, a PROJ string nor ENU:lat,lon");
    }
    if (*kind == Kind::ProjString && text.find("pipeline") != std::string::npos) {
        return notUnderstood(text, "a pipeline is an operation, not a coordinate system");
    }
    if (*kind != Kind::Code && hasOptionalGrid(text)) {
        return notUnderstood(text,
                             "a grid with '@' in front may be missing unnoticed; leave it out");
    }
    const Context context = makeContext();
    Pj crs(proj_create(context.get(), projText(text, *kind).c_str()));
    if (!crs) {
        return notUnderstood(text,
                             *kind == Kind::Code
                                 ? "PROJ's database has no such code"
                                 : "PROJ does not read it (" + lastError(context.get()) + ")");
    }
    return describeCrs(context.get(), std::move(crs), {text, *kind, heightsGivenElsewhere});
}

Result<glm::dvec3> parseOrigin(std::string_view raw) {
    constexpr std::size_t kMostBytes = 1000;
    const std::string text = trimmed(raw.substr(0, kMostBytes + 1));
    if (text.empty()) {
        return glm::dvec3(0.0);
    }
    const auto numbers = text.size() <= kMostBytes ? numbersIn(text) : std::nullopt;
    if (!numbers || numbers->size() != 3) {
        return Error{fmt::format("origin \"{}\": expected three numbers, east,north,height. Give "
                                 "--origin E,N,H",
                                 shortened(text))};
    }
    return glm::dvec3((*numbers)[0], (*numbers)[1], (*numbers)[2]);
}

} // namespace tiles3d::crs
