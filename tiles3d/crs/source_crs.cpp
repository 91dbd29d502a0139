#include "tiles3d/crs/source_crs.h"

#include "tiles3d/base/file.h"
#include "tiles3d/crs/proj_handles.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace tiles3d::crs {

using base::Error;
using base::Result;

namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::string trimmed(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.remove_prefix(3);
    }
    const std::size_t begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(begin, text.find_last_not_of(kSpace) - begin + 1));
}

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

std::string shortened(const std::string& text) {
    constexpr std::size_t kMost = 80;
    const std::string valid = base::validUtf8(text);
    return valid.size() <= kMost ? valid : base::validUtf8(valid.substr(0, kMost)) + "...";
}

Error notUnderstood(const std::string& text, const std::string& why) {
    return {fmt::format("SRS \"{}\": {}. Give --srs (EPSG:4548, WKT or a PROJ string) or \"srs\" in "
                        "city.json",
                        shortened(text),
                        why)};
}

/// Numbers separated by commas, semicolons or white space; nothing if anything else is there.
std::optional<std::vector<double>> numbersIn(std::string_view text) {
    std::vector<double> numbers;
    const char* at = text.data();
    const char* end = at + text.size();
    const auto isSeparator = [](char c) {
        return c == ',' || c == ';' || kSpace.find(c) != std::string_view::npos;
    };
    while (at != end) {
        if (isSeparator(*at)) {
            ++at;
            continue;
        }
        at += *at == '+' ? 1 : 0;
        double value = 0.0;
        const auto parsed = std::from_chars(at, end, value);
        const bool isWhole = parsed.ptr == end || isSeparator(*parsed.ptr);
        if (parsed.ec != std::errc() || !isWhole || !std::isfinite(value)) {
            return std::nullopt;
        }
        numbers.push_back(value);
        at = parsed.ptr;
    }
    return numbers;
}

Result<SourceCrs> enuFrom(const std::string& text) {
    const auto numbers = numbersIn(std::string_view(text).substr(text.find(':') + 1));
    constexpr double kQuarter = 90.0;
    constexpr double kHalf = 180.0;
    if (!numbers || numbers->size() < 2 || numbers->size() > 3 ||
        std::abs((*numbers)[0]) > kQuarter || std::abs((*numbers)[1]) > kHalf) {
        return notUnderstood(text, "ENU wants latitude,longitude in degrees");
    }
    const double height = numbers->size() == 3 ? (*numbers)[2] : 0.0;
    SourceCrs crs;
    crs.horizontal = LocalEnu{
        {geo::Angle::degrees((*numbers)[1]), geo::Angle::degrees((*numbers)[0]), height}};
    crs.heights = EllipsoidalHeights{};
    crs.understoodAs = fmt::format("local frame (east, north, up) at latitude {}, longitude {}; its "
                                   "heights are taken as ellipsoidal",
                                   (*numbers)[0],
                                   (*numbers)[1]);
    return crs;
}

bool isWkt(const std::string& text) {
    const std::size_t bracket = text.find_first_of("[(");
    return bracket != std::string::npos && bracket > 3 &&
           std::all_of(text.begin(),
                       text.begin() + static_cast<std::ptrdiff_t>(bracket),
                       [](char c) {
                           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
                                  kSpace.find(c) != std::string_view::npos;
                       });
}

/// Position of the outermost AUTHORITY[...] or ID[...] of a WKT: at depth 1.
std::size_t outerAuthority(const std::string& wkt) {
    int depth = 0;
    bool isText = false;
    for (std::size_t i = 0; i < wkt.size(); ++i) {
        if (wkt[i] == '"') {
            isText = !isText;
        } else if (!isText && (wkt[i] == '[' || wkt[i] == '(')) {
            ++depth;
        } else if (!isText && (wkt[i] == ']' || wkt[i] == ')')) {
            --depth;
        } else if (!isText && depth == 1 &&
                   (wkt.compare(i, 9, "AUTHORITY") == 0 || wkt.compare(i, 3, "ID[") == 0)) {
            return i;
        }
    }
    return std::string::npos;
}

struct Authority {
    std::string without; ///< The WKT without it.
    std::string code;    ///< "EPSG:4547"; empty if there was none.
};

Authority splitAuthority(const std::string& wkt) {
    const std::size_t start = outerAuthority(wkt);
    if (start == std::string::npos) {
        return {wkt, ""};
    }
    const std::size_t end = wkt.find_first_of("])", start);
    const std::size_t comma = wkt.rfind(',', start);
    if (end == std::string::npos || comma == std::string::npos) {
        return {wkt, ""};
    }
    std::string code;
    for (const char c : wkt.substr(start, end - start)) {
        const bool isPart = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == ',';
        code += isPart ? std::string(1, c == ',' ? ':' : c) : "";
    }
    const std::size_t epsg = code.find("EPSG");
    return {wkt.substr(0, comma) + wkt.substr(end + 1),
            epsg == std::string::npos ? "" : code.substr(epsg)};
}

/// Horizontal and vertical part of a compound CRS; the CRS itself if it is not compound.
struct Parts {
    Pj horizontal;
    Pj vertical;
};

Parts partsOf(PJ_CONTEXT* context, Pj crs) {
    if (proj_get_type(crs.get()) != PJ_TYPE_COMPOUND_CRS) {
        return {std::move(crs), nullptr};
    }
    return {Pj(proj_crs_get_sub_crs(context, crs.get(), 0)),
            Pj(proj_crs_get_sub_crs(context, crs.get(), 1))};
}

std::string codeOf(const PJ* crs) {
    const char* authority = proj_get_id_auth_name(crs, 0);
    const char* code = proj_get_id_code(crs, 0);
    return authority != nullptr && code != nullptr ? std::string(authority) + ":" + code : "";
}

std::string nameOf(const PJ* crs) {
    const char* name = proj_get_name(crs);
    return name != nullptr ? name : "";
}

bool isHorizontal(const PJ* crs) {
    PJ_TYPE type = proj_get_type(crs);
    if (type == PJ_TYPE_BOUND_CRS) {
        return true;
    }
    return type == PJ_TYPE_PROJECTED_CRS || type == PJ_TYPE_GEOGRAPHIC_2D_CRS ||
           type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
}

/// EGM96 is the one geoid whose grid every installation has.
Result<std::optional<HeightDatum>>
verticalDatum(const PJ* vertical, bool heightsGivenElsewhere, std::vector<std::string>& warnings) {
    if (vertical == nullptr) {
        return std::optional<HeightDatum>();
    }
    const std::string code = codeOf(vertical);
    if (code == "EPSG:5773") {
        return std::optional<HeightDatum>(GeoidGrid{"egm96_15.gtx"});
    }
    if (heightsGivenElsewhere) {
        warnings.push_back(fmt::format(
            "its vertical CRS {} ({}) is replaced by the height datum given", nameOf(vertical), code));
        return std::optional<HeightDatum>();
    }
    return Error{fmt::format("its heights are {} ({}), for which there is no geoid grid here. Give "
                             "--height-datum with a grid file, egm96 (decimetres to a metre off) or "
                             "a constant in metres, or \"vertical\": {{\"geoid\": ...}} in city.json",
                             nameOf(vertical),
                             code)};
}

/// "EPSG:4548+5773" -> "EPSG:4548+5773" as PROJ wants it; spaces inside go.
std::string normalisedCode(const std::string& text) {
    std::string code;
    for (const char c : upper(text)) {
        if (kSpace.find(c) == std::string_view::npos) {
            code += c;
        }
    }
    return code;
}

bool isCode(const std::string& text) {
    const std::string code = normalisedCode(text);
    const std::size_t colon = code.find(':');
    return colon != std::string::npos && colon + 1 < code.size() && code.find('[') == std::string::npos &&
           std::ranges::all_of(code.substr(colon + 1), [](char c) {
               return (c >= '0' && c <= '9') || c == '+' || c == ':' ||
                      (c >= 'A' && c <= 'Z');
           });
}

Result<SourceCrs> describeCrs(PJ_CONTEXT* context,
                              Pj crs,
                              const std::string& text,
                              const std::string& origin,
                              bool heightsGivenElsewhere) {
    SourceCrs result;
    Parts parts = partsOf(context, std::move(crs));
    if (!parts.horizontal || !isHorizontal(parts.horizontal.get())) {
        return notUnderstood(text, "neither a projected nor a geographic CRS");
    }
    const auto heights =
        verticalDatum(parts.vertical.get(), heightsGivenElsewhere, result.warnings);
    if (!heights) {
        return heights.error();
    }
    result.heights = *heights;
    const std::string code = codeOf(parts.horizontal.get());
    const char* wkt = proj_as_wkt(context, parts.horizontal.get(), PJ_WKT2_2019, nullptr);
    if (wkt == nullptr) {
        return notUnderstood(text, lastError(context));
    }
    result.horizontal = ProjectedCrs{wkt};
    result.understoodAs = fmt::format(
        "{}{}, {}", nameOf(parts.horizontal.get()), code.empty() ? "" : " (" + code + ")", origin);
    return result;
}

Result<SourceCrs> wktFrom(PJ_CONTEXT* context, const std::string& text, bool heightsGivenElsewhere) {
    const Authority authority = splitAuthority(text);
    Pj crs(proj_create(context, authority.without.c_str()));
    if (!crs) {
        return notUnderstood(text, "WKT that PROJ cannot read: " + lastError(context));
    }
    std::string warning;
    if (!authority.code.empty()) {
        const Pj named(proj_create(context, authority.code.c_str()));
        const bool isSame =
            named && proj_is_equivalent_to(crs.get(),
                                           named.get(),
                                           PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS) != 0;
        // PROJ compares names of datums too; only numbers decide whether a code lies.
        const bool isKnownLie = named && !isSame;
        if (isKnownLie) {
            warning = fmt::format("the code {} in the WKT is not what its parameters say; the "
                                  "parameters are used",
                                  authority.code);
        }
    }
    Result<SourceCrs> result = describeCrs(
        context, std::move(crs), text, "by the parameters of its WKT", heightsGivenElsewhere);
    if (result && !warning.empty()) {
        result->warnings.push_back(warning);
    }
    return result;
}

} // namespace

Result<SourceCrs> understandSrs(std::string_view raw, bool heightsGivenElsewhere) {
    constexpr std::size_t kMostBytes = std::size_t{64} << 10U;
    const std::string text = trimmed(raw);
    const std::string start = upper(text.substr(0, 20));
    if (text.empty()) {
        return Error{"nothing says what its coordinate system is (no <SRS> in metadata.xml). Give "
                     "--srs, or \"srs\" in city.json"};
    }
    if (text.size() > kMostBytes) {
        return notUnderstood(text, fmt::format("{} bytes, the limit is {}", text.size(), kMostBytes));
    }
    if (start.starts_with("ENU:")) {
        return enuFrom(text);
    }
    if (start.starts_with("LOCAL") || start.starts_with("ENGCRS")) {
        return notUnderstood(text, "a local system without a place on the Earth");
    }
    const Context context = makeContext();
    if (isWkt(text)) {
        return wktFrom(context.get(), text, heightsGivenElsewhere);
    }
    const bool isPlainCode = isCode(text);
    const bool isProjText = text.starts_with("+");
    if (!isPlainCode && !isProjText) {
        return notUnderstood(text, "neither a code, WKT, a PROJ string nor ENU:lat,lon");
    }
    std::string definition = isPlainCode ? normalisedCode(text) : text;
    if (isProjText && definition.find("+type=crs") == std::string::npos) {
        definition += " +type=crs";
    }
    Pj crs(proj_create(context.get(), definition.c_str()));
    if (!crs) {
        return notUnderstood(text, "PROJ does not know it: " + lastError(context.get()));
    }
    return describeCrs(context.get(),
                       std::move(crs),
                       text,
                       isPlainCode ? "by its code" : "by its PROJ string",
                       heightsGivenElsewhere);
}

Result<glm::dvec3> parseOrigin(std::string_view raw) {
    const std::string text = trimmed(raw);
    if (text.empty()) {
        return glm::dvec3(0.0);
    }
    const auto numbers = numbersIn(text);
    if (!numbers || numbers->size() != 3) {
        return Error{fmt::format("origin \"{}\": expected three numbers, east,north,height. Give "
                                 "--origin E,N,H",
                                 shortened(text))};
    }
    return glm::dvec3((*numbers)[0], (*numbers)[1], (*numbers)[2]);
}

} // namespace tiles3d::crs
