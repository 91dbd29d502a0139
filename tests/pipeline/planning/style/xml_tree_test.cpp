#include "pipeline/planning/style/xml_tree.h"

#include <gtest/gtest.h>

namespace pipeline::planning::style {
namespace {

TEST(XmlTree, elementsAttributesAndTexts) {
    const auto root = parseXml(
        R"(<?xml version="1.0" encoding="UTF-8"?><a:one xmlns:a="u" x:k="v&amp;w"> <two>红 &lt;线 </two><two/><!-- no --></a:one>)");
    ASSERT_TRUE(root) << root.error().message;
    EXPECT_EQ(root->name, "one");
    EXPECT_EQ(root->attribute("k"), "v&w");
    EXPECT_EQ(root->attribute("none"), "");
    EXPECT_EQ(root->children.size(), 2U);
    EXPECT_EQ(root->child("two").text, "红 <线");
    EXPECT_FALSE(root->has("three"));
    EXPECT_EQ(root->at({"three", "four"}).text, "");
}

TEST(XmlTree, aDocumentTypeWithoutEntitiesIsFine) {
    EXPECT_TRUE(parseXml("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'><qgis/>"));
}

TEST(XmlTree, malformedTextsFailWithTheirLine) {
    for (const char* text : {"", "no", "<a>\n<b></a>", "<a/><b/>", "<a>&nbsp;</a>", "<a b=c/>"}) {
        EXPECT_FALSE(parseXml(text)) << text;
    }
    EXPECT_NE(parseXml("<a>\n<b></a>").error().message.find("line 2"), std::string::npos);
}

TEST(XmlTree, entityBombsAreRefusedAtTheFirstDeclaration) {
    const auto bomb =
        parseXml(R"(<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
        <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><x>&c;</x>)");
    ASSERT_FALSE(bomb);
    EXPECT_NE(bomb.error().message.find("entity"), std::string::npos) << bomb.error().message;
    EXPECT_FALSE(parseXml(R"(<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>)"));
}

TEST(XmlTree, deepWideAndHugeTextsAreRefused) {
    std::string deep;
    for (int i = 0; i < 1000000; ++i) {
        deep += "<a>";
    }
    EXPECT_NE(parseXml(deep).error().message.find("64 levels"), std::string::npos);
    std::string wide = "<a>";
    for (int i = 0; i < 200001; ++i) {
        wide += "<b/>";
    }
    EXPECT_NE(parseXml(wide + "</a>").error().message.find("elements"), std::string::npos);
    EXPECT_FALSE(parseXml("<a>" + std::string(std::size_t{17} << 20U, ' ') + "</a>"));
}

} // namespace
} // namespace pipeline::planning::style
