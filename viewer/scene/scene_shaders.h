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

/// The texture unit of the shadow maps in the scene pass.
inline constexpr int kShadowUnit = 4;

/// Tiles: base colour times the texture's and the vertices', as it is or lit by sun and sky;
/// shadows where there are maps. Compiled by the defines of the state sets above a part, so that
/// nobody pays for what others need: TEXTURED, COLOURED, SHADED, HAS_NORMALS, BLENDED of a part,
/// SHADOWED of a frame, and HOLED where pixels may be left out (cut-outs, dither), which keeps a
/// GPU from testing depth before shading. Uniforms: u_baseColour and u_alphaCutoff of a part,
/// u_keep of a tile (from, to: the share of the dither that is drawn), of the frame those of
/// FrameGraph.
osg::ref_ptr<osg::Program> makeTileProgram();

/// Depth alone, for the shadow maps. Cut-outs cast as cut-outs, blended parts nothing.
osg::ref_ptr<osg::Program> makeCasterProgram();

/// The sky, drawn at depth 0 where nothing else was: air above the horizon, land below it.
osg::ref_ptr<osg::Program> makeSkyProgram();

/// To the screen: mean of the samples of each pixel, or edges smoothed, and the haze before what
/// was drawn. Defines: SMOOTHED, HAZED.
osg::ref_ptr<osg::Program> makeScreenProgram();

} // namespace viewer::scene
