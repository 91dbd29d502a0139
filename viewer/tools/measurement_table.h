#pragma once

#include "viewer/tools/measure.h"
#include "viewer/tools/plane_readout.h"

#include <string>
#include <vector>

namespace viewer::tools {

/// One number of a measurement.
struct Quantity {
    std::string name; ///< "straight", in English; an application translates it.
    double value = 0.0;
    std::string unit; ///< "m", "m2", "deg", "" for none.
    int decimals = 3;
};

/// What someone measured, under the name they gave it.
struct Measurement {
    std::string name; ///< UTF-8.
    std::string kind; ///< "distance", "area", "height", "point".
    std::vector<Quantity> quantities;
};

std::vector<Quantity> quantitiesOf(const LineMeasure& measure);
std::vector<Quantity> quantitiesOf(const SurfaceMeasure& measure);
std::vector<Quantity> quantitiesOf(const AreaMeasure& measure);
std::vector<Quantity> quantitiesOf(const Readout& readout);

struct CsvOptions {
    bool hasByteOrderMark = true; ///< Excel takes UTF-8 for another encoding without it.
};

/// A table with a header "name,kind,straight (m),..." and one row per measurement; the columns are
/// all quantities in the order in which they first appear, empty where a measurement has none.
/// Decimal points whatever the locale.
/// Source: RFC 4180 (lines end in CR LF; quoted where a comma, quote or line break is inside).
std::string toCsv(const std::vector<Measurement>& measurements, const CsvOptions& options = {});

} // namespace viewer::tools
