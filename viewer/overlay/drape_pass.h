#pragma once

#include "viewer/overlay/drape_view.h"
#include "viewer/overlay/ground_grid.h"
#include "viewer/overlay/page_cache.h"
#include "viewer/overlay/plane_fit.h"
#include "viewer/overlay/symbol_texels.h"
#include "viewer/overlay/table_texture.h"

#include <glm/vec2.hpp>
#include <osg/Camera>
#include <osg/Geometry>
#include <osg/Group>
#include <osg/Program>
#include <osg/Texture2D>
#include <osg/ref_ptr>

#include <array>
#include <vector>

namespace viewer::overlay {

/// A full-screen pass that paints what pages and symbols say onto whatever the scene pass drew. Of
/// each tile of 8 x 8 pixels a pass before it finds out if it has one colour, or one before and one
/// behind a depth, as most have: these cost next to nothing. Where few edges of plain features come
/// near, the tile's vertex hands them to its pixels; only what is left looks up pages by pixel.
/// Deferred: a pixel's place is rebuilt from its depth, its footprint from the nearer neighbour on
/// each side, so the cost does not depend on the mesh. The sky stays as it is.
class DrapePass {
public:
    /// `anchor`: a place on the plane that stripes are counted from. `pixelScale`: picture pixels
    /// per pixel that widths are told in.
    DrapePass(const glm::dvec2& anchor, double pixelScale);

    /// For scene::FrameGraph::setDrapePass().
    osg::Group* node() const { return group_.get(); }

    void setView(const DrapeView& view, const PlaneExpansion& plane);
    /// Takes over what has changed. `pages` outlives this or the next call.
    void setPages(PageCache& pages);
    /// A multiple of 64 rows, which outlive this or the next call.
    void setSymbols(const std::vector<SymbolRow>& symbols);
    /// What the symbols that are shown need besides plain fills and lines.
    struct Needs {
        bool dashes = false;
        bool hatches = false;
        bool scaleRanges = false;
        bool heights = false;
        bool metres = false; ///< Widths of lines.
        bool ground = false;
        bool slopes = false; ///< Walls show less.
        bool casings = false;
    };
    void setNeeds(const Needs& needs);
    /// For symbols that keep near the ground; none: they are drawn on all surfaces. Holds from the
    /// next setView() on.
    void setGround(const GroundGrid& ground);
    /// How far from its edge a line that is told in pixels is seen.
    void setReachPixels(float pixels);

private:
    void addTilePass();
    void addPainters();
    void addPainter(osg::Geometry* geometry, osg::Program* program);
    void setSize(int widthPixels, int heightPixels);
    osg::Uniform& uniform(const char* name, osg::Uniform::Type type, unsigned count = 1);

    glm::dvec2 anchor_;
    GroundArea groundArea_;
    osg::ref_ptr<osg::Texture2D> ground_;
    osg::ref_ptr<osg::Group> group_;
    osg::ref_ptr<osg::StateSet> state_;
    osg::ref_ptr<osg::Camera> tilePass_;
    std::array<osg::ref_ptr<osg::Texture2D>, 6> tiles_; // what it makes
    osg::ref_ptr<osg::Vec4Array> grid_;                 // corners of all tiles, each with its tile
    osg::ref_ptr<osg::DrawArrays> gridQuads_;
    osg::ref_ptr<osg::Vec2Array> middles_; // all tiles
    osg::ref_ptr<osg::DrawArrays> gridPoints_;
    TableTexture pages_;
    TableTexture table_;
    TableTexture symbols_;
};

} // namespace viewer::overlay
