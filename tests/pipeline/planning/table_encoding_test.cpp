#include "pipeline/planning/table_encoding.h"

#include <gtest/gtest.h>

namespace pipeline::planning {
namespace {

TEST(TableEncoding, gbkBecomesUtf8) {
    const TableEncoding gbk("GB18030", "");
    EXPECT_EQ(gbk.toUtf8("\xcf\xc3\xc3\xc5"), "厦门");
}

TEST(TableEncoding, aNameCutInsideACharacterLosesThatCharacterOnly) {
    const TableEncoding gbk("GB18030", "");
    EXPECT_EQ(gbk.toUtf8("\xcf\xc3\xc3"), "厦");
    EXPECT_EQ(gbk.toUtf8("a\xff\x62"),
              "a\xEF\xBF\xBD"
              "b");
}

TEST(TableEncoding, otherFormatsAreUtf8) {
    const TableEncoding plain = tableEncodingOf("layer.gpkg", "");
    EXPECT_EQ(plain.charset(), "UTF-8");
    EXPECT_EQ(plain.toUtf8("厦门"), "厦门");
}

} // namespace
} // namespace pipeline::planning
