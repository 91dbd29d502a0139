#pragma once

#include "viewer/overlay/label_font.h"

#include <glm/vec2.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

namespace viewer::overlay {

/// A letter's place in the atlas, and about its pen. Texels are pixels.
struct AtlasGlyph {
    glm::ivec2 origin{0};    ///< Lower left texel.
    glm::ivec2 size{0};      ///< With its halo.
    glm::ivec2 lowerLeft{0}; ///< From the pen on the base line.
    float advancePixels = 0.0F;
};

/// A line of text: letters and where their pens are.
struct TextRun {
    struct Letter {
        AtlasGlyph glyph;
        float penPixels = 0.0F;
    };
    std::vector<Letter> letters;
    glm::dvec2 sizePixels{0.0};  ///< Of the line without halos.
    double baselinePixels = 0.0; ///< Above the line's lower side.
};

/// Letters with their halos, made as texts need them, in one image.
class GlyphAtlas {
public:
    static constexpr int kTexelsAcross = 1024;

    explicit GlyphAtlas(std::unique_ptr<LabelFont> font);

    /// One line of UTF-8 text, `pixels` high with a halo round its letters; what is no UTF-8 is
    /// left out, blanks stand for line ends, and beyond 40 letters the text ends with an ellipsis.
    /// None if the atlas is full: clear() and begin anew.
    std::optional<TextRun> lay(std::string_view text, int pixels, int haloPixels);

    /// Forgets all letters: runs made before are no longer good.
    void clear();

    /// Two bytes per texel, row 0 at the bottom: coverage of the letter, and of letter with halo.
    const std::vector<std::uint8_t>& texels() const { return texels_; }
    /// Counts changes of texels().
    unsigned revision() const { return revision_; }

private:
    std::optional<AtlasGlyph> glyphOf(char32_t letter, int pixels, int halo);
    std::optional<glm::ivec2> roomFor(const glm::ivec2& size);
    void paint(const GlyphImage& image, const AtlasGlyph& place, int halo);

    std::unique_ptr<LabelFont> font_;
    std::map<std::tuple<char32_t, int, int>, AtlasGlyph> glyphs_; // letter, pixels, halo
    std::vector<std::uint8_t> texels_;
    glm::ivec2 pen_{0}; // where the next letter goes: rows of letters from the bottom
    int rowHeight_ = 0;
    unsigned revision_ = 0;
};

} // namespace viewer::overlay
