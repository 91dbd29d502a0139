#pragma once

#include "tiles3d/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace viewer::overlay {

/// A letter as an image.
struct GlyphImage {
    int widthPixels = 0;
    int heightPixels = 0;
    int leftPixels = 0;                 ///< From the pen to the image's left side.
    int topPixels = 0;                  ///< From the base line up to its upper side.
    float advancePixels = 0.0F;         ///< To the next letter's pen.
    std::vector<std::uint8_t> coverage; ///< 255 = full; rows from the top.
};

/// Letters of the system's fonts: those that fontconfig names first for Chinese text, each letter
/// from the first of them that has it. For one thread.
class LabelFont {
public:
    /// Fails if there is no font with Chinese letters, saying which package has one.
    static tiles3d::base::Result<std::unique_ptr<LabelFont>> open();

    LabelFont(const LabelFont&) = delete;
    LabelFont& operator=(const LabelFont&) = delete;
    ~LabelFont();

    /// For letters `pixels` high, 4 to 200. A letter that no font has is an empty box.
    GlyphImage glyph(char32_t letter, int pixels) const;

    /// The files, the first asked first.
    std::vector<std::string> files() const;

private:
    struct State;
    explicit LabelFont(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace viewer::overlay
