#include "viewer/overlay/drape_pass.h"

#include "tiles3d/crs/source_crs.h"
#include "tiles3d/crs/transform.h"
#include "viewer/overlay/embedded.h"
#include "viewer/overlay/layer_remarks.h"
#include "viewer/overlay/legend.h"

#include <fmt/format.h>
#include <osg/Geometry>
#include <osg/Program>
#include <osg/Texture2D>

#include <algorithm>
#include <cstring>

namespace viewer::overlay {

using pipeline::planning::VectorLayer;
using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

constexpr const char* kVertexShader = R"(#version 330 compatibility
out vec2 v_uv;
void main() {
    v_uv = gl_Vertex.xy * 0.5 + 0.5;
    gl_Position = vec4(gl_Vertex.xy, 0.0, 1.0);
}
)";

constexpr const char* kHeader = "#version 330 compatibility\n";

constexpr const char* kMain = R"(
uniform sampler2D u_colour;
uniform sampler2D u_depth;
uniform mat4 u_clipToEye;
uniform mat4 u_eyeToScene;
uniform vec3 u_eyeInScene;
uniform int u_supersampling;   // scene pixels per picture pixel
uniform float u_pixelScale;    // picture pixels per pixel that widths are told in
uniform float u_planeScale;    // metres over which the terms are
uniform vec2 u_planeTerms[20]; // relative to the index's anchor
in vec2 v_uv;

vec3 fromEye(ivec2 pixel, ivec2 size) {
    float depth = texelFetch(u_depth, clamp(pixel, ivec2(0), size - 1), 0).r;
    vec2 uv = (vec2(pixel) + 0.5) / vec2(size);
    vec4 eye = u_clipToEye * vec4(uv * 2.0 - 1.0, max(depth, 1e-7), 1.0);
    return mat3(u_eyeToScene) * (eye.xyz / eye.w);
}

// The step to the neighbour on the side where the surface goes on: the nearer in depth.
vec3 stepAlong(vec3 centre, ivec2 pixel, ivec2 axis, ivec2 size) {
    vec3 ahead = fromEye(pixel + axis, size) - centre;
    vec3 behind = centre - fromEye(pixel - axis, size);
    return dot(ahead, ahead) < dot(behind, behind) ? ahead : behind;
}

vec2 toPlane(vec3 scenePoint) {
    vec3 v = scenePoint / u_planeScale;
    vec3 q = v * v;
    vec2 sum = u_planeTerms[10] * (q.x * v.x) + u_planeTerms[11] * (q.y * v.y) +
               u_planeTerms[12] * (q.z * v.z) + u_planeTerms[13] * (q.x * v.y) +
               u_planeTerms[14] * (q.x * v.z) + u_planeTerms[15] * (q.y * v.x) +
               u_planeTerms[16] * (q.y * v.z) + u_planeTerms[17] * (q.z * v.x) +
               u_planeTerms[18] * (q.z * v.y) + u_planeTerms[19] * (v.x * v.y * v.z);
    sum += u_planeTerms[4] * q.x + u_planeTerms[5] * q.y + u_planeTerms[6] * q.z +
           u_planeTerms[7] * (v.x * v.y) + u_planeTerms[8] * (v.x * v.z) + u_planeTerms[9] * (v.y * v.z);
    return u_planeTerms[0] + (u_planeTerms[1] * v.x + u_planeTerms[2] * v.y + u_planeTerms[3] * v.z) + sum;
}

// A step is small against the extent: the first order of the polynomial is enough for it.
vec2 stepToPlane(vec3 s) {
    return (u_planeTerms[1] * s.x + u_planeTerms[2] * s.y + u_planeTerms[3] * s.z) / u_planeScale;
}

void main() {
    ivec2 size = textureSize(u_depth, 0);
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    vec4 colour = texelFetch(u_colour, pixel, 0);
    if (texelFetch(u_depth, pixel, 0).r > 0.0) {
        vec3 centre = fromEye(pixel, size);
        vec3 right = stepAlong(centre, pixel, ivec2(1, 0), size);
        vec3 up = stepAlong(centre, pixel, ivec2(0, 1), size);
        vec3 normal = normalize(cross(right, up));
        DrapePixel here;
        here.point = toPlane(u_eyeInScene + centre);
        float perPixel = float(u_supersampling) * u_pixelScale;
        setFootprint(here, stepToPlane(right) * perPixel, stepToPlane(up) * perPixel);
        here.upness = smoothstep(0.35, 0.65, abs(normal.z));
        colour.rgb = drape(colour.rgb, here);
    }
    gl_FragColor = colour;
}
)";

std::vector<DrapeFeature> styledFeatures(const std::vector<VectorLayer>& layers,
                                         const Legend& legend,
                                         double halfExtentMetres) {
    std::vector<DrapeFeature> features;
    // Surfaces below lines: a boundary is never hidden by the zones inside it.
    for (const bool isFilled : {true, false}) {
        for (std::size_t number = 0; number < layers.size(); ++number) {
            for (const auto& feature : layers[number].features) {
                if (!reaches(feature.geometry, halfExtentMetres)) {
                    continue;
                }
                const DrapeStyle style = legend.styleOf(layers[number], feature, number);
                if ((style.fill == FillKind::Solid) == isFilled) {
                    features.push_back({.geometry = feature.geometry,
                                        .style = style,
                                        .layer = static_cast<std::uint32_t>(number)});
                }
            }
        }
    }
    return features;
}

/// A texture whose texels are read one by one.
osg::ref_ptr<osg::Texture2D> tableTexture(osg::Image* image) {
    osg::ref_ptr<osg::Texture2D> texture = new osg::Texture2D(image);
    texture->setFilter(osg::Texture::MIN_FILTER, osg::Texture::NEAREST);
    texture->setFilter(osg::Texture::MAG_FILTER, osg::Texture::NEAREST);
    texture->setResizeNonPowerOfTwoHint(false);
    return texture;
}

osg::ref_ptr<osg::Texture2D> indexTexture(const DrapeIndex& index) {
    const int across = DrapeIndex::kTexelsAcross;
    const int rows = static_cast<int>((index.texels.size() + DrapeIndex::kTexelsAcross - 1) /
                                      DrapeIndex::kTexelsAcross);
    osg::ref_ptr<osg::Image> image = new osg::Image;
    image->allocateImage(across, std::max(rows, 1), 1, GL_RGBA_INTEGER_EXT, GL_UNSIGNED_INT);
    image->setInternalTextureFormat(GL_RGBA32UI_EXT);
    std::memset(image->data(), 0, image->getTotalSizeInBytes());
    std::memcpy(image->data(), index.texels.data(), index.texels.size() * sizeof(Texel));
    osg::ref_ptr<osg::Texture2D> texture = tableTexture(image);
    texture->setInternalFormat(GL_RGBA32UI_EXT);
    texture->setSourceFormat(GL_RGBA_INTEGER_EXT);
    texture->setSourceType(GL_UNSIGNED_INT);
    return texture;
}

void setIndexUniforms(osg::StateSet& state, const DrapeIndex& index) {
    constexpr unsigned kMostLevels = 4;
    osg::ref_ptr<osg::Uniform> levels =
        new osg::Uniform(osg::Uniform::FLOAT_VEC4, "u_levels", kMostLevels);
    osg::ref_ptr<osg::Uniform> tables =
        new osg::Uniform(osg::Uniform::INT_VEC4, "u_levelTables", kMostLevels);
    for (unsigned i = 0; i < index.levels.size(); ++i) {
        const DrapeLevel& level = index.levels[i];
        levels->setElement(
            i, osg::Vec4(level.cellMetres, level.padMetres, level.mostMetresPerPixel, 0.0F));
        tables->setElement(i,
                           static_cast<int>(level.tableStart),
                           static_cast<int>(level.pagesEast),
                           static_cast<int>(level.pagesNorth),
                           0);
    }
    state.addUniform(levels);
    state.addUniform(tables);
    state.addUniform(new osg::Uniform("u_levelCount", static_cast<int>(index.levels.size())));
}

void setPlaneUniforms(osg::StateSet& state, const PlaneFit& fit, const glm::dvec2& anchor) {
    osg::ref_ptr<osg::Uniform> terms = new osg::Uniform(
        osg::Uniform::FLOAT_VEC2, "u_planeTerms", static_cast<int>(fit.terms.size()));
    for (unsigned i = 0; i < fit.terms.size(); ++i) {
        const glm::dvec2 term = fit.terms.at(i) - (i == 0 ? anchor : glm::dvec2(0.0));
        terms->setElement(i, osg::Vec2(static_cast<float>(term.x), static_cast<float>(term.y)));
    }
    state.addUniform(terms);
    state.addUniform(new osg::Uniform("u_planeScale", static_cast<float>(fit.scaleMetres)));
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

osg::ref_ptr<osg::Node> makePass(const DrapeIndex& index,
                                 const PlaneFit& fit,
                                 const DrapeLayers& layers,
                                 double pixelScale) {
    constexpr unsigned kIndexUnit = 2; // 0 and 1 are the scene's colour and depth
    constexpr unsigned kOpacityUnit = 3;
    osg::ref_ptr<osg::Geometry> quad = fullScreen();
    osg::StateSet* state = quad->getOrCreateStateSet();
    osg::ref_ptr<osg::Program> program = new osg::Program;
    program->addShader(new osg::Shader(osg::Shader::VERTEX, kVertexShader));
    program->addShader(new osg::Shader(osg::Shader::FRAGMENT,
                                       kHeader + std::string(embeddedDrapeShader()) + kMain));
    state->setAttributeAndModes(program);
    state->setTextureAttribute(kIndexUnit, indexTexture(index));
    state->addUniform(new osg::Uniform("u_index", static_cast<int>(kIndexUnit)));
    state->setTextureAttribute(kOpacityUnit, layers.texture());
    state->addUniform(new osg::Uniform("u_layerOpacity", static_cast<int>(kOpacityUnit)));
    state->addUniform(new osg::Uniform("u_pixelScale", static_cast<float>(pixelScale)));
    setIndexUniforms(*state, index);
    setPlaneUniforms(*state, fit, index.anchor);
    return quad;
}

constexpr std::size_t kLayersAcross = 256;

} // namespace

DrapeLayers::DrapeLayers(std::size_t count) : opacities_(count, 1.0F) {
    const std::size_t rows = std::max<std::size_t>((count + kLayersAcross - 1) / kLayersAcross, 1);
    const osg::ref_ptr<osg::Image> image(new osg::Image);
    image->allocateImage(
        static_cast<int>(kLayersAcross), static_cast<int>(rows), 1, GL_RED, GL_FLOAT);
    image->setInternalTextureFormat(GL_R32F);
    auto* texels = reinterpret_cast<float*>(image->data());
    std::fill(texels, texels + rows * kLayersAcross, 1.0F);
    texture_ = tableTexture(image);
    texture_->setInternalFormat(GL_R32F);
}

void DrapeLayers::setOpacity(std::size_t layer, float opacity) {
    opacities_[layer] = std::clamp(opacity, 0.0F, 1.0F);
    osg::Image& image = *texture_->getImage();
    reinterpret_cast<float*>(image.data())[layer] = opacities_[layer];
    image.dirty();
}

std::string localPlane(const tiles3d::geo::EnuFrame& scene) {
    return fmt::format(
        "+proj=tmerc +lat_0={} +lon_0={} +k=1 +x_0=0 +y_0=0 +ellps=WGS84 +datum=WGS84 "
        "+units=m +no_defs +type=crs",
        scene.origin().latitude.degrees(),
        scene.origin().longitude.degrees());
}

Result<Drape> makeDrape(const std::vector<VectorLayer>& layers,
                        const tiles3d::geo::EnuFrame& scene,
                        const DrapeOptions& options) {
    const auto crs = tiles3d::crs::understandSrs(localPlane(scene), true);
    if (!crs) {
        return crs.error();
    }
    const auto transform =
        tiles3d::crs::Transform::create(*crs, tiles3d::crs::EllipsoidalHeights{});
    if (!transform) {
        return transform.error();
    }
    const Result<PlaneFit> fit = fitPlane(*transform, scene, options.halfExtentMetres);
    const Result<Legend> legend = Legend::builtIn();
    if (!fit || !legend) {
        return fit ? legend.error() : fit.error();
    }
    const std::vector<DrapeFeature> features =
        styledFeatures(layers, *legend, options.halfExtentMetres);
    const glm::dvec2 reach(options.halfExtentMetres);
    const Result<DrapeIndex> index = buildDrapeIndex(features, {-reach, reach});
    if (!index) {
        return index.error();
    }
    auto states = std::make_shared<DrapeLayers>(layers.size());
    Drape drape{.pass = makePass(*index, *fit, *states, options.pixelScale),
                .layers = states,
                .features = features.size(),
                .indexBytes = index->texels.size() * sizeof(Texel),
                .planeResidualMetres = fit->residualMetres};
    for (const VectorLayer& layer : layers) {
        std::ranges::move(remarksOn(layer, options.halfExtentMetres),
                          std::back_inserter(drape.remarks));
    }
    return drape;
}

} // namespace viewer::overlay
