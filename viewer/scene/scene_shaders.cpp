#include "viewer/scene/scene_shaders.h"

#include <osg/Shader>

#include <string>

namespace viewer::scene {

namespace {

constexpr const char* kVersion = "#version 330 compatibility\n";

constexpr const char* kTileVertexShader = R"(
#pragma import_defines(COLOURED, SHADED, SHADOWED, HAS_NORMALS)
out vec2 v_uv;
#ifdef COLOURED
out vec4 v_colour;
#endif
#if defined(SHADED) || defined(SHADOWED)
out vec3 v_eye;
#endif
#ifdef HAS_NORMALS
out vec3 v_normal;
#endif
void main() {
    v_uv = gl_MultiTexCoord0.xy;
#ifdef COLOURED
    v_colour = gl_Color;
#endif
#if defined(SHADED) || defined(SHADOWED)
    v_eye = (gl_ModelViewMatrix * gl_Vertex).xyz;
#endif
#ifdef HAS_NORMALS
    v_normal = mat3(gl_ModelViewMatrix) * gl_Normal;
#endif
    gl_Position = gl_ModelViewProjectionMatrix * gl_Vertex;
}
)";

// What a part or a frame does not need is compiled away: software rendering runs through both sides
// of every branch.
// Light: a sky above, the ground below, and the sun, by the direction of the face or the vertices'
// normals. Normals are turned to the eye: faces may wind either way.
// Shadows: a pixel is looked up off its surface, by the face's direction as the maps know nothing
// finer; the maps' own bilinear comparison softens the edge by a texel.
constexpr const char* kTileFragmentShader = R"(
#pragma import_defines(TEXTURED, COLOURED, SHADED, SHADOWED, HAS_NORMALS, HOLED, BLENDED)
uniform vec4 u_baseColour;
in vec2 v_uv;

#ifdef COLOURED
in vec4 v_colour;
#endif

#ifdef TEXTURED
uniform sampler2D u_texture;
#endif

#ifdef HOLED
uniform vec2 u_keep;
uniform float u_alphaCutoff;
// Source: Jimenez, "Next generation post processing in Call of Duty: Advanced Warfare" (2014),
// interleaved gradient noise.
float ditherThreshold() {
    return fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
}
#endif

#if defined(SHADED) || defined(SHADOWED)
in vec3 v_eye;
vec3 faceNormal() {
    vec3 normal = normalize(cross(dFdx(v_eye), dFdy(v_eye)));
    return faceforward(normal, v_eye, normal);
}
#endif

#ifdef SHADOWED
uniform sampler2DShadow u_shadowMaps;
uniform mat4 u_eyeToShadow[3];
uniform vec2 u_shadowOffsets[3]; // along the normal, metres; towards the sun, depth
uniform int u_cascades;
uniform float u_surveyedLight;
// 1 in the sun, 0 in the shadow.
float sunShare(vec3 normal) {
    const float kMargin = 0.01; // of the map, so that the comparison stays in its cascade
    for (int i = 0; i < u_cascades; ++i) {
        vec3 at = (u_eyeToShadow[i] * vec4(v_eye + normal * u_shadowOffsets[i].x, 1.0)).xyz;
        float across = at.x * float(u_cascades) - float(i);
        if (min(across, at.y) > kMargin && max(across, at.y) < 1.0 - kMargin && at.z > 0.0) {
            return texture(u_shadowMaps, vec3(at.xy, min(at.z + u_shadowOffsets[i].y, 1.0)));
        }
    }
    return 1.0;
}
#endif

#ifdef SHADED
uniform mat4 u_eyeToScene;
uniform vec3 u_toSun;
uniform vec3 u_sunLight;
uniform vec3 u_skyLight;
uniform vec3 u_groundLight;
#ifdef HAS_NORMALS
in vec3 v_normal;
#endif
vec3 light(vec3 normal, float sun) {
    vec3 inScene = mat3(u_eyeToScene) * normal;
    return mix(u_groundLight, u_skyLight, 0.5 + 0.5 * inScene.z) +
           u_sunLight * (sun * max(dot(inScene, u_toSun), 0.0));
}

#endif

void main() {
    vec4 colour = u_baseColour;
#ifdef TEXTURED
    colour *= texture(u_texture, v_uv);
#endif
#ifdef COLOURED
    colour *= v_colour;
#endif
#ifdef HOLED
    float threshold = ditherThreshold();
    if (colour.a < u_alphaCutoff || threshold < u_keep.x || threshold >= u_keep.y) {
        discard;
    }
#endif
    float sun = 1.0;
#ifdef SHADOWED
    sun = sunShare(faceNormal());
#endif
#if defined(SHADED) && defined(HAS_NORMALS)
    colour.rgb *= light(normalize(faceforward(v_normal, v_eye, v_normal)), sun);
#elif defined(SHADED)
    colour.rgb *= light(faceNormal(), sun);
#elif defined(SHADOWED)
    colour.rgb *= mix(u_surveyedLight, 1.0, sun);
#endif
#ifndef BLENDED
    colour.a = 1.0;
#endif
    gl_FragColor = colour;
}
)";

constexpr const char* kCasterVertexShader = R"(
#pragma import_defines(COLOURED)
out vec2 v_uv;
#ifdef COLOURED
out float v_alpha;
#endif
void main() {
    v_uv = gl_MultiTexCoord0.xy;
#ifdef COLOURED
    v_alpha = gl_Color.a;
#endif
    gl_Position = gl_ModelViewProjectionMatrix * gl_Vertex;
}
)";

constexpr const char* kCasterFragmentShader = R"(
#pragma import_defines(TEXTURED, COLOURED, HOLED, BLENDED)
uniform sampler2D u_texture;
uniform vec4 u_baseColour;
uniform float u_alphaCutoff;
in vec2 v_uv;
#ifdef COLOURED
in float v_alpha;
#endif
void main() {
#ifdef BLENDED
    discard;
#elif defined(HOLED)
    float alpha = u_baseColour.a;
#ifdef TEXTURED
    alpha *= texture(u_texture, v_uv).a;
#endif
#ifdef COLOURED
    alpha *= v_alpha;
#endif
    if (alpha < u_alphaCutoff) {
        discard;
    }
#endif
}
)";

// The air, for the sky and for the haze, which must meet at the horizon without a seam.
constexpr const char* kAir = R"(
uniform mat4 u_clipToEye;
uniform mat4 u_eyeToScene;
uniform vec3 u_toSun;
uniform vec3 u_zenith;
uniform vec3 u_horizon;
uniform vec3 u_glow;
uniform float u_eyeHeight;   // metres above the ground, at least 1
uniform float u_hazeDensity; // per metre, at the ground
uniform float u_hazeHeight;  // metres up to which it falls to 1/e

vec3 fromEye(vec2 uv, float depth) {
    vec4 eye = u_clipToEye * vec4(uv * 2.0 - 1.0, depth, 1.0);
    return mat3(u_eyeToScene) * (eye.xyz / eye.w);
}

// Sine of the angle by which the horizon lies below the level: the earth is round.
float horizonDip() {
    return sqrt(u_eyeHeight / 6371000.0 * 2.0);
}

vec3 airColour(vec3 direction) {
    float height = clamp(direction.z + horizonDip(), 0.0, 1.0);
    float toSun = max(dot(direction, u_toSun), 0.0);
    float glow = 0.35 * pow(toSun, 6.0) + 0.65 * pow(toSun, 90.0);
    return mix(u_horizon, u_zenith, pow(height, 0.55)) + u_glow * glow * (1.0 - height);
}

// The air above the horizon in that direction.
vec3 hazeColour(vec3 direction) {
    float dip = horizonDip();
    float level = max(length(direction.xy), 1e-6);
    return airColour(vec3(direction.xy * (sqrt(1.0 - min(dip * dip, 0.99)) / level), -dip));
}

// The air on the way (metres, scene axes), as metres of air at the ground: it thins with height.
float airAlong(vec3 way) {
    float rise = max(way.z / u_hazeHeight, -20.0);
    float mean = abs(rise) < 1e-3 ? 1.0 : (1.0 - exp(-rise)) / rise;
    return exp(-min(u_eyeHeight / u_hazeHeight, 20.0)) * mean * length(way);
}

// How much of what is that far away the haze covers; squared, so that what is near stays clear.
float hazeShare(vec3 way) {
    float depth = u_hazeDensity * airAlong(way);
    return 1.0 - exp(-depth * depth);
}
)";

constexpr const char* kSkyFragmentShader = R"(
uniform vec3 u_ground;
in vec2 v_uv;
void main() {
    vec3 direction = normalize(fromEye(v_uv, 1.0));
    vec3 colour = airColour(direction);
    float below = -direction.z - horizonDip();
    if (below > 0.0) {
        const float kLandHazeMetres = 9000.0; // denser than the city's: land without shape is dull
        vec3 way = direction * (u_eyeHeight / max(below, 1e-5));
        colour = mix(hazeColour(direction), u_ground, exp(-airAlong(way) / kLandHazeMetres));
    } else {
        const float kDiscInside = 0.999966; // cosines of 0.47 and 0.62 degrees: it looks soft
        const float kDiscOutside = 0.999941;
        colour += 2.0 * u_glow * smoothstep(kDiscOutside, kDiscInside, dot(direction, u_toSun));
    }
    gl_FragColor = vec4(colour, 0.0);
}
)";

// Smoothing: where the brightness of the four corners says there is an edge, the mean of samples
// along it. Source: Lottes, "FXAA" (NVIDIA, 2009), the short form.
constexpr const char* kScreenFragmentShader = R"(
#pragma import_defines(HAZED, SMOOTHED)
uniform sampler2D u_colour; // with what is draped on it
uniform sampler2D u_depth;
uniform int u_supersampling;
uniform vec2 u_viewportPixels;

vec3 sampleAt(ivec2 at) {
    return texelFetch(u_colour, at, 0).rgb;
}

vec3 between(vec2 pixel) {
    return texture(u_colour, pixel / u_viewportPixels).rgb;
}

float brightness(vec3 colour) {
    return dot(colour, vec3(0.299, 0.587, 0.114));
}

vec3 smoothed(ivec2 at) {
    const float kLeastContrast = 0.04;
    const float kContrastShare = 0.125;
    const float kReachPixels = 8.0;
    vec2 here = vec2(at) + 0.5;
    float nw = brightness(between(here + vec2(-0.5, 0.5)));
    float ne = brightness(between(here + vec2(0.5, 0.5)));
    float sw = brightness(between(here + vec2(-0.5, -0.5)));
    float se = brightness(between(here + vec2(0.5, -0.5)));
    vec3 centre = sampleAt(at);
    float m = brightness(centre);
    float least = min(m, min(min(nw, ne), min(sw, se)));
    float most = max(m, max(max(nw, ne), max(sw, se)));
    if (most - least < max(kLeastContrast, most * kContrastShare)) {
        return centre;
    }
    vec2 along = vec2((sw + se) - (nw + ne), (ne + se) - (nw + sw));
    float damping = max((nw + ne + sw + se) * 0.03, 1.0 / 128.0);
    along /= min(abs(along.x), abs(along.y)) + damping;
    along = clamp(along, -kReachPixels, kReachPixels);
    vec3 close = 0.5 * (between(here - along / 6.0) + between(here + along / 6.0));
    vec3 wide = 0.5 * close + 0.25 * (between(here - along * 0.5) + between(here + along * 0.5));
    float inside = brightness(wide);
    return inside < least || inside > most ? close : wide;
}

vec3 hazed(vec3 colour, ivec2 at) {
#ifdef HAZED
    float depth = texelFetch(u_depth, at, 0).r;
    if (depth == 0.0) {
        return colour;
    }
    vec3 way = fromEye((vec2(at) + 0.5) / u_viewportPixels, depth);
    return mix(colour, hazeColour(normalize(way)), hazeShare(way));
#else
    return colour;
#endif
}

void main() {
    ivec2 first = ivec2(gl_FragCoord.xy) * u_supersampling;
#ifdef SMOOTHED
    gl_FragColor = vec4(hazed(smoothed(first), first), 1.0);
#else
    vec3 sum = vec3(0.0);
    for (int y = 0; y < u_supersampling; ++y) {
        for (int x = 0; x < u_supersampling; ++x) {
            ivec2 at = first + ivec2(x, y);
            sum += hazed(sampleAt(at), at);
        }
    }
    gl_FragColor = vec4(sum / float(u_supersampling * u_supersampling), 1.0);
#endif
}
)";

osg::ref_ptr<osg::Program>
makeProgram(const char* name, const std::string& vertex, const std::string& fragment) {
    osg::ref_ptr<osg::Program> program(new osg::Program);
    program->setName(name);
    program->addShader(new osg::Shader(osg::Shader::VERTEX, vertex));
    program->addShader(new osg::Shader(osg::Shader::FRAGMENT, fragment));
    return program;
}

std::string versioned(const std::string& source) {
    return kVersion + source;
}

} // namespace

osg::ref_ptr<osg::Program> makeTileProgram() {
    return makeProgram("tile", versioned(kTileVertexShader), versioned(kTileFragmentShader));
}

osg::ref_ptr<osg::Program> makeCasterProgram() {
    return makeProgram("caster", versioned(kCasterVertexShader), versioned(kCasterFragmentShader));
}

osg::ref_ptr<osg::Program> makeSkyProgram() {
    return makeProgram(
        "sky", kFullScreenVertexShader, versioned(std::string(kAir) + kSkyFragmentShader));
}

osg::ref_ptr<osg::Program> makeScreenProgram() {
    return makeProgram(
        "screen", kFullScreenVertexShader, versioned(std::string(kAir) + kScreenFragmentShader));
}

} // namespace viewer::scene
