#include "tiles3d/crs/height_datum.h"

#include "tiles3d/base/file.h"
#include "tiles3d/crs/geoid.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <system_error>

namespace tiles3d::crs {

using base::Error;
using base::Result;

namespace {

constexpr std::string_view kEgm96 = "egm96_15.gtx";

std::optional<double> wholeNumber(std::string_view text) {
    double value = 0.0;
    text.remove_prefix(text.starts_with('+') ? 1 : 0);
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    const bool isNumber = parsed.ec == std::errc() && parsed.ptr == end && std::isfinite(value);
    return isNumber ? std::optional(value) : std::nullopt;
}

/// The geoid of the grid, opened once to see that it is one.
Result<HeightDatum> grid(const std::string& nameOrPath) {
    const Context context = makeContext();
    const Result<Geoid> opened = Geoid::open(context.get(), nameOrPath);
    if (!opened) {
        return opened.error();
    }
    return HeightDatum(GeoidGrid{nameOrPath});
}

Result<HeightDatum> constant(double metres) {
    constexpr double kMostMetres = 200.0; // the geoid lies within -107 and +86 m
    if (std::abs(metres) > kMostMetres) {
        return Error{fmt::format(
            "height datum {} m: more than any geoid (limit {} m)", metres, kMostMetres)};
    }
    return HeightDatum(ConstantOffset{metres});
}

Error notUnderstood(std::string_view text) {
    constexpr std::size_t kMostShown = 200;
    return {"height datum \"" + base::validUtf8(text.substr(0, kMostShown)) +
            "\": neither ellipsoidal, egm96, a number of metres, nor a grid file that is there"};
}

} // namespace

Result<HeightDatum> parseHeightDatum(std::string_view text, const std::filesystem::path& folder) {
    constexpr std::size_t kMostBytes = 4096; // the longest path of Linux
    if (text.size() > kMostBytes || text.find('\0') != std::string_view::npos) {
        return notUnderstood(text);
    }
    if (text == "ellipsoidal") {
        return HeightDatum(EllipsoidalHeights{});
    }
    if (text == "egm96") {
        return grid(std::string(kEgm96));
    }
    if (const auto metres = wholeNumber(text)) {
        return constant(*metres);
    }
    const std::filesystem::path file = folder / std::filesystem::path(text);
    std::error_code failed;
    if (std::filesystem::is_regular_file(file, failed)) {
        const std::filesystem::path absolute = std::filesystem::absolute(file, failed);
        return failed ? Result<HeightDatum>(notUnderstood(text))
                      : grid(absolute.lexically_normal().string());
    }
    const bool isPlainName = text.find('/') == std::string_view::npos;
    if (isPlainName && (text.ends_with(".gtx") || text.ends_with(".tif"))) {
        return grid(std::string(text)); // one that PROJ finds by name
    }
    return notUnderstood(text);
}

std::string describe(const HeightDatum& datum) {
    if (const auto* geoid = std::get_if<GeoidGrid>(&datum)) {
        return base::toUtf8(std::filesystem::path(geoid->grid).filename());
    }
    if (const auto* offset = std::get_if<ConstantOffset>(&datum)) {
        return fmt::format("constant {:+} m", offset->metres);
    }
    return "ellipsoidal";
}

} // namespace tiles3d::crs
