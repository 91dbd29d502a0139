#include "viewer/overlay/glyph_atlas.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace viewer::overlay {

namespace {

constexpr std::size_t kMostLetters = 40;
constexpr char32_t kEllipsis = U'…';
constexpr double kLineHeight = 1.2; // of the letters' size
constexpr double kBaseline = 0.3;   // above the line's lower side
constexpr std::size_t kTexelBytes = 2;

/// Place of row and column in rows of so many.
std::size_t placeAt(int row, int column, int across) {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(across) +
           static_cast<std::size_t>(column);
}

/// The next letter of UTF-8 text, taken off its front; 0 for a byte that is none.
char32_t takeLetter(std::string_view& text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t bytes = first < 0x80   ? 1
                              : first < 0xC0 ? 0
                              : first < 0xE0 ? 2
                              : first < 0xF0 ? 3
                              : first < 0xF8 ? 4
                                             : 0;
    if (bytes == 0 || bytes > text.size()) {
        text.remove_prefix(1);
        return 0;
    }
    char32_t letter = bytes == 1 ? first : first & (0xFFU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0U) != 0x80U) {
            text.remove_prefix(1);
            return 0;
        }
        letter = (letter << 6U) | (next & 0x3FU);
    }
    text.remove_prefix(bytes);
    return letter;
}

std::u32string lettersOf(std::string_view text) {
    std::u32string letters;
    while (!text.empty() && letters.size() <= kMostLetters) {
        const char32_t letter = takeLetter(text);
        if (letter == U'\n' || letter == U'\t' || letter == U'\r') {
            letters.push_back(U' ');
        } else if (letter >= U' ' && letter != 0x7F) {
            letters.push_back(letter);
        }
    }
    if (letters.size() > kMostLetters) {
        letters.resize(kMostLetters);
        letters.back() = kEllipsis;
    }
    return letters;
}

/// The strongest coverage within the halo's radius, softened over its last pixel.
std::uint8_t haloAt(const GlyphImage& image, int x, int y, int halo) {
    float strongest = 0.0F;
    for (int dy = -halo; dy <= halo; ++dy) {
        for (int dx = -halo; dx <= halo; ++dx) {
            const int column = x + dx;
            const int row = y + dy;
            if (column < 0 || row < 0 || column >= image.widthPixels || row >= image.heightPixels) {
                continue;
            }
            const std::size_t at = placeAt(row, column, image.widthPixels);
            const float distance = std::hypot(static_cast<float>(dx), static_cast<float>(dy));
            const float share = std::clamp(static_cast<float>(halo) + 0.5F - distance, 0.0F, 1.0F);
            strongest = std::max(strongest, share * static_cast<float>(image.coverage[at]));
        }
    }
    return static_cast<std::uint8_t>(std::lround(strongest));
}

} // namespace

GlyphAtlas::GlyphAtlas(std::unique_ptr<LabelFont> font) : font_(std::move(font)) {
    clear();
}

void GlyphAtlas::clear() {
    glyphs_.clear();
    texels_.assign(static_cast<std::size_t>(kTexelsAcross) * kTexelsAcross * kTexelBytes, 0);
    pen_ = glm::ivec2(0);
    rowHeight_ = 0;
    ++revision_;
}

std::optional<TextRun> GlyphAtlas::lay(std::string_view text, int pixels, int haloPixels) {
    TextRun run;
    float pen = 0.0F;
    for (const char32_t letter : lettersOf(text)) {
        const std::optional<AtlasGlyph> glyph = glyphOf(letter, pixels, haloPixels);
        if (!glyph) {
            return std::nullopt;
        }
        run.letters.push_back({*glyph, pen});
        pen += glyph->advancePixels;
    }
    run.sizePixels = {std::ceil(pen), std::ceil(kLineHeight * pixels)};
    run.baselinePixels = std::round(kBaseline * pixels);
    return run;
}

std::optional<AtlasGlyph> GlyphAtlas::glyphOf(char32_t letter, int pixels, int halo) {
    const std::tuple key(letter, pixels, halo);
    if (const auto found = glyphs_.find(key); found != glyphs_.end()) {
        return found->second;
    }
    const GlyphImage image = font_->glyph(letter, pixels);
    AtlasGlyph glyph;
    glyph.advancePixels = image.advancePixels;
    if (image.widthPixels > 0 && image.heightPixels > 0) {
        glyph.size = glm::ivec2(image.widthPixels, image.heightPixels) + 2 * halo;
        glyph.lowerLeft = {image.leftPixels - halo, image.topPixels - image.heightPixels - halo};
        const std::optional<glm::ivec2> room = roomFor(glyph.size);
        if (!room) {
            return std::nullopt;
        }
        glyph.origin = *room;
        paint(image, glyph, halo);
        ++revision_;
    }
    glyphs_.emplace(key, glyph);
    return glyph;
}

std::optional<glm::ivec2> GlyphAtlas::roomFor(const glm::ivec2& size) {
    if (pen_.x + size.x > kTexelsAcross) {
        pen_ = {0, pen_.y + rowHeight_};
        rowHeight_ = 0;
    }
    if (size.x > kTexelsAcross || pen_.y + size.y > kTexelsAcross) {
        return std::nullopt;
    }
    const glm::ivec2 room = pen_;
    pen_.x += size.x;
    rowHeight_ = std::max(rowHeight_, size.y);
    return room;
}

void GlyphAtlas::paint(const GlyphImage& image, const AtlasGlyph& place, int halo) {
    for (int y = 0; y < place.size.y; ++y) {
        for (int x = 0; x < place.size.x; ++x) {
            const int column = x - halo;
            const int row = image.heightPixels - 1 - (y - halo); // the image's rows go down
            const bool isInside =
                column >= 0 && row >= 0 && column < image.widthPixels && row < image.heightPixels;
            const std::size_t texel =
                placeAt(place.origin.y + y, place.origin.x + x, kTexelsAcross) * kTexelBytes;
            texels_[texel] = isInside ? image.coverage[placeAt(row, column, image.widthPixels)]
                                      : std::uint8_t{0};
            texels_[texel + 1] = haloAt(image, column, row, halo);
        }
    }
}

} // namespace viewer::overlay
