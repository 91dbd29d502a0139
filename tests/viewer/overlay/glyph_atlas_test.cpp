#include "viewer/overlay/glyph_atlas.h"

#include <gtest/gtest.h>

#include <string>

namespace viewer::overlay {
namespace {

class GlyphAtlasTest : public testing::Test {
protected:
    GlyphAtlasTest() : atlas(*LabelFont::open()) {}

    GlyphAtlas atlas;
};

TEST_F(GlyphAtlasTest, lettersFollowEachOther) {
    const auto run = atlas.lay("城市A", 16, 2);
    ASSERT_TRUE(run);
    ASSERT_EQ(run->letters.size(), 3U);
    EXPECT_GT(run->letters[1].penPixels, 10.0F);
    EXPECT_GT(run->sizePixels.x, run->letters[2].penPixels);
    EXPECT_GE(run->sizePixels.y, 16.0);
}

TEST_F(GlyphAtlasTest, aHaloCoversItsLetter) {
    const auto run = atlas.lay("田", 24, 3);
    ASSERT_TRUE(run);
    const AtlasGlyph& glyph = run->letters[0].glyph;
    std::size_t letter = 0;
    std::size_t halo = 0;
    for (int y = glyph.origin.y; y < glyph.origin.y + glyph.size.y; ++y) {
        for (int x = glyph.origin.x; x < glyph.origin.x + glyph.size.x; ++x) {
            const auto texel = static_cast<std::size_t>(y * GlyphAtlas::kTexelsAcross + x) * 2;
            EXPECT_GE(atlas.texels()[texel + 1], atlas.texels()[texel]);
            letter += atlas.texels()[texel] > 128 ? 1U : 0U;
            halo += atlas.texels()[texel + 1] > 128 ? 1U : 0U;
        }
    }
    EXPECT_GT(letter, 50U);
    EXPECT_GT(halo, letter + 100U);
}

TEST_F(GlyphAtlasTest, knownLettersChangeNothing) {
    ASSERT_TRUE(atlas.lay("城", 16, 2));
    const unsigned before = atlas.revision();
    ASSERT_TRUE(atlas.lay("城城", 16, 2));
    EXPECT_EQ(atlas.revision(), before);
    ASSERT_TRUE(atlas.lay("城", 17, 2));
    EXPECT_NE(atlas.revision(), before);
}

TEST_F(GlyphAtlasTest, brokenLongAndControlTexts) {
    EXPECT_EQ(atlas
                  .lay("a\xFF\xE5\x9F"
                       "b",
                       16,
                       2)
                  ->letters.size(),
              2U);
    EXPECT_EQ(atlas.lay(std::string("a\n\x01") + '\0', 16, 2)->letters.size(), 2U);
    EXPECT_EQ(atlas.lay(std::string(100000, 'x'), 16, 2)->letters.size(), 40U);
    EXPECT_TRUE(atlas.lay("", 16, 2)->letters.empty());
}

TEST_F(GlyphAtlasTest, aFullAtlasSaysSoAndBeginsAnew) {
    bool isFull = false;
    for (int pixels = 60; pixels < 200 && !isFull; ++pixels) {
        isFull = !atlas.lay("城镇住宅用地", pixels, 4);
    }
    EXPECT_TRUE(isFull);
    atlas.clear();
    EXPECT_TRUE(atlas.lay("城镇住宅用地", 60, 4));
}

} // namespace
} // namespace viewer::overlay
