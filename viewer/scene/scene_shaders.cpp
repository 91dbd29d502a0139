#include "viewer/scene/scene_shaders.h"

#include <osg/Shader>

namespace viewer::scene {

namespace {

constexpr const char* kTileVertexShader = R"(#version 330 compatibility
out vec2 v_uv;
out vec3 v_eye;
void main() {
    v_uv = gl_MultiTexCoord0.xy;
    v_eye = (gl_ModelViewMatrix * gl_Vertex).xyz;
    gl_Position = gl_ModelViewProjectionMatrix * gl_Vertex;
}
)";

// Shading: a sky light from above and a weak sun, both from the face's normal alone, so that an
// untextured building reads as a body. The normal is turned to the eye: faces may wind either way.
constexpr const char* kTileFragmentShader = R"(#version 330 compatibility
uniform sampler2D u_texture;
uniform vec4 u_baseColour;
uniform int u_isTextured;
uniform int u_isShaded;
uniform mat4 u_eyeToScene;
in vec2 v_uv;
in vec3 v_eye;
float softLight() {
    vec3 normal = normalize(cross(dFdx(v_eye), dFdy(v_eye)));
    normal = faceforward(normal, v_eye, normal);
    vec3 up = mat3(u_eyeToScene) * normal;
    float sky = 0.66 + 0.22 * up.z;
    float sun = 0.20 * max(dot(up, normalize(vec3(-0.55, -0.35, 0.76))), 0.0);
    return sky + sun;
}
void main() {
    vec4 colour = u_baseColour;
    if (u_isTextured != 0) {
        colour *= texture(u_texture, v_uv);
    }
    if (u_isShaded != 0) {
        colour.rgb *= softLight();
    }
    gl_FragColor = vec4(colour.rgb, 1.0);
}
)";

constexpr const char* kSkyFragmentShader = R"(#version 330 compatibility
uniform mat4 u_clipToEye;
uniform mat4 u_eyeToScene;
in vec2 v_uv;
const vec3 kZenith = vec3(0.50, 0.66, 0.86);
const vec3 kHorizon = vec3(0.89, 0.92, 0.94);
const vec3 kGround = vec3(0.76, 0.79, 0.81);
void main() {
    vec4 eye = u_clipToEye * vec4(v_uv * 2.0 - 1.0, 1.0, 1.0);
    vec3 direction = normalize(mat3(u_eyeToScene) * (eye.xyz / eye.w));
    vec3 above = mix(kHorizon, kZenith, pow(clamp(direction.z, 0.0, 1.0), 0.55));
    vec3 colour = mix(above, kGround, smoothstep(0.0, 0.5, -direction.z));
    gl_FragColor = vec4(colour, 0.0);
}
)";

constexpr const char* kScreenFragmentShader = R"(#version 330 compatibility
uniform sampler2D u_colour;
uniform sampler2D u_draped;
uniform int u_usesDrape;
uniform int u_supersampling;
vec3 sampleAt(ivec2 at) {
    return u_usesDrape != 0 ? texelFetch(u_draped, at, 0).rgb : texelFetch(u_colour, at, 0).rgb;
}
void main() {
    ivec2 first = ivec2(gl_FragCoord.xy) * u_supersampling;
    vec3 sum = vec3(0.0);
    for (int y = 0; y < u_supersampling; ++y) {
        for (int x = 0; x < u_supersampling; ++x) {
            sum += sampleAt(first + ivec2(x, y));
        }
    }
    gl_FragColor = vec4(sum / float(u_supersampling * u_supersampling), 1.0);
}
)";

osg::ref_ptr<osg::Program> makeProgram(const char* name, const char* vertex, const char* fragment) {
    osg::ref_ptr<osg::Program> program(new osg::Program);
    program->setName(name);
    program->addShader(new osg::Shader(osg::Shader::VERTEX, vertex));
    program->addShader(new osg::Shader(osg::Shader::FRAGMENT, fragment));
    return program;
}

} // namespace

osg::ref_ptr<osg::Program> makeTileProgram() {
    return makeProgram("tile", kTileVertexShader, kTileFragmentShader);
}

osg::ref_ptr<osg::Program> makeSkyProgram() {
    return makeProgram("sky", kFullScreenVertexShader, kSkyFragmentShader);
}

osg::ref_ptr<osg::Program> makeScreenProgram() {
    return makeProgram("screen", kFullScreenVertexShader, kScreenFragmentShader);
}

} // namespace viewer::scene
