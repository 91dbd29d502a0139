#include "viewer/overlay/drape_pass.h"

#include "viewer/overlay/embedded.h"
#include "viewer/overlay/ground_texture.h"

#include <osg/BlendFunc>
#include <osg/Geometry>
#include <osg/Point>
#include <osg/Program>

#include <string>

namespace viewer::overlay {

namespace {

constexpr GLenum kRgInteger = 0x8228; // GL_RG_INTEGER
constexpr GLint kRg32ui = 0x823C;     // GL_RG32UI
constexpr int kSymbolsAcross = 64;
constexpr std::array<const char*, 6> kTileNames{"u_tiles",
                                                "u_frontTiles",
                                                "u_frontWallTiles",
                                                "u_backTiles",
                                                "u_backWallTiles",
                                                "u_tileDepths"};

constexpr int kTilePixels = 8;

constexpr const char* kHeader = "#version 330 compatibility\n";

/// Rays in the scene frame: over the depth they reach the surface.
constexpr const char* kRays = R"(
uniform sampler2D u_depth;
uniform mat4 u_clipToEye;
uniform mat4 u_eyeToScene;
flat out vec3 v_rayCorner; // of the picture
flat out vec3 v_rayRight;  // from one pixel to the next
flat out vec3 v_rayUp;

vec3 rayOf(vec4 clip) {
    // The inverse of the reversed projection takes depth to w alone.
    return mat3(u_eyeToScene) * (u_clipToEye * clip).xyz / u_clipToEye[2][3];
}

void setRays(vec2 pixel) {
    v_rayCorner = rayOf(vec4(-1.0, -1.0, 0.0, 1.0));
    v_rayRight = rayOf(vec4(pixel.x, 0.0, 0.0, 0.0));
    v_rayUp = rayOf(vec4(0.0, pixel.y, 0.0, 0.0));
}
)";

constexpr const char* kVertexMain = R"(
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
    setRays(pixel);
}
)";

constexpr const char* kRaysOfFragment = R"(
uniform sampler2D u_depth;
flat in vec3 v_rayCorner;
flat in vec3 v_rayRight;
flat in vec3 v_rayUp;
)";

constexpr const char* kPlane = R"(
const int kTilePixels = 8;
uniform int u_supersampling;  // scene pixels per picture pixel
uniform float u_pixelScale;   // picture pixels per pixel that widths are told in
uniform vec3 u_eyeFromFocus;  // of the plane's expansion
uniform vec3 u_planeAtFocus;  // east and north from the eye's, height
uniform vec3 u_planeTerms[9];

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

/// What lies between a tile's least and most depth.
constexpr const char* kHull = R"(
DrapeHull hullOf(ivec2 first, float least, float most) {
    DrapeHull hull;
    vec2 low = vec2(1e30);
    vec2 high = vec2(-1e30);
    for (int i = 0; i < 8; ++i) {
        vec2 corner = vec2(first) + vec2(i & 1, (i >> 1) & 1) * float(kTilePixels);
        hull.corners[i] = toPlane(rayAt(corner) / ((i & 4) != 0 ? least : most)).xy;
        low = min(low, hull.corners[i]);
        high = max(high, hull.corners[i]);
    }
    hull.middle = (low + high) * 0.5;
    float radius = 0.0;
    for (int i = 0; i < 8; ++i) {
        hull.corners[i] -= hull.middle;
        radius = max(radius, length(hull.corners[i]));
    }
    float perPixel = float(u_supersampling) * u_pixelScale / float(kTilePixels);
    hull.metres = 1.5 * max(high.x - low.x, high.y - low.y) * perPixel;
    hull.lines = (u_reachPixels + 0.5) * hull.metres;
    hull.reach = radius + hull.lines;
    return hull;
}
)";

/// One pixel per tile: its colour if all of it has one; else without alpha red if it is mixed, blue
/// if it is mixed of little, with its least and most depth, green if its colour goes by how upright
/// the surface is and by which side of a depth it lies on: roofs lie far from the ground behind.
constexpr const char* kTileMain = R"(
float metresAt(ivec2 pixel) {
    ivec2 last = textureSize(u_depth, 0) - 1;
    vec2 place[3];
    for (int i = 0; i < 3; ++i) {
        ivec2 at = pixel + ivec2(i & 1, i >> 1);
        float depth = max(texelFetch(u_depth, min(at, last), 0).r, 1e-7);
        place[i] = toPlane(rayAt(vec2(at) + 0.5) / depth).xy;
    }
    float metres = max(length(place[1] - place[0]), length(place[2] - place[0]));
    return metres * float(u_supersampling) * u_pixelScale;
}

// Lines of two coarser levels are good enough; and points are drawn where their middle is.
bool isNearAllowed(ivec2 first, DrapeHull hull) {
    float metres = min(metresAt(first + 1), metresAt(first + kTilePixels - 2));
    bool isInPicture = all(lessThan(first + kTilePixels / 2, textureSize(u_depth, 0)));
    return isInPicture && tileLevel(hull) <= drapeLevel(metres * u_levelScale) + 2;
}

// Of a tile's pixels but for the sky; in front of a split, and behind it.
struct Depths {
    float most;
    float leastInFront;
    float mostBehind;
    float least;
    bool hasSky;
};

Depths depthsOf(ivec2 first, float split) {
    ivec2 last = textureSize(u_depth, 0) - 1;
    Depths depths = Depths(0.0, 2.0, 0.0, 2.0, false);
    for (int i = 0; i < kTilePixels * kTilePixels; ++i) {
        ivec2 pixel = min(first + ivec2(i % kTilePixels, i / kTilePixels), last);
        float depth = texelFetch(u_depth, pixel, 0).r;
        bool isInFront = depth > split;
        depths.most = max(depths.most, depth);
        depths.leastInFront = isInFront ? min(depths.leastInFront, depth) : depths.leastInFront;
        depths.mostBehind = isInFront ? depths.mostBehind : max(depths.mostBehind, depth);
        depths.least = depth > 0.0 ? min(depths.least, depth) : depths.least;
        depths.hasSky = depths.hasSky || depth <= 0.0;
    }
    return depths;
}

void main() {
    ivec2 first = ivec2(gl_FragCoord.xy) * kTilePixels;
    Depths depths = depthsOf(first, 0.0);
    for (int i = 0; i < 6; ++i) {
        gl_FragData[i] = vec4(0.0);
    }
    if (depths.most <= 0.0) {
        return;
    }
    DrapeHull hull = hullOf(first, depths.least, depths.most);
    DrapeTile front = drapeTile(hull);
    DrapeTile back = front;
    float split = 0.0;
    if (front.isMixed && !depths.hasSky && isNearAllowed(first, hull) && nearTile(hull, true).isWhole) {
        gl_FragData[0] = vec4(0.0, 0.0, 1.0, 0.0);
        gl_FragData[5] = vec4(depths.least, depths.most, 0.0, 0.0);
        return;
    }
    if (front.isMixed) {
        split = 2.0 / (1.0 / depths.least + 1.0 / depths.most);
        depths = depthsOf(first, split);
        front = drapeTile(hullOf(first, depths.leastInFront, depths.most));
        back = drapeTile(hullOf(first, depths.least, depths.mostBehind));
    }
    if (front.isMixed || back.isMixed) {
        gl_FragData[0] = vec4(1.0, 0.0, 0.0, 0.0);
        return;
    }
    bool isEven = !depths.hasSky && front.upward == front.wall && front.upward == back.upward &&
                  back.upward == back.wall;
    gl_FragData[0] = isEven ? front.upward : vec4(0.0, 1.0, 0.0, 0.0);
    gl_FragData[1] = front.upward;
    gl_FragData[2] = front.wall;
    gl_FragData[3] = back.upward;
    gl_FragData[4] = back.wall;
    gl_FragData[5] = vec4(split, 0.0, 0.0, 0.0);
}
)";

/// A point for each tile, with what its pixels need to know.
constexpr const char* kNearVertexMain = R"(
uniform sampler2D u_tiles;
uniform sampler2D u_tileDepths;
flat out vec2 v_corner;
flat out vec2 v_right;
flat out vec2 v_up;
flat out vec2 v_eye;
flat out vec2 v_middle;
flat out uvec2 v_ends[kNearEdges];
flat out uvec3 v_marks;
flat out uvec4 v_looks[kNearSlots];
flat out uvec2 v_runs[kNearSlots + 1];

uvec2 packedRun(vec4 run) {
    uvec4 whole = uvec4(clamp(run, 0.0, 1.0) * 65535.0 + 0.5);
    return uvec2(whole.x | whole.y << 16u, whole.z | whole.w << 16u);
}

// A tile is small against the plane's extent: the first order is enough, from its middle.
void setPlane(ivec2 first, float depth, NearTile tile, vec2 middle) {
    vec3 fromEye = rayAt(vec2(first) + 0.5 * float(kTilePixels)) / depth;
    vec3 d = u_eyeFromFocus + fromEye;
    mat3 steps = mat3(
        u_planeTerms[0] + 2.0 * d.x * u_planeTerms[3] + d.y * u_planeTerms[6] + d.z * u_planeTerms[7],
        u_planeTerms[1] + 2.0 * d.y * u_planeTerms[4] + d.x * u_planeTerms[6] + d.z * u_planeTerms[8],
        u_planeTerms[2] + 2.0 * d.z * u_planeTerms[5] + d.x * u_planeTerms[7] + d.y * u_planeTerms[8]);
    v_corner = (steps * v_rayCorner).xy / tile.unit;
    v_right = (steps * v_rayRight).xy / tile.unit;
    v_up = (steps * v_rayUp).xy / tile.unit;
    v_eye = ((toPlane(fromEye) - steps * fromEye).xy - tile.middle) / tile.unit;
    v_middle = (middle - tile.middle) / tile.unit;
}

void main() {
    vec2 pixel = 2.0 / vec2(textureSize(u_depth, 0));
    setRays(pixel);
    ivec2 place = ivec2(gl_Vertex.xy);
    ivec2 first = place * kTilePixels;
    bool isDrawn = texelFetch(u_tiles, place, 0) == vec4(0.0, 0.0, 1.0, 0.0);
    gl_Position = isDrawn ? vec4((vec2(first) + 0.5 * float(kTilePixels)) * pixel - 1.0, 0.0, 1.0)
                          : vec4(2.0, 2.0, 0.0, 1.0);
    vec2 depths = isDrawn ? texelFetch(u_tileDepths, place, 0).xy : vec2(1.0);
    DrapeHull hull = hullOf(first, depths.x, depths.y);
    NearTile tile = nearTile(hull, isDrawn);
    setPlane(first, 0.5 * (depths.x + depths.y), tile, hull.middle);
    v_ends = tile.ends;
    v_marks = uvec3(tile.slotsOfEdges, tile.sides);
    v_looks = tile.looks;
    for (int i = 0; i <= kNearSlots; ++i) {
        v_runs[i] = packedRun(tile.runs[i]);
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
// The surface at a pixel, and the steps to its neighbours, from the eye in the scene's frame.
struct Surface {
    vec3 centre;
    vec3 right;
    vec3 up;
    float upness;
};

Surface surfaceAt(float depth) {
    Steps steps = stepsAt(depth);
    vec3 ray = rayAt(gl_FragCoord.xy);
    Surface surface;
    surface.centre = ray * steps.here;
    surface.right = ray * steps.change.x + v_rayRight * steps.beside.x;
    surface.up = ray * steps.change.y + v_rayUp * steps.beside.y;
    vec3 normal = cross(surface.right, surface.up);
    surface.upness = smoothstep(0.35, 0.65, abs(normal.z) / max(length(normal), 1e-30));
    return surface;
}
)";

/// Of tiles whose colour goes by how upright the surface is and which side of a depth it is on.
constexpr const char* kSlopeMain = R"(
#pragma import_defines(UPWARD)
uniform sampler2D u_frontTiles;
uniform sampler2D u_frontWallTiles;
uniform sampler2D u_backTiles;
uniform sampler2D u_backWallTiles;
uniform sampler2D u_tileDepths;
void main() {
    ivec2 tile = ivec2(gl_FragCoord.xy) / kTilePixels;
    float depth = texelFetch(u_depth, ivec2(gl_FragCoord.xy), 0).r;
    bool isFront = depth > texelFetch(u_tileDepths, tile, 0).x;
    vec4 colour = isFront ? texelFetch(u_frontTiles, tile, 0) : texelFetch(u_backTiles, tile, 0);
#ifdef UPWARD
    vec4 wall = isFront ? texelFetch(u_frontWallTiles, tile, 0) : texelFetch(u_backWallTiles, tile, 0);
    colour = mix(wall, colour, surfaceAt(depth).upness);
#endif
    gl_FragColor = depth > 0.0 ? colour : vec4(0.0);
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

osg::ref_ptr<osg::Program> programOf(const std::string& vertex, const std::string& fragment) {
    osg::ref_ptr<osg::Program> program = new osg::Program;
    program->addShader(new osg::Shader(osg::Shader::VERTEX, kHeader + vertex));
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

osg::ref_ptr<osg::Geometry> gridOf(osg::Array* corners, osg::DrawArrays* drawn) {
    osg::ref_ptr<osg::Geometry> grid = new osg::Geometry;
    grid->setVertexArray(corners);
    grid->addPrimitiveSet(drawn);
    grid->setUseDisplayList(false);
    grid->setUseVertexBufferObjects(true);
    grid->setCullingActive(false);
    return grid;
}

osg::Vec3f toOsg(const glm::dvec3& v) {
    return {static_cast<float>(v.x), static_cast<float>(v.y), static_cast<float>(v.z)};
}

osg::Vec2f toOsg(const glm::dvec2& v) {
    return {static_cast<float>(v.x), static_cast<float>(v.y)};
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
    middles_ = new osg::Vec2Array;
    gridPoints_ = new osg::DrawArrays(GL_POINTS, 0, 0);
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
    addPainters();
}

void DrapePass::addPainters() {
    const std::string plane = std::string(kRaysOfFragment) + kPlane;
    const std::string steps(embeddedDrapeStepsShader());
    const std::string quads = std::string(kRays) + kVertexMain;
    addPainter(fullScreen(), programOf(quads, plane + kEvenMain));
    const auto addGrid = [&](const osg::Vec4f& tileClass, const std::string& fragment) {
        osg::ref_ptr<osg::Geometry> grid = gridOf(grid_, gridQuads_);
        grid->getOrCreateStateSet()->addUniform(new osg::Uniform("u_tileClass", tileClass));
        addPainter(grid, programOf("#define TILE_GRID\n" + quads, fragment));
    };
    addGrid({0.0F, 1.0F, 0.0F, 0.0F}, plane + steps + kSurface + kSlopeMain);
    addGrid({1.0F, 0.0F, 0.0F, 0.0F},
            std::string(embeddedDrapeShader()) + plane + steps + kSurface + kMixedMain);
    osg::ref_ptr<osg::Geometry> points = gridOf(middles_, gridPoints_);
    points->getOrCreateStateSet()->setAttribute(new osg::Point(kTilePixels));
    addPainter(
        points,
        programOf(std::string(embeddedDrapeShader()) + std::string(embeddedDrapeTileShader()) +
                      kRays + kPlane + kHull + kNearVertexMain,
                  std::string(kRaysOfFragment) + steps + std::string(embeddedDrapeNearShader())));
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
        const bool isOfDepths = i + 1 == tiles_.size();
        texture->setInternalFormat(isOfDepths ? GL_RGBA32F_ARB : GL_RGBA8);
        texture->setSourceFormat(GL_RGBA);
        texture->setSourceType(isOfDepths ? GL_FLOAT : GL_UNSIGNED_BYTE);
        texture->setFilter(osg::Texture::MIN_FILTER, osg::Texture::NEAREST);
        texture->setFilter(osg::Texture::MAG_FILTER, osg::Texture::NEAREST);
        texture->setResizeNonPowerOfTwoHint(false);
        tiles_.at(i) = texture;
        const auto buffer = static_cast<int>(osg::Camera::COLOR_BUFFER0) + static_cast<int>(i);
        tilePass_->attach(static_cast<osg::Camera::BufferComponent>(buffer), texture);
    }
    osg::ref_ptr<osg::Geometry> quad = fullScreen();
    quad->getOrCreateStateSet()->setAttributeAndModes(
        programOf(std::string(kRays) + kVertexMain,
                  std::string(embeddedDrapeShader()) + std::string(embeddedDrapeTileShader()) +
                      kRaysOfFragment + kPlane + kHull + kTileMain));
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
    middles_->clear();
    for (int y = 0; y < down; ++y) {
        for (int x = 0; x < across; ++x) {
            middles_->push_back({static_cast<float>(x), static_cast<float>(y)});
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
    middles_->dirty();
    gridPoints_->setCount(static_cast<int>(middles_->size()));
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
                                         std::pair("NEAR_GROUND", needs.ground),
                                         std::pair("UPWARD", needs.slopes),
                                         std::pair("CASED", needs.casings)}) {
        if (isNeeded) {
            state_->setDefine(name);
        } else {
            state_->removeDefine(name);
        }
    }
}

void DrapePass::setGround(const GroundGrid& ground) {
    groundArea_ = ground.area;
    setHeights(*ground_, ground);
}

void DrapePass::setReachPixels(float pixels) {
    uniform("u_reachPixels", osg::Uniform::FLOAT).set(pixels);
    uniform("u_levelScale", osg::Uniform::FLOAT).set(static_cast<float>(levelScale(pixels)));
}

} // namespace viewer::overlay
