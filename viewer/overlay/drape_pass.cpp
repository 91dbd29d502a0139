#include "viewer/overlay/drape_pass.h"

#include "viewer/overlay/embedded.h"

#include <osg/BlendFunc>
#include <osg/Geometry>
#include <osg/Image>
#include <osg/Program>

#include <algorithm>
#include <cmath>
#include <string>

namespace viewer::overlay {

namespace {

constexpr GLenum kRgInteger = 0x8228; // GL_RG_INTEGER
constexpr GLint kRg32ui = 0x823C;     // GL_RG32UI
constexpr int kSymbolsAcross = 64;
constexpr std::array<const char*, 3> kTileNames{"u_tiles", "u_upwardTiles", "u_wallTiles"};

constexpr int kTilePixels = 8;

constexpr const char* kVertexShader = R"(
uniform sampler2D u_depth;
uniform mat4 u_clipToEye;
uniform mat4 u_eyeToScene;
// Rays in the scene frame; over the depth they reach the surface.
flat out vec3 v_rayCorner; // of the picture
flat out vec3 v_rayRight;  // from one pixel to the next
flat out vec3 v_rayUp;

vec3 rayOf(vec4 clip) {
    // The inverse of the reversed projection takes depth to w alone.
    return mat3(u_eyeToScene) * (u_clipToEye * clip).xyz / u_clipToEye[2][3];
}

#ifdef TILE_GRID
const int kTilePixels = 8;
uniform sampler2D u_tiles;
uniform vec4 u_tileClass; // of the tiles that are drawn; others go out of sight

vec4 placeOf(vec2 pixel) {
    bool isDrawn = texelFetch(u_tiles, ivec2(gl_Vertex.zw), 0) == u_tileClass;
    return isDrawn ? vec4(gl_Vertex.xy * float(kTilePixels) * pixel - 1.0, 0.0, 1.0) : vec4(2.0, 2.0, 0.0, 1.0);
}
#else
vec4 placeOf(vec2 pixel) { return vec4(gl_Vertex.xy, 0.0, 1.0); }
#endif

void main() {
    vec2 pixel = 2.0 / vec2(textureSize(u_depth, 0));
    gl_Position = placeOf(pixel);
    v_rayCorner = rayOf(vec4(-1.0, -1.0, 0.0, 1.0));
    v_rayRight = rayOf(vec4(pixel.x, 0.0, 0.0, 0.0));
    v_rayUp = rayOf(vec4(0.0, pixel.y, 0.0, 0.0));
}
)";

constexpr const char* kHeader = "#version 330 compatibility\n";

constexpr const char* kPlane = R"(
const int kTilePixels = 8;
uniform sampler2D u_depth;
uniform int u_supersampling;  // scene pixels per picture pixel
uniform float u_pixelScale;   // picture pixels per pixel that widths are told in
uniform vec3 u_eyeFromFocus;  // of the plane's expansion
uniform vec3 u_planeAtFocus;  // east and north from the eye's, height
uniform vec3 u_planeTerms[9];
flat in vec3 v_rayCorner;
flat in vec3 v_rayRight;
flat in vec3 v_rayUp;

vec3 rayAt(vec2 pixel) { return v_rayCorner + pixel.x * v_rayRight + pixel.y * v_rayUp; }

// East, north and height.
vec3 toPlane(vec3 fromEye) {
    vec3 d = u_eyeFromFocus + fromEye;
    return u_planeAtFocus +
           d.x * (u_planeTerms[0] + d.x * u_planeTerms[3] + d.y * u_planeTerms[6] + d.z * u_planeTerms[7]) +
           d.y * (u_planeTerms[1] + d.y * u_planeTerms[4] + d.z * u_planeTerms[8]) +
           d.z * (u_planeTerms[2] + d.z * u_planeTerms[5]);
}
)";

/// One pixel per tile: its colour if all of it has one, red without alpha if it is mixed, green
/// without alpha if its colour goes by how upright the surface is.
constexpr const char* kTileMain = R"(
void main() {
    ivec2 first = ivec2(gl_FragCoord.xy) * kTilePixels;
    ivec2 last = textureSize(u_depth, 0) - 1;
    float least = 1.0;
    float most = 0.0;
    for (int i = 0; i < kTilePixels * kTilePixels; ++i) {
        ivec2 pixel = min(first + ivec2(i % kTilePixels, i / kTilePixels), last);
        float depth = texelFetch(u_depth, pixel, 0).r;
        least = min(least, depth);
        most = max(most, depth);
    }
    vec4 mixedTile = vec4(1.0, 0.0, 0.0, 0.0);
    gl_FragData[0] = most == 0.0 ? vec4(0.0) : mixedTile;
    gl_FragData[1] = vec4(0.0);
    gl_FragData[2] = vec4(0.0);
    if (least <= 0.0) {
        return;
    }
    vec2 low = vec2(1e30);
    vec2 high = vec2(-1e30);
    for (int i = 0; i < 8; ++i) {
        vec2 corner = vec2(first) + vec2(i & 1, (i >> 1) & 1) * float(kTilePixels);
        vec2 place = toPlane(rayAt(corner) / ((i & 4) != 0 ? least : most)).xy;
        low = min(low, place);
        high = max(high, place);
    }
    vec2 size = high - low;
    float perPixel = float(u_supersampling) * u_pixelScale / float(kTilePixels);
    DrapeTile tile = drapeTile((low + high) * 0.5, length(size) * 0.5, 1.5 * max(size.x, size.y) * perPixel);
    if (!tile.isMixed) {
        bool isEven = tile.upward == tile.wall;
        gl_FragData[0] = isEven ? tile.upward : vec4(0.0, 1.0, 0.0, 0.0);
        gl_FragData[1] = tile.upward;
        gl_FragData[2] = tile.wall;
    }
}
)";

/// Of tiles of one colour.
constexpr const char* kEvenMain = R"(
uniform sampler2D u_tiles;
void main() {
    vec4 tile = texelFetch(u_tiles, ivec2(gl_FragCoord.xy) / kTilePixels, 0);
    gl_FragColor = tile.a > 0.0 ? tile : vec4(0.0);
}
)";

constexpr const char* kSurface = R"(
float depthAt(ivec2 pixel, ivec2 size) {
    return max(texelFetch(u_depth, clamp(pixel, ivec2(0), size - 1), 0).r, 1e-7);
}

// The surface at a pixel, and the steps to its neighbours, from the eye in the scene's frame.
struct Surface {
    vec3 centre;
    vec3 right;
    vec3 up;
    float upness;
};

// The step to the neighbour on the side where the surface goes on: the nearer in depth.
vec3 stepAlong(vec3 ray, vec3 centre, ivec2 pixel, ivec2 axis, vec3 rayStep, ivec2 size) {
    vec3 ahead = (ray + rayStep) / depthAt(pixel + axis, size) - centre;
    vec3 behind = centre - (ray - rayStep) / depthAt(pixel - axis, size);
    return dot(ahead, ahead) < dot(behind, behind) ? ahead : behind;
}

Surface surfaceAt(float depth) {
    ivec2 size = textureSize(u_depth, 0);
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    vec3 ray = rayAt(gl_FragCoord.xy);
    Surface surface;
    surface.centre = ray / max(depth, 1e-7);
    surface.right = stepAlong(ray, surface.centre, pixel, ivec2(1, 0), v_rayRight, size);
    surface.up = stepAlong(ray, surface.centre, pixel, ivec2(0, 1), v_rayUp, size);
    vec3 normal = cross(surface.right, surface.up);
    surface.upness = smoothstep(0.35, 0.65, abs(normal.z) / max(length(normal), 1e-30));
    return surface;
}
)";

/// Of tiles whose colour goes by how upright the surface is.
constexpr const char* kSlopeMain = R"(
uniform sampler2D u_upwardTiles;
uniform sampler2D u_wallTiles;
void main() {
    ivec2 tile = ivec2(gl_FragCoord.xy) / kTilePixels;
    Surface surface = surfaceAt(texelFetch(u_depth, ivec2(gl_FragCoord.xy), 0).r);
    gl_FragColor = mix(texelFetch(u_wallTiles, tile, 0), texelFetch(u_upwardTiles, tile, 0),
                       surface.upness);
}
)";

/// Of all other tiles.
constexpr const char* kMixedMain = R"(
// A step is small against the extent: the first order is enough for it.
vec2 stepToPlane(vec3 s) {
    return (u_planeTerms[0] * s.x + u_planeTerms[1] * s.y + u_planeTerms[2] * s.z).xy;
}

void main() {
    float depth = texelFetch(u_depth, ivec2(gl_FragCoord.xy), 0).r;
    Surface surface = surfaceAt(depth);
    DrapePixel here;
    vec3 place = toPlane(surface.centre);
    here.point = place.xy;
    here.height = place.z;
    float perPixel = float(u_supersampling) * u_pixelScale;
    setFootprint(here, stepToPlane(surface.right) * perPixel, stepToPlane(surface.up) * perPixel);
    here.samples = perPixel;
    here.upness = surface.upness;
    gl_FragColor = depth > 0.0 ? drape(here) : vec4(0.0);
}
)";

osg::ref_ptr<osg::Program> programOf(const std::string& vertexHeader, const std::string& fragment) {
    osg::ref_ptr<osg::Program> program = new osg::Program;
    program->addShader(new osg::Shader(osg::Shader::VERTEX, vertexHeader + kVertexShader));
    program->addShader(new osg::Shader(osg::Shader::FRAGMENT, kHeader + fragment));
    return program;
}

osg::ref_ptr<osg::Geometry> fullScreen() {
    osg::ref_ptr<osg::Geometry> quad = new osg::Geometry;
    osg::ref_ptr<osg::Vec3Array> corners = new osg::Vec3Array;
    corners->push_back({-1.0F, -1.0F, 0.0F});
    corners->push_back({3.0F, -1.0F, 0.0F});
    corners->push_back({-1.0F, 3.0F, 0.0F});
    quad->setVertexArray(corners);
    quad->addPrimitiveSet(new osg::DrawArrays(GL_TRIANGLES, 0, 3));
    quad->setUseDisplayList(false);
    quad->setUseVertexBufferObjects(true);
    quad->setCullingActive(false);
    return quad;
}

constexpr float kNoGround = -1e30F; // so low that no mean with it is a height

osg::ref_ptr<osg::Image> imageOf(const GroundGrid& ground) {
    osg::ref_ptr<osg::Image> image = new osg::Image;
    const auto across = static_cast<int>(ground.area.cellsAcross);
    image->allocateImage(across, across, 1, GL_RED, GL_FLOAT);
    image->setInternalTextureFormat(GL_R32F);
    std::ranges::transform(ground.heights, reinterpret_cast<float*>(image->data()), [](float h) {
        return std::isnan(h) ? kNoGround : h;
    });
    return image;
}

osg::Vec3f toOsg(const glm::dvec3& v) {
    return {static_cast<float>(v.x), static_cast<float>(v.y), static_cast<float>(v.z)};
}

osg::Vec2f toOsg(const glm::dvec2& v) {
    return {static_cast<float>(v.x), static_cast<float>(v.y)};
}

osg::ref_ptr<osg::Texture2D> groundTexture() {
    osg::ref_ptr<osg::Texture2D> texture = new osg::Texture2D;
    texture->setInternalFormat(GL_R32F);
    texture->setFilter(osg::Texture::MIN_FILTER, osg::Texture::LINEAR);
    texture->setFilter(osg::Texture::MAG_FILTER, osg::Texture::LINEAR);
    texture->setWrap(osg::Texture::WRAP_S, osg::Texture::CLAMP_TO_EDGE);
    texture->setWrap(osg::Texture::WRAP_T, osg::Texture::CLAMP_TO_EDGE);
    texture->setResizeNonPowerOfTwoHint(false);
    texture->setImage(imageOf({.area = {.cellsAcross = 1}, .heights = {kNoGround}}));
    return texture;
}

TableTexture::Format texels(int across) {
    return {.internalFormat = GL_RGBA32UI_EXT,
            .format = GL_RGBA_INTEGER_EXT,
            .type = GL_UNSIGNED_INT,
            .across = across,
            .texelBytes = sizeof(Texel)};
}

} // namespace

DrapePass::DrapePass(const glm::dvec2& anchor, double pixelScale)
    : anchor_(anchor), group_(new osg::Group), pages_(texels(PageCache::kTexelsAcross)),
      table_({.internalFormat = kRg32ui,
              .format = kRgInteger,
              .type = GL_UNSIGNED_INT,
              .across = PageCache::kTableAcross,
              .texelBytes = sizeof(PageCache::TableEntry)}),
      symbols_(texels(kSymbolsAcross * static_cast<int>(kSymbolTexels))) {
    grid_ = new osg::Vec4Array;
    gridQuads_ = new osg::DrawArrays(GL_QUADS, 0, 0);
    state_ = group_->getOrCreateStateSet();
    unsigned unit = 2; // 0 and 1 are the scene's colour and depth
    const auto add = [&](const char* name, osg::Texture2D* texture) {
        state_->setTextureAttribute(unit, texture);
        state_->addUniform(new osg::Uniform(name, static_cast<int>(unit++)));
    };
    add("u_pages", pages_.texture());
    add("u_pageTable", table_.texture());
    add("u_symbols", symbols_.texture());
    ground_ = groundTexture();
    add("u_ground", ground_);
    uniform("u_pixelScale", osg::Uniform::FLOAT).set(static_cast<float>(pixelScale));
    addTilePass();
    for (std::size_t i = 0; i < tiles_.size(); ++i) {
        add(kTileNames.at(i), tiles_.at(i));
    }
    osg::ref_ptr<osg::Geometry> even = fullScreen();
    addPainter(even, programOf(kHeader, std::string(kPlane) + kEvenMain));
    const std::string gridHeader = std::string(kHeader) + "#define TILE_GRID\n";
    const auto addGrid = [&](const osg::Vec4f& tileClass, const std::string& fragment) {
        osg::ref_ptr<osg::Geometry> grid = new osg::Geometry;
        grid->setVertexArray(grid_);
        grid->addPrimitiveSet(gridQuads_);
        grid->setUseDisplayList(false);
        grid->setUseVertexBufferObjects(true);
        grid->setCullingActive(false);
        grid->getOrCreateStateSet()->addUniform(new osg::Uniform("u_tileClass", tileClass));
        addPainter(grid, programOf(gridHeader, fragment));
    };
    addGrid({0.0F, 1.0F, 0.0F, 0.0F}, std::string(kPlane) + kSurface + kSlopeMain);
    addGrid({1.0F, 0.0F, 0.0F, 0.0F},
            std::string(embeddedDrapeShader()) + kPlane + kSurface + kMixedMain);
}

void DrapePass::addPainter(osg::Geometry* geometry, osg::Program* program) {
    osg::StateSet& state = *geometry->getOrCreateStateSet();
    state.setAttributeAndModes(program);
    // What it paints is premultiplied; the alpha below says where tiles were drawn.
    state.setAttributeAndModes(new osg::BlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA, GL_ZERO, GL_ONE));
    state.setMode(GL_BLEND, osg::StateAttribute::ON);
    group_->addChild(geometry);
}

void DrapePass::addTilePass() {
    tilePass_ = new osg::Camera;
    tilePass_->setReferenceFrame(osg::Transform::ABSOLUTE_RF);
    tilePass_->setComputeNearFarMode(osg::CullSettings::DO_NOT_COMPUTE_NEAR_FAR);
    tilePass_->setCullingMode(osg::CullSettings::NO_CULLING);
    tilePass_->setRenderOrder(osg::Camera::PRE_RENDER);
    tilePass_->setRenderTargetImplementation(osg::Camera::FRAME_BUFFER_OBJECT);
    tilePass_->setImplicitBufferAttachmentMask(0, 0);
    tilePass_->setClearMask(0);
    tilePass_->setAllowEventFocus(false);
    for (std::size_t i = 0; i < tiles_.size(); ++i) {
        osg::ref_ptr<osg::Texture2D> texture = new osg::Texture2D;
        texture->setInternalFormat(GL_RGBA8);
        texture->setSourceFormat(GL_RGBA);
        texture->setSourceType(GL_UNSIGNED_BYTE);
        texture->setFilter(osg::Texture::MIN_FILTER, osg::Texture::NEAREST);
        texture->setFilter(osg::Texture::MAG_FILTER, osg::Texture::NEAREST);
        texture->setResizeNonPowerOfTwoHint(false);
        tiles_.at(i) = texture;
        const auto buffer = static_cast<int>(osg::Camera::COLOR_BUFFER0) + static_cast<int>(i);
        tilePass_->attach(static_cast<osg::Camera::BufferComponent>(buffer), texture);
    }
    osg::ref_ptr<osg::Geometry> quad = fullScreen();
    quad->getOrCreateStateSet()->setAttributeAndModes(
        programOf(kHeader, std::string(embeddedDrapeShader()) + kPlane + kTileMain));
    tilePass_->addChild(quad);
    group_->addChild(tilePass_);
}

void DrapePass::setSize(int widthPixels, int heightPixels) {
    const int across = (widthPixels + kTilePixels - 1) / kTilePixels;
    const int down = (heightPixels + kTilePixels - 1) / kTilePixels;
    if (tiles_.front()->getTextureWidth() == across && tiles_.front()->getTextureHeight() == down) {
        return;
    }
    for (const auto& texture : tiles_) {
        texture->setTextureSize(across, down);
        texture->dirtyTextureObject();
    }
    grid_->clear();
    for (int y = 0; y < down; ++y) {
        for (int x = 0; x < across; ++x) {
            for (const auto& [east, north] : {std::pair(0, 0), {1, 0}, {1, 1}, {0, 1}}) {
                grid_->push_back({static_cast<float>(x + east),
                                  static_cast<float>(y + north),
                                  static_cast<float>(x),
                                  static_cast<float>(y)});
            }
        }
    }
    grid_->dirty();
    gridQuads_->setCount(static_cast<int>(grid_->size()));
    tilePass_->setViewport(0, 0, across, down);
    tilePass_->dirtyAttachmentMap();
}

osg::Uniform& DrapePass::uniform(const char* name, osg::Uniform::Type type, unsigned count) {
    osg::Uniform* known = state_->getUniform(name);
    if (known == nullptr) {
        known = new osg::Uniform(type, name, static_cast<int>(count));
        state_->addUniform(known);
    }
    return *known;
}

void DrapePass::setView(const DrapeView& view, const PlaneExpansion& plane) {
    const glm::dvec2 eye = plane.eyeOnPlane(view.eye);
    setSize(view.widthPixels, view.heightPixels);
    uniform("u_eyeFromFocus", osg::Uniform::FLOAT_VEC3).set(toOsg(view.eye - plane.focus));
    uniform("u_planeAtFocus", osg::Uniform::FLOAT_VEC3)
        .set(toOsg(glm::dvec3(glm::dvec2(plane.at) - eye, plane.at.z)));
    const glm::dvec2 corner = groundArea_.low - eye;
    uniform("u_groundCorner", osg::Uniform::FLOAT_VEC3)
        .set(toOsg(glm::dvec3(corner, groundArea_.cellMetres)));
    uniform("u_eyeFromAnchor", osg::Uniform::FLOAT_VEC2).set(toOsg(eye - anchor_));
    osg::Uniform& terms = uniform("u_planeTerms", osg::Uniform::FLOAT_VEC3, 9);
    for (unsigned i = 0; i < plane.terms.size(); ++i) {
        terms.setElement(i, toOsg(plane.terms.at(i)));
    }
    osg::Uniform& pages = uniform("u_eyePage", osg::Uniform::INT_VEC2, kLevels);
    osg::Uniform& cells = uniform("u_eyeCells", osg::Uniform::FLOAT_VEC2, kLevels);
    for (int level = 0; level < kLevels; ++level) {
        const glm::dvec2 page = glm::floor(eye / pageMetres(level));
        const auto number = static_cast<unsigned>(level);
        pages.setElement(number, static_cast<int>(page.x), static_cast<int>(page.y));
        cells.setElement(number, toOsg((eye - page * pageMetres(level)) / cellMetres(level)));
    }
}

void DrapePass::setPages(PageCache& pages) {
    pages_.set(pages.texels().data(), pages.rows(), pages.takeChangedRows());
    const std::size_t rows = pages.table().size() / PageCache::kTableAcross;
    const bool isChanged = pages.takeTableChanged();
    table_.set(pages.table().data(),
               rows,
               isChanged ? TableTexture::Rows{{0, rows}} : TableTexture::Rows{});
}

void DrapePass::setSymbols(const std::vector<SymbolRow>& symbols) {
    const std::size_t rows = symbols.size() / kSymbolsAcross;
    symbols_.set(symbols.data(), rows, {{0, rows}});
}

void DrapePass::setNeeds(const Needs& needs) {
    for (const auto& [name, isNeeded] : {std::pair("DASHED", needs.dashes),
                                         std::pair("HATCHED", needs.hatches),
                                         std::pair("RANGED", needs.scaleRanges),
                                         std::pair("WITH_HEIGHTS", needs.heights),
                                         std::pair("IN_METRES", needs.metres),
                                         std::pair("NEAR_GROUND", needs.ground)}) {
        if (isNeeded) {
            state_->setDefine(name);
        } else {
            state_->removeDefine(name);
        }
    }
}

void DrapePass::setGround(const GroundGrid& ground) {
    groundArea_ = ground.area;
    ground_->setImage(imageOf(ground));
    ground_->dirtyTextureObject();
}

void DrapePass::setReachPixels(float pixels) {
    uniform("u_reachPixels", osg::Uniform::FLOAT).set(pixels);
    uniform("u_levelScale", osg::Uniform::FLOAT).set(static_cast<float>(levelScale(pixels)));
}

} // namespace viewer::overlay
