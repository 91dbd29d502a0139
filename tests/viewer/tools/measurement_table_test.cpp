#include "viewer/tools/measurement_table.h"

#include <gtest/gtest.h>

#include <cmath>

namespace viewer::tools {
namespace {

TEST(MeasurementTable, isOneTableOfAllKinds) {
    const std::vector<Measurement> measurements = {
        {"路, \"A\"", "distance", {{"straight", 12.3456, "m"}, {"samples", 7.0, "", 0}}},
        {"两\n行", "area", {{"area", 1e7, "m2", 1}, {"straight", std::nan(""), "m"}}}};
    EXPECT_EQ(toCsv(measurements),
              "\xEF\xBB\xBFname,kind,straight (m),samples,area (m2)\r\n"
              "\"路, \"\"A\"\"\",distance,12.346,7,\r\n"
              "\"两\n行\",area,,,10000000.0\r\n");
    EXPECT_EQ(toCsv({}, {.hasByteOrderMark = false}), "name,kind\r\n");
}

TEST(MeasurementTable, hasNoColumnsForWhatIsNotThere) {
    Readout readout;
    EXPECT_EQ(quantitiesOf(readout).size(), 3U);
    readout.plane = glm::dvec2(1.0, 2.0);
    readout.geoidHeightMetres = 3.0;
    EXPECT_EQ(quantitiesOf(readout).size(), 6U);
    EXPECT_EQ(quantitiesOf(LineMeasure{.straightMetres = 5.0}).front().value, 5.0);
}

} // namespace
} // namespace viewer::tools
