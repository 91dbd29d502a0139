#include "viewer/overlay/label_font.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace viewer::overlay {
namespace {

TEST(LabelFont, hasChineseAndLatinLetters) {
    const auto font = LabelFont::open();
    ASSERT_TRUE(font) << font.error().message; // assets/install.sh brings one
    EXPECT_FALSE((*font)->files().empty());
    const GlyphImage city = (*font)->glyph(U'城', 20);
    const GlyphImage other = (*font)->glyph(U'市', 20);
    EXPECT_GT(city.widthPixels, 14);
    EXPECT_LT(city.widthPixels, 24);
    EXPECT_GT(std::ranges::max(city.coverage), 200);
    EXPECT_NE(city.coverage, other.coverage); // not the box of missing letters
    EXPECT_GT((*font)->glyph(U'W', 20).widthPixels, (*font)->glyph(U'i', 20).widthPixels);
}

TEST(LabelFont, sizesAreLimitedAndMissingLettersHarmless) {
    const auto font = LabelFont::open();
    ASSERT_TRUE(font);
    EXPECT_LT((*font)->glyph(U'城', 100000).widthPixels, 300);
    EXPECT_LT((*font)->glyph(char32_t{0x10FFFF}, 20).widthPixels, 30);
    EXPECT_TRUE((*font)->glyph(U' ', 20).coverage.empty());
}

} // namespace
} // namespace viewer::overlay
