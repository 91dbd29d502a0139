#include "viewer/overlay/label_font.h"

#include <fontconfig/fontconfig.h>
#include <freetype/freetype.h>
#include <ft2build.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace viewer::overlay {

using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

constexpr std::size_t kMostFonts = 4;
constexpr char32_t kChineseLetter = U'城';

template <typename T, void (*destroy)(T*)>
struct Deleter {
    void operator()(T* object) const { destroy(object); }
};
using Config = std::unique_ptr<FcConfig, Deleter<FcConfig, FcConfigDestroy>>;
using Pattern = std::unique_ptr<FcPattern, Deleter<FcPattern, FcPatternDestroy>>;
using FontSet = std::unique_ptr<FcFontSet, Deleter<FcFontSet, FcFontSetDestroy>>;

struct FontFile {
    std::string path;
    int face = 0;
};

const FcChar8* fontconfigText(const char* text) {
    return reinterpret_cast<const FcChar8*>(text);
}

/// The files that fontconfig would take for plain Chinese text, best first.
std::vector<FontFile> chineseFonts() {
    const Config config(FcInitLoadConfigAndFonts());
    const Pattern wanted(FcNameParse(fontconfigText("sans-serif:lang=zh-cn")));
    if (!config || !wanted) {
        return {};
    }
    FcConfigSubstitute(config.get(), wanted.get(), FcMatchPattern);
    FcDefaultSubstitute(wanted.get());
    FcResult result = FcResultMatch;
    const FontSet set(FcFontSort(config.get(), wanted.get(), FcTrue, nullptr, &result));
    std::vector<FontFile> files;
    for (int i = 0; set && i < set->nfont; ++i) {
        FcChar8* path = nullptr;
        int face = 0;
        FcPatternGetInteger(set->fonts[i], FC_INDEX, 0, &face);
        if (FcPatternGetString(set->fonts[i], FC_FILE, 0, &path) == FcResultMatch) {
            files.push_back({reinterpret_cast<const char*>(path), face});
        }
    }
    return files;
}

} // namespace

struct LabelFont::State {
    struct Face {
        FT_Face face = nullptr;
        std::string path;
    };

    ~State() {
        for (const Face& face : faces) {
            FT_Done_Face(face.face);
        }
        FT_Done_FreeType(library);
    }

    bool hasChinese() const {
        return std::ranges::any_of(faces, [](const Face& face) {
            return FT_Get_Char_Index(face.face, kChineseLetter) != 0;
        });
    }

    void add(const FontFile& file) {
        FT_Face face = nullptr;
        if (FT_New_Face(library, file.path.c_str(), file.face, &face) == 0) {
            faces.push_back({face, file.path});
        }
    }

    FT_Face faceFor(char32_t letter) const {
        const auto found = std::ranges::find_if(
            faces, [&](const Face& face) { return FT_Get_Char_Index(face.face, letter) != 0; });
        return (found != faces.end() ? *found : faces.front()).face;
    }

    FT_Library library = nullptr;
    std::vector<Face> faces;
};

Result<std::unique_ptr<LabelFont>> LabelFont::open() {
    auto state = std::make_unique<State>();
    if (FT_Init_FreeType(&state->library) != 0) {
        return Error{"labels: FreeType does not start"};
    }
    for (const FontFile& file : chineseFonts()) {
        const bool isWanted = state->faces.size() + 1 < kMostFonts || !state->hasChinese();
        if (isWanted) {
            state->add(file);
        }
    }
    if (!state->hasChinese()) {
        return Error{
            "labels: no font with Chinese letters; the package fonts-wqy-microhei has one"};
    }
    return std::unique_ptr<LabelFont>(new LabelFont(std::move(state)));
}

LabelFont::LabelFont(std::unique_ptr<State> state) : state_(std::move(state)) {}

LabelFont::~LabelFont() = default;

GlyphImage LabelFont::glyph(char32_t letter, int pixels) const {
    const FT_Face face = state_->faceFor(letter);
    GlyphImage image;
    FT_Set_Pixel_Sizes(face, 0, static_cast<FT_UInt>(std::clamp(pixels, 4, 200)));
    if (FT_Load_Char(face, letter, FT_LOAD_RENDER | FT_LOAD_TARGET_LIGHT) != 0) {
        return image;
    }
    const FT_GlyphSlotRec& slot = *face->glyph;
    image.widthPixels = static_cast<int>(slot.bitmap.width);
    image.heightPixels = static_cast<int>(slot.bitmap.rows);
    image.leftPixels = slot.bitmap_left;
    image.topPixels = slot.bitmap_top;
    image.advancePixels = static_cast<float>(slot.advance.x) / 64.0F;
    if (slot.bitmap.pixel_mode == FT_PIXEL_MODE_GRAY) {
        for (unsigned row = 0; row < slot.bitmap.rows; ++row) {
            const unsigned char* first =
                slot.bitmap.buffer + static_cast<std::ptrdiff_t>(row) * slot.bitmap.pitch;
            image.coverage.insert(image.coverage.end(), first, first + slot.bitmap.width);
        }
    }
    image.coverage.resize(static_cast<std::size_t>(image.widthPixels) *
                          static_cast<std::size_t>(image.heightPixels));
    return image;
}

std::vector<std::string> LabelFont::files() const {
    std::vector<std::string> paths;
    std::ranges::transform(state_->faces, std::back_inserter(paths), [](const State::Face& face) {
        return face.path;
    });
    return paths;
}

} // namespace viewer::overlay
