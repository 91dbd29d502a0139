#pragma once

#include "viewer/overlay/glyph_atlas.h"
#include "viewer/overlay/label_layout.h"
#include "viewer/overlay/label_source.h"
#include "viewer/overlay/label_view.h"

#include <osg/Geometry>
#include <osg/Texture2D>
#include <osg/ref_ptr>

#include <map>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace viewer::overlay {

/// A label on its place on the surface, in the scene's frame.
struct StandingLabel {
    const MapLabel* label = nullptr;
    glm::dvec3 point{0.0};
    bool isSeen = true; ///< As far as is known; a hidden label takes no room from others.
};

/// Draws labels and the discs of points: upright on the screen, at their anchors, hidden where the
/// scene's depth says that something stands before the anchor by more than 2 % of its distance.
/// Labels are left out where they are wider than their feature, and where the style's range of
/// scales does not hold. Light letters get a dark halo, dark ones a light halo.
class LabelLayer {
public:
    /// `font`: null draws discs alone. `pixelScale`: picture pixels per pixel that sizes are told
    /// in.
    LabelLayer(std::unique_ptr<LabelFont> font, double pixelScale);

    /// What the next frame draws. True if that is another picture than before.
    bool update(std::span<const StandingLabel> labels, const LabelView& view);

    /// For scene::FrameGraph::setMarks().
    osg::Node* node() const { return geometry_.get(); }

    std::size_t drawnLabels() const { return drawnLabels_; }
    std::size_t drawnPoints() const { return drawnPoints_; }

private:
    struct Seen;
    struct Vertices;

    std::vector<Seen> seenOf(std::span<const StandingLabel> labels, const LabelView& view) const;
    bool layTexts(std::vector<Seen>& seen);
    const TextRun* runOf(const std::string& text, int pixels, int halo);
    static LabelCandidate candidateOf(const Seen& here, double pixelScale);
    bool fill(const std::vector<Seen>& seen, const LabelView& view);
    std::vector<PixelDisc>
    addDiscs(const std::vector<Seen>& seen, const LabelView& view, Vertices& vertices) const;
    static void addText(const Seen& here,
                        const glm::dvec2& lowerLeft,
                        const LabelView& view,
                        Vertices& vertices);
    void upload(const Vertices& vertices);
    void uploadGlyphs();

    std::unique_ptr<GlyphAtlas> atlas_;
    std::map<std::tuple<std::string, int, int>, TextRun> runs_; // of texts, sizes and halos
    double pixelScale_;
    LabelLayout layout_;
    osg::ref_ptr<osg::Geometry> geometry_;
    osg::ref_ptr<osg::Texture2D> glyphs_;
    unsigned uploadedRevision_ = 0;
    std::size_t drawnLabels_ = 0;
    std::size_t drawnPoints_ = 0;
    std::size_t pictureHash_ = 0;
};

} // namespace viewer::overlay
