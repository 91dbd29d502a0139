#include "viewer/app/measure_tool.h"

#include <gtest/gtest.h>

namespace tests {
namespace {

using viewer::app::csvOf;
using viewer::app::MeasureKind;
using viewer::app::Measurement;

TEST(MeasureTool, tableNumbersItsRows) {
    const std::vector<Measurement> measurements = {
        {.kind = MeasureKind::Distance, .quantities = {{"straight", 12.5, "m"}}},
        {.kind = MeasureKind::Height, .quantities = {{"rise", -3.0, "m"}}}};
    EXPECT_EQ(csvOf(measurements),
              "\xEF\xBB\xBFname,kind,straight (m),rise (m)\r\n"
              "Distance 1,distance,12.500,\r\n"
              "Height 2,height,,-3.000\r\n");
}

} // namespace
} // namespace tests
