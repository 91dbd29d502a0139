#include "pipeline/scan/metadata.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace pipeline::scan {
namespace {

TEST(Metadata, readsSrsAndOrigin) {
    const auto metadata = parseMetadata("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                                        "<ModelMetadata version=\"1\">\n"
                                        "<!--Spatial Reference System-->\n<SRS>EPSG:4548</SRS>\n"
                                        "<SRSOrigin>1, 2,3</SRSOrigin></ModelMetadata>");
    ASSERT_TRUE(metadata);
    EXPECT_EQ(metadata->srs, "EPSG:4548");
    EXPECT_EQ(metadata->origin, "1, 2,3");
    EXPECT_TRUE(metadata->warnings.empty());
}

TEST(Metadata, originBeforeSrsDoesNotHideIt) {
    const auto metadata =
        parseMetadata("<M><SRSOrigin>7,8,9</SRSOrigin><SRS>ENU:24.5,118.1</SRS></M>");
    ASSERT_TRUE(metadata);
    EXPECT_EQ(metadata->srs, "ENU:24.5,118.1");
    EXPECT_EQ(metadata->origin, "7,8,9");
}

TEST(Metadata, commentedOutElementsDoNotCount) {
    const auto metadata = parseMetadata("<M><!-- <SRS>EPSG:4547</SRS> --><SRS>EPSG:4548</SRS></M>");
    ASSERT_TRUE(metadata);
    EXPECT_EQ(metadata->srs, "EPSG:4548");
}

TEST(Metadata, keepsLinesQuotesAndEntitiesOfWkt) {
    const auto metadata = parseMetadata(
        "<M><SRS>PROJCS[\"a &amp; b\",\n  UNIT[&quot;metre&quot;,1]]</SRS><SRSOrigin/></M>");
    ASSERT_TRUE(metadata);
    EXPECT_EQ(metadata->srs, "PROJCS[\"a & b\",\n  UNIT[\"metre\",1]]");
    EXPECT_EQ(metadata->origin, "");
}

TEST(Metadata, toleratesWhatDeliveriesHold) {
    // GBK bytes, a wrong encoding declaration, CDATA, extra elements, a missing end tag.
    const auto metadata = parseMetadata("<?xml encoding=\"GBK2312??\"?><M><Name>\xcf\xc3\xc3\xc5"
                                        "</Name><SRS><![CDATA[EPSG:4548]]></SRS><Texture>");
    ASSERT_TRUE(metadata);
    EXPECT_EQ(metadata->srs, "EPSG:4548");
    EXPECT_EQ(metadata->warnings.size(), 1U);
}

TEST(Metadata, missingElementsWarn) {
    const auto metadata = parseMetadata("<ModelMetadata version=\"1\"/>");
    ASSERT_TRUE(metadata);
    EXPECT_EQ(metadata->srs, "");
    EXPECT_EQ(metadata->warnings.size(), 2U);
}

TEST(Metadata, noMarkupFails) {
    EXPECT_FALSE(parseMetadata("PK\x03\x04 nothing of the kind"));
}

TEST(Metadata, missingFileWarns) {
    const auto metadata = readMetadata("/nonexistent/metadata.xml");
    ASSERT_TRUE(metadata);
    EXPECT_EQ(metadata->warnings.size(), 1U);
}

} // namespace
} // namespace pipeline::scan
