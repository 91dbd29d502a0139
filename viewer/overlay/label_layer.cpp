#include "viewer/overlay/label_layer.h"

#include <osg/BlendFunc>
#include <osg/Program>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <optional>

namespace viewer::overlay {

using pipeline::planning::GeometryKind;
using pipeline::planning::style::Symbol;

namespace {

constexpr double kNearMetres = 0.5; // nothing is drawn before it
constexpr double kHaloPixels = 2.0;
constexpr double kPolygonOverhang = 1.5; // a label may be so much wider than its polygon
constexpr int kPointPriority = 6;        // as of a polygon 64 m across
constexpr std::size_t kMostPoints = 4000;
constexpr unsigned kGlyphUnit = 2; // 0 and 1 are the frame's colour and depth

constexpr const char* kVertexShader = R"(#version 330 compatibility
uniform sampler2D u_depth;   // the scene's, reversed
uniform vec2 u_partPixels;   // of the picture that is drawn
out vec4 v_shape;            // texel or place about the disc's middle; kind; radius
out vec4 v_colour;
out vec4 v_edge;             // outline's colour and width
void main() {
    vec2 anchor = gl_MultiTexCoord1.xy;
    v_shape = gl_MultiTexCoord0;
    v_colour = gl_Color;
    v_edge = gl_MultiTexCoord2;
    bool isInside = all(greaterThanEqual(anchor, vec2(0.0))) && all(lessThan(anchor, vec2(1.0)));
    ivec2 texel = ivec2(anchor * vec2(textureSize(u_depth, 0)));
    float depth = isInside ? texelFetch(u_depth, texel, 0).r : 0.0;
    gl_Position = depth > gl_Vertex.z ? vec4(2.0, 2.0, 2.0, 1.0) // beyond the picture
                                      : vec4(gl_Vertex.xy / u_partPixels * 2.0 - 1.0, 0.0, 1.0);
}
)";

constexpr const char* kFragmentShader = R"(#version 330 compatibility
uniform sampler2D u_glyphs;
in vec4 v_shape;
in vec4 v_colour;
in vec4 v_edge;
vec4 letter() {
    vec2 cover = texelFetch(u_glyphs, ivec2(v_shape.xy), 0).rg;
    float light = dot(v_colour.rgb, vec3(0.299, 0.587, 0.114));
    vec3 halo = vec3(light > 0.5 ? 0.06 : 0.97);
    return vec4(mix(halo, v_colour.rgb, cover.r), max(cover.r, cover.g * 0.8));
}
vec4 disc() {
    const float casing = 1.0; // pixels of dark round it
    float away = length(v_shape.xy);
    float radius = v_shape.w;
    float inner = clamp(radius - v_edge.a - away + 0.5, 0.0, 1.0);
    float body = clamp(radius - away + 0.5, 0.0, 1.0);
    float outer = clamp(radius + casing - away + 0.5, 0.0, 1.0);
    vec3 colour = mix(mix(vec3(0.06), v_edge.rgb, body), v_colour.rgb, inner);
    return vec4(colour, outer * mix(1.0, v_colour.a, inner));
}
void main() {
    gl_FragColor = v_shape.z < 0.5 ? letter() : disc();
}
)";

osg::ref_ptr<osg::Texture2D> glyphTexture() {
    const osg::ref_ptr<osg::Image> image(new osg::Image);
    image->allocateImage(
        GlyphAtlas::kTexelsAcross, GlyphAtlas::kTexelsAcross, 1, GL_RG, GL_UNSIGNED_BYTE);
    image->setInternalTextureFormat(GL_RG8);
    std::memset(image->data(), 0, image->getTotalSizeInBytes());
    osg::ref_ptr<osg::Texture2D> texture(new osg::Texture2D(image));
    texture->setInternalFormat(GL_RG8);
    texture->setFilter(osg::Texture::MIN_FILTER, osg::Texture::NEAREST);
    texture->setFilter(osg::Texture::MAG_FILTER, osg::Texture::NEAREST);
    texture->setResizeNonPowerOfTwoHint(false);
    return texture;
}

void setUpState(osg::StateSet& state, osg::Texture2D* glyphs) {
    const osg::ref_ptr<osg::Program> program(new osg::Program);
    program->addShader(new osg::Shader(osg::Shader::VERTEX, kVertexShader));
    program->addShader(new osg::Shader(osg::Shader::FRAGMENT, kFragmentShader));
    state.setAttributeAndModes(program);
    state.setTextureAttribute(kGlyphUnit, glyphs);
    state.addUniform(new osg::Uniform("u_glyphs", static_cast<int>(kGlyphUnit)));
    state.addUniform(new osg::Uniform("u_partPixels", osg::Vec2f(1.0F, 1.0F)));
    // The picture stays as opaque as it was.
    state.setAttributeAndModes(
        new osg::BlendFunc(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ZERO, GL_ONE));
    state.setRenderBinDetails(10, "RenderBin"); // after the picture they stand on
}

void mix(std::size_t& hash, const void* data, std::size_t bytes) {
    const std::string_view text(static_cast<const char*>(data), bytes);
    hash = hash * 1099511628211U ^ std::hash<std::string_view>{}(text);
}

} // namespace

/// A label in the picture.
struct LabelLayer::Seen {
    const MapLabel* label = nullptr;
    bool isSeen = true;
    glm::dvec2 pixel{0.0}; // of its anchor, in the whole picture
    double distance = 1.0;
    double metresPerPixel = 1.0;
    const TextRun* text = nullptr; // null: none

    bool isDisc() const { return label->kind == GeometryKind::Point; }
    double radius(double pixelScale) const {
        return isDisc() ? label->symbol.pointPixels * pixelScale / 2.0 : 0.0;
    }
    /// Of the part that is drawn, in [0, 1].
    glm::dvec2 anchorIn(const LabelView& view) const {
        return (pixel - view.partLowerLeft) / view.partPixels;
    }
    /// The depth (reversed) of what may just stand before the anchor.
    double depthLimit() const {
        return kNearMetres / std::max(hidingDistance(distance), kNearMetres);
    }
    /// Large features first. Does not depend on the view, so that no turn changes it.
    int priority() const {
        return isDisc() ? kPointPriority
                        : static_cast<int>(std::floor(std::log2(std::max(label->roomMetres, 1.0))));
    }
};

struct LabelLayer::Vertices {
    osg::ref_ptr<osg::Vec3Array> places{new osg::Vec3Array};
    osg::ref_ptr<osg::Vec4Array> colours{new osg::Vec4Array(osg::Array::BIND_PER_VERTEX)};
    osg::ref_ptr<osg::Vec4Array> shapes{new osg::Vec4Array};
    osg::ref_ptr<osg::Vec4Array> anchors{new osg::Vec4Array};
    osg::ref_ptr<osg::Vec4Array> edges{new osg::Vec4Array};

    struct Quad {
        glm::dvec2 low{0.0}; // pixels of the part
        glm::dvec2 size{0.0};
        glm::dvec2 shapeLow{0.0};
        double kind = 0.0;
        double radius = 0.0;
        glm::dvec2 anchor{0.0}; // of the part, in [0, 1]
        double depthLimit = 1.0;
        glm::vec4 colour{1.0F};
        glm::vec4 edge{0.0F};
    };

    void add(const Quad& quad) {
        for (const glm::dvec2 corner :
             {glm::dvec2(0, 0), glm::dvec2(1, 0), glm::dvec2(1, 1), glm::dvec2(0, 1)}) {
            const glm::dvec2 place = quad.low + corner * quad.size;
            const glm::dvec2 shape = quad.shapeLow + corner * quad.size;
            places->push_back(osg::Vec3(osg::Vec3d(place.x, place.y, quad.depthLimit)));
            shapes->push_back(osg::Vec4(osg::Vec4d(shape.x, shape.y, quad.kind, quad.radius)));
            anchors->push_back(osg::Vec4(osg::Vec4d(quad.anchor.x, quad.anchor.y, 0.0, 0.0)));
            colours->push_back({quad.colour.r, quad.colour.g, quad.colour.b, quad.colour.a});
            edges->push_back({quad.edge.r, quad.edge.g, quad.edge.b, quad.edge.a});
        }
    }

    std::size_t hash() const {
        std::size_t hash = places->size();
        mix(hash, places->getDataPointer(), places->getTotalDataSize());
        mix(hash, shapes->getDataPointer(), shapes->getTotalDataSize());
        mix(hash, colours->getDataPointer(), colours->getTotalDataSize());
        mix(hash, edges->getDataPointer(), edges->getTotalDataSize());
        return hash;
    }
};

LabelCandidate LabelLayer::candidateOf(const Seen& here, double pixelScale) {
    constexpr double kBesidePixels = 2.0;
    const bool isLine = here.label->kind == GeometryKind::Line;
    return {.feature = here.label->feature,
            .anchorPixels = here.pixel,
            .sizePixels = here.text->sizePixels,
            .priority = here.priority(),
            .clearPixels = here.isDisc() ? here.radius(pixelScale) + kBesidePixels : 0.0,
            .series = isLine ? std::hash<std::string>{}(here.label->text) | 1U : 0U};
}

LabelLayer::LabelLayer(std::unique_ptr<LabelFont> font, double pixelScale)
    : atlas_(font ? std::make_unique<GlyphAtlas>(std::move(font)) : nullptr),
      pixelScale_(pixelScale), geometry_(new osg::Geometry), glyphs_(glyphTexture()) {
    geometry_->setUseDisplayList(false);
    geometry_->setUseVertexBufferObjects(true);
    geometry_->setCullingActive(false);
    geometry_->setDataVariance(osg::Object::DYNAMIC);
    setUpState(*geometry_->getOrCreateStateSet(), glyphs_);
    upload({});
}

bool LabelLayer::update(std::span<const StandingLabel> labels, const LabelView& view) {
    constexpr std::size_t kMostRuns = 20000;
    std::vector<Seen> seen = seenOf(labels, view);
    const bool isFull = runs_.size() > kMostRuns || !layTexts(seen);
    if (isFull && atlas_) { // of texts of other views
        runs_.clear();
        atlas_->clear();
        layTexts(seen);
    }
    const bool isNew = fill(seen, view);
    uploadGlyphs();
    return isNew;
}

std::vector<LabelLayer::Seen> LabelLayer::seenOf(std::span<const StandingLabel> labels,
                                                 const LabelView& view) const {
    std::vector<Seen> seen;
    for (const StandingLabel& standing : labels) {
        const glm::dvec4 clip = view.clipFromScene * glm::dvec4(standing.point, 1.0);
        if (clip.w <= kNearMetres) {
            continue;
        }
        Seen here;
        here.label = standing.label;
        here.isSeen = standing.isSeen;
        here.pixel = (glm::dvec2(clip) / clip.w * 0.5 + 0.5) * view.picturePixels;
        here.distance = clip.w;
        here.metresPerPixel = clip.w * view.metresPerPixelAtOne;
        const double told = here.metresPerPixel * pixelScale_;
        const bool isInPicture = here.pixel.x >= 0.0 && here.pixel.y >= 0.0 &&
                                 here.pixel.x <= view.picturePixels.x &&
                                 here.pixel.y <= view.picturePixels.y;
        if (isInPicture && told >= standing.label->style->leastMetresPerPixel &&
            told < standing.label->style->mostMetresPerPixel) {
            seen.push_back(std::move(here));
        }
    }
    std::ranges::sort(seen, [](const Seen& a, const Seen& b) { // the far ones are drawn first
        return a.distance != b.distance ? a.distance > b.distance
                                        : a.label->feature < b.label->feature;
    });
    return seen;
}

bool LabelLayer::layTexts(std::vector<Seen>& seen) {
    if (!atlas_) {
        return false;
    }
    for (Seen& here : seen) {
        // An em is as wide as high: a label that surely has no room is not laid out at all.
        const MapLabel& label = *here.label;
        if (label.text.empty() || !here.isSeen) {
            continue;
        }
        const int pixels = static_cast<int>(std::lround(label.style->labelPixels * pixelScale_));
        const double room = label.roomMetres / here.metresPerPixel;
        if (!here.isDisc() && room * kPolygonOverhang < pixels) {
            continue;
        }
        const int halo = std::max(static_cast<int>(std::lround(kHaloPixels * pixelScale_)), 1);
        const TextRun* run = runOf(label.text, pixels, halo);
        if (run == nullptr) {
            return false;
        }
        const bool hasRoom = here.isDisc() || run->sizePixels.x <= room * kPolygonOverhang;
        here.text = hasRoom ? run : nullptr;
    }
    return true;
}

const TextRun* LabelLayer::runOf(const std::string& text, int pixels, int halo) {
    const auto found = runs_.find({text, pixels, halo});
    if (found != runs_.end()) {
        return &found->second;
    }
    std::optional<TextRun> run = atlas_->lay(text, pixels, halo);
    return run ? &runs_.emplace(std::tuple(text, pixels, halo), *std::move(run)).first->second
               : nullptr;
}

bool LabelLayer::fill(const std::vector<Seen>& seen, const LabelView& view) {
    Vertices vertices;
    const std::vector<PixelDisc> discs = addDiscs(seen, view, vertices);
    std::vector<LabelCandidate> candidates;
    std::vector<const Seen*> owners;
    for (const Seen& here : seen) {
        if (here.text != nullptr) {
            candidates.push_back(candidateOf(here, pixelScale_));
            owners.push_back(&here);
        }
    }
    const std::vector<PlacedLabel> placed = layout_.place(candidates, view.picturePixels, discs);
    for (const PlacedLabel& label : placed) {
        addText(*owners[label.candidate], label.lowerLeft, view, vertices);
    }
    drawnLabels_ = placed.size();
    drawnPoints_ = discs.size();
    geometry_->getStateSet()
        ->getUniform("u_partPixels")
        ->set(osg::Vec2f(osg::Vec2d(view.partPixels.x, view.partPixels.y)));
    const bool isNew = vertices.hash() != pictureHash_;
    if (isNew) {
        pictureHash_ = vertices.hash();
        upload(vertices);
    }
    return isNew;
}

std::vector<PixelDisc> LabelLayer::addDiscs(const std::vector<Seen>& seen,
                                            const LabelView& view,
                                            Vertices& vertices) const {
    constexpr double kSoftEdge = 2.0; // casing, and half a pixel more
    std::vector<PixelDisc> discs;
    for (const Seen& here : seen) {
        const Symbol& symbol = here.label->symbol;
        const double radius = here.radius(pixelScale_);
        if (radius <= 0.0 || discs.size() == kMostPoints) {
            continue;
        }
        const glm::dvec2 half(radius + kSoftEdge);
        const bool isFilled = symbol.fill != pipeline::planning::style::FillKind::None;
        vertices.add({.low = here.pixel - view.partLowerLeft - half,
                      .size = 2.0 * half,
                      .shapeLow = -half,
                      .kind = 1.0,
                      .radius = radius,
                      .anchor = here.anchorIn(view),
                      .depthLimit = here.depthLimit(),
                      .colour = glm::vec4(isFilled ? symbol.fillColour : symbol.lineColour, 1.0F),
                      .edge = glm::vec4(symbol.lineColour,
                                        symbol.lineWidth * static_cast<float>(pixelScale_))});
        discs.push_back({here.pixel, radius});
    }
    return discs;
}

void LabelLayer::addText(const Seen& here,
                         const glm::dvec2& lowerLeft,
                         const LabelView& view,
                         Vertices& vertices) {
    const glm::dvec2 base =
        lowerLeft - view.partLowerLeft + glm::dvec2(0.0, here.text->baselinePixels);
    for (const TextRun::Letter& letter : here.text->letters) {
        const glm::dvec2 pen(std::round(letter.penPixels), 0.0);
        vertices.add({.low = base + pen + glm::dvec2(letter.glyph.lowerLeft),
                      .size = glm::dvec2(letter.glyph.size),
                      .shapeLow = glm::dvec2(letter.glyph.origin),
                      .anchor = here.anchorIn(view),
                      .depthLimit = here.depthLimit(),
                      .colour = glm::vec4(here.label->style->labelColour, 1.0F)});
    }
}

void LabelLayer::upload(const Vertices& vertices) {
    geometry_->setVertexArray(vertices.places);
    geometry_->setColorArray(vertices.colours, osg::Array::BIND_PER_VERTEX);
    geometry_->setTexCoordArray(0, vertices.shapes);
    geometry_->setTexCoordArray(1, vertices.anchors);
    geometry_->setTexCoordArray(2, vertices.edges);
    geometry_->removePrimitiveSet(0, geometry_->getNumPrimitiveSets());
    geometry_->addPrimitiveSet(
        new osg::DrawArrays(GL_QUADS, 0, static_cast<int>(vertices.places->size())));
    geometry_->dirtyBound();
}

void LabelLayer::uploadGlyphs() {
    if (atlas_ && atlas_->revision() != uploadedRevision_) {
        osg::Image& image = *glyphs_->getImage();
        std::memcpy(image.data(), atlas_->texels().data(), atlas_->texels().size());
        image.dirty();
        uploadedRevision_ = atlas_->revision();
    }
}

} // namespace viewer::overlay
