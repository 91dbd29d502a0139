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

/// Holed parts leave out pixels: cut-outs, dither, what is blended. Solid ones never do, which lets
/// a GPU test depth before it shades.
enum class TileProgram { Solid, Holed };

/// Tiles: texture times base colour, as it is or lit by sun and sky; shadows where there are maps.
/// Uniforms: per part those of makeTileGeometry(), per tile u_keep (from, to: the share of the
/// dither that is drawn), of the frame those of FrameGraph.
osg::ref_ptr<osg::Program> makeTileProgram(TileProgram kind);

/// Depth alone, for the shadow maps. Cut-outs cast as cut-outs, blended parts nothing.
osg::ref_ptr<osg::Program> makeCasterProgram();

/// The sky, drawn at depth 0 where nothing else was: air above the horizon, land below it.
osg::ref_ptr<osg::Program> makeSkyProgram();

/// To the screen: mean of the samples of each pixel, or edges smoothed, and the haze before what
/// was drawn.
osg::ref_ptr<osg::Program> makeScreenProgram();

} // namespace viewer::scene
