#include "viewer/overlay/drape_pass.h"

#include "viewer/overlay/embedded.h"

#include <osg/Geometry>
#include <osg/Program>

#include <cmath>
#include <string>

namespace viewer::overlay {

namespace {

constexpr GLenum kRgInteger = 0x8228; // GL_RG_INTEGER
constexpr GLint kRg32ui = 0x823C;     // GL_RG32UI
constexpr int kSymbolsAcross = 64;

constexpr const char* kVertexShader = R"(#version 330 compatibility
uniform sampler2D u_depth;
uniform mat4 u_clipToEye;
uniform mat4 u_eyeToScene;
out vec3 v_ray; // scene frame; over the depth it reaches the surface
flat out vec3 v_rayRight; // to the ray of the next pixel
flat out vec3 v_rayUp;

vec3 rayOf(vec4 clip) {
    // The inverse of the reversed projection takes depth to w alone.
    return mat3(u_eyeToScene) * (u_clipToEye * clip).xyz / u_clipToEye[2][3];
}

void main() {
    vec2 pixel = 2.0 / vec2(textureSize(u_depth, 0));
    v_ray = rayOf(vec4(gl_Vertex.xy, 0.0, 1.0));
    v_rayRight = rayOf(vec4(pixel.x, 0.0, 0.0, 0.0));
    v_rayUp = rayOf(vec4(0.0, pixel.y, 0.0, 0.0));
    gl_Position = vec4(gl_Vertex.xy, 0.0, 1.0);
}
)";

constexpr const char* kHeader = "#version 330 compatibility\n";

constexpr const char* kMain = R"(
uniform sampler2D u_colour;
uniform sampler2D u_depth;
uniform int u_supersampling;  // scene pixels per picture pixel
uniform float u_pixelScale;   // picture pixels per pixel that widths are told in
uniform vec3 u_eyeFromFocus;  // of the plane's expansion
uniform vec3 u_planeAtFocus;  // east and north from the eye's, height
uniform vec3 u_planeTerms[9];
in vec3 v_ray;
flat in vec3 v_rayRight;
flat in vec3 v_rayUp;

float depthAt(ivec2 pixel, ivec2 size) {
    return max(texelFetch(u_depth, clamp(pixel, ivec2(0), size - 1), 0).r, 1e-7);
}

// The step to the neighbour on the side where the surface goes on: the nearer in depth.
vec3 stepAlong(vec3 centre, ivec2 pixel, ivec2 axis, vec3 rayStep, ivec2 size) {
    vec3 ahead = (v_ray + rayStep) / depthAt(pixel + axis, size) - centre;
    vec3 behind = centre - (v_ray - rayStep) / depthAt(pixel - axis, size);
    return dot(ahead, ahead) < dot(behind, behind) ? ahead : behind;
}

// East, north and height.
vec3 toPlane(vec3 d) {
    return u_planeAtFocus +
           d.x * (u_planeTerms[0] + d.x * u_planeTerms[3] + d.y * u_planeTerms[6] + d.z * u_planeTerms[7]) +
           d.y * (u_planeTerms[1] + d.y * u_planeTerms[4] + d.z * u_planeTerms[8]) +
           d.z * (u_planeTerms[2] + d.z * u_planeTerms[5]);
}

// A step is small against the extent: the first order is enough for it.
vec2 stepToPlane(vec3 s) {
    return (u_planeTerms[0] * s.x + u_planeTerms[1] * s.y + u_planeTerms[2] * s.z).xy;
}

void main() {
    ivec2 size = textureSize(u_depth, 0);
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    vec4 colour = texelFetch(u_colour, pixel, 0);
    float depth = texelFetch(u_depth, pixel, 0).r;
    if (depth > 0.0) {
        vec3 centre = v_ray / depth;
        vec3 right = stepAlong(centre, pixel, ivec2(1, 0), v_rayRight, size);
        vec3 up = stepAlong(centre, pixel, ivec2(0, 1), v_rayUp, size);
        vec3 normal = normalize(cross(right, up));
        DrapePixel here;
        vec3 place = toPlane(u_eyeFromFocus + centre);
        here.point = place.xy;
        here.height = place.z;
        float perPixel = float(u_supersampling) * u_pixelScale;
        setFootprint(here, stepToPlane(right) * perPixel, stepToPlane(up) * perPixel);
        here.upness = smoothstep(0.35, 0.65, abs(normal.z));
        colour.rgb = drape(colour.rgb, here);
    }
    gl_FragColor = colour;
}
)";

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
    osg::ref_ptr<osg::Geometry> quad = fullScreen();
    state_ = quad->getOrCreateStateSet();
    osg::ref_ptr<osg::Program> program = new osg::Program;
    program->addShader(new osg::Shader(osg::Shader::VERTEX, kVertexShader));
    program->addShader(new osg::Shader(osg::Shader::FRAGMENT,
                                       kHeader + std::string(embeddedDrapeShader()) + kMain));
    state_->setAttributeAndModes(program);
    unsigned unit = 2; // 0 and 1 are the scene's colour and depth
    for (const auto& [name, texture] : {std::pair("u_pages", pages_.texture()),
                                        std::pair("u_pageTable", table_.texture()),
                                        std::pair("u_symbols", symbols_.texture())}) {
        state_->setTextureAttribute(unit, texture);
        state_->addUniform(new osg::Uniform(name, static_cast<int>(unit++)));
    }
    uniform("u_pixelScale", osg::Uniform::FLOAT).set(static_cast<float>(pixelScale));
    group_->addChild(quad);
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
    uniform("u_eyeFromFocus", osg::Uniform::FLOAT_VEC3).set(toOsg(view.eye - plane.focus));
    uniform("u_planeAtFocus", osg::Uniform::FLOAT_VEC3)
        .set(toOsg(glm::dvec3(glm::dvec2(plane.at) - eye, plane.at.z)));
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

void DrapePass::setReachPixels(float pixels) {
    uniform("u_reachPixels", osg::Uniform::FLOAT).set(pixels);
}

} // namespace viewer::overlay
