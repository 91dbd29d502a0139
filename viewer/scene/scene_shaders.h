#pragma once

#include <osg/Program>
#include <osg/ref_ptr>

namespace viewer::scene {

/// One triangle that covers all of clip space; vertices without a transform.
inline constexpr const char* kFullScreenVertexShader = R"(#version 330 compatibility
out vec2 v_uv;
void main() {
    v_uv = gl_Vertex.xy * 0.5 + 0.5;
    gl_Position = vec4(gl_Vertex.xy, 0.0, 1.0);
}
)";

/// Tiles: texture times base colour, or soft shading by the faces' direction.
osg::ref_ptr<osg::Program> makeTileProgram();

/// The sky: a gradient over the direction's height, drawn at depth 0 where nothing else was.
osg::ref_ptr<osg::Program> makeSkyProgram();

/// Mean of the samples of each pixel.
osg::ref_ptr<osg::Program> makeScreenProgram();

} // namespace viewer::scene
