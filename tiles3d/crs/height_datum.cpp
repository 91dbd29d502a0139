#include "tiles3d/crs/height_datum.h"

#include "tiles3d/base/file.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace tiles3d::crs {

using base::Error;
using base::Result;

namespace {

std::optional<double> wholeNumber(std::string_view text) {
    double value = 0.0;
    text.remove_prefix(text.starts_with('+') ? 1 : 0);
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    const bool isNumber = parsed.ec == std::errc() && parsed.ptr == end && std::isfinite(value);
    return isNumber ? std::optional(value) : std::nullopt;
}

} // namespace

Result<HeightDatum> parseHeightDatum(std::string_view text, const std::filesystem::path& folder) {
    if (text == "ellipsoidal") {
        return HeightDatum(EllipsoidalHeights{});
    }
    if (text == "egm96") {
        return HeightDatum(GeoidGrid{"egm96_15.gtx"});
    }
    if (const auto metres = wholeNumber(text)) {
        constexpr double kMostMetres = 200.0; // the geoid lies within -107 and +86 m
        if (std::abs(*metres) > kMostMetres) {
            return Error{fmt::format("height datum {} m: more than any geoid (limit {} m)",
                                     *metres,
                                     kMostMetres)};
        }
        return HeightDatum(ConstantOffset{*metres});
    }
    const std::filesystem::path file = folder / std::filesystem::path(text);
    if (std::filesystem::is_regular_file(file)) {
        return HeightDatum(GeoidGrid{std::filesystem::absolute(file).string()});
    }
    const std::string name(text);
    const bool isPlainName = name.find('/') == std::string::npos;
    if (isPlainName && (name.ends_with(".gtx") || name.ends_with(".tif"))) {
        return HeightDatum(GeoidGrid{name}); // a grid that PROJ finds by name
    }
    return Error{"height datum \"" + base::validUtf8(text) +
                 "\": neither ellipsoidal, egm96, a number of metres, nor a grid file that is there"};
}

std::string describe(const HeightDatum& datum) {
    if (const auto* grid = std::get_if<GeoidGrid>(&datum)) {
        return base::toUtf8(std::filesystem::path(grid->grid).filename());
    }
    if (const auto* offset = std::get_if<ConstantOffset>(&datum)) {
        return fmt::format("constant {:+} m", offset->metres);
    }
    return "ellipsoidal";
}

} // namespace tiles3d::crs
