#include "viewer/tools/measurement_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace viewer::tools {

namespace {

constexpr const char* kByteOrderMark = "\xEF\xBB\xBF";
constexpr const char* kLineEnd = "\r\n";

std::string quoted(const std::string& field) {
    if (field.find_first_of(",\"\r\n") == std::string::npos) {
        return field;
    }
    std::string text = "\"";
    for (const char c : field) {
        text.append(c == '"' ? 2 : 1, c);
    }
    return text + "\"";
}

std::string line(const std::vector<std::string>& fields) {
    std::string text;
    for (const std::string& field : fields) {
        text += (text.empty() ? "" : ",") + quoted(field);
    }
    return text + kLineEnd;
}

std::string headingOf(const Quantity& quantity) {
    return quantity.unit.empty() ? quantity.name
                                 : fmt::format("{} ({})", quantity.name, quantity.unit);
}

std::string valueOf(const Quantity& quantity) {
    return std::isfinite(quantity.value) ? fmt::format("{:.{}f}", quantity.value, quantity.decimals)
                                         : std::string();
}

std::vector<std::string> columnsOf(const std::vector<Measurement>& measurements) {
    std::vector<std::string> columns;
    for (const Measurement& measurement : measurements) {
        for (const Quantity& quantity : measurement.quantities) {
            const std::string heading = headingOf(quantity);
            if (std::ranges::find(columns, heading) == columns.end()) {
                columns.push_back(heading);
            }
        }
    }
    return columns;
}

} // namespace

std::vector<Quantity> quantitiesOf(const LineMeasure& measure) {
    return {{"straight", measure.straightMetres, "m"},
            {"horizontal", measure.horizontalMetres, "m"},
            {"rise", measure.riseMetres, "m"},
            {"slope", measure.slope.degrees(), "deg", 2}};
}

std::vector<Quantity> quantitiesOf(const SurfaceMeasure& measure) {
    return {{"along surface", measure.metres, "m"},
            {"step", measure.stepMetres, "m"},
            {"samples", static_cast<double>(measure.samples), "", 0},
            {"missing samples", static_cast<double>(measure.missing), "", 0}};
}

std::vector<Quantity> quantitiesOf(const AreaMeasure& measure) {
    return {{"horizontal area", measure.horizontalSquareMetres, "m2"},
            {"perimeter", measure.perimeterMetres, "m"},
            {"plane area", measure.planeSquareMetres, "m2"},
            {"plane tilt", measure.planeTilt.degrees(), "deg", 2},
            {"off plane", measure.offPlaneMetres, "m"}};
}

std::vector<Quantity> quantitiesOf(const Readout& readout) {
    constexpr int kDegreeDecimals = 9; // 0.1 mm
    std::vector<Quantity> quantities{
        {"longitude", readout.place.longitude.degrees(), "deg", kDegreeDecimals},
        {"latitude", readout.place.latitude.degrees(), "deg", kDegreeDecimals},
        {"ellipsoidal height", readout.place.heightMetres, "m"}};
    if (readout.plane) {
        quantities.push_back({"east", readout.plane->x, "m"});
        quantities.push_back({"north", readout.plane->y, "m"});
    }
    if (readout.geoidHeightMetres) {
        quantities.push_back({"height above geoid", *readout.geoidHeightMetres, "m"});
    }
    return quantities;
}

std::string toCsv(const std::vector<Measurement>& measurements, const CsvOptions& options) {
    const std::vector<std::string> columns = columnsOf(measurements);
    std::vector<std::string> header{"name", "kind"};
    header.insert(header.end(), columns.begin(), columns.end());
    std::string text = (options.hasByteOrderMark ? kByteOrderMark : "") + line(header);
    for (const Measurement& measurement : measurements) {
        std::vector<std::string> fields(columns.size() + 2);
        fields[0] = measurement.name;
        fields[1] = measurement.kind;
        for (const Quantity& quantity : measurement.quantities) {
            const auto column = std::ranges::find(columns, headingOf(quantity));
            fields[static_cast<std::size_t>(column - columns.begin()) + 2] = valueOf(quantity);
        }
        text += line(fields);
    }
    return text;
}

} // namespace viewer::tools
