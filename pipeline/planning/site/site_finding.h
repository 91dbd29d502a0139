#pragma once

#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/site/number_range.h"
#include "pipeline/planning/site/site_file.h"
#include "pipeline/planning/site/site_rules.h"

#include <glm/vec2.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::planning::site {

/// In the order of their weight: a layer has the worst of its features', a site of its layers'.
enum class Verdict { Pass, Inform, Conflict };

/// "pass", "inform", "conflict".
std::string_view nameOf(Verdict verdict);

/// What people have to know beside a finding, in both languages of the report.
struct Remark {
    std::string chinese;
    std::string english;
};

/// How much there is of something. Areas and lengths are true ones, on the ellipsoid.
struct Amount {
    double squareMetres = 0.0;
    double planeSquareMetres = 0.0; ///< Of the plane CRS, as a GIS counts it.
    double siteShare = 0.0;         ///< 1 = the whole site.
    double lineMetres = 0.0;
    std::size_t points = 0;
};

/// A feature that the site touches.
struct FeatureOverlap {
    FeatureRef ref;
    std::string name;          ///< From a field that names it; else its id.
    std::vector<Value> values; ///< One per field of its layer.
    Geometry part;             ///< What of it lies in the site.
    Amount amount;
    Verdict verdict = Verdict::Inform;
    std::string remark;               ///< The code that was compared, the limit's own text; or "".
    std::optional<NumberRange> limit; ///< Of a height limit, metres; none if it cannot be read.
};

/// Something built higher than a feature allows, in one connected place of its part.
struct HeightExcess {
    FeatureRef ref;
    double limitMetres = 0.0; ///< Above the rule's reference; of a range its upper end.
    double topMetres = 0.0;   ///< Of the highest point, above the same.
    glm::dvec2 place{0.0};    ///< The highest point.
    double planeSquareMetres = 0.0;
    double uncertaintyMetres = 0.0; ///< Of the tiles there.
    bool isDesign = false;          ///< A design model, not what stands there today.

    double excessMetres() const { return topMetres - limitMetres; }
    /// What the tiles cannot tell from a building of the allowed height is said, but no conflict.
    bool isCertain() const { return excessMetres() > uncertaintyMetres; }
};

/// A layer that the site touches, or that it should lie in.
struct LayerFinding {
    std::uint32_t layer = 0; ///< Place in LayerStore::layers().
    LayerInfo info;
    SiteRule rule;
    Verdict verdict = Verdict::Inform;
    std::vector<FeatureOverlap> features; ///< Conflicts first, then the largest.
    std::vector<FeatureOverlap> slivers;  ///< Below SiteRules::sliverSquareMetres: no conflicts.
    Geometry coveredPart;                 ///< All features together, each place once.
    Amount covered;
    Geometry conflict; ///< The parts of the site that break the rule.
    Amount conflictAmount;
    std::vector<HeightExcess> excesses; ///< Of a height limit, the greatest first.
    std::vector<Remark> remarks;        ///< Features repaired, rules that cannot be applied.
};

/// All layers of one category path.
struct CategoryTotal {
    std::string category;
    std::size_t layers = 0;
    std::size_t features = 0;
    Verdict verdict = Verdict::Pass;
    Amount covered; ///< By all layers together, each place once.
};

/// The nearest feature of a distance target; 0 m where the site touches one.
struct NearestFeature {
    DistanceTarget target;
    std::optional<FeatureRef> ref; ///< None: there is none in any layer that fits.
    std::string name;
    std::string layerTitle;
    double metres = 0.0;  ///< On the ellipsoid.
    glm::dvec2 from{0.0}; ///< On the site's border.
    glm::dvec2 to{0.0};   ///< On the feature.
    Verdict verdict = Verdict::Inform;
};

struct SiteReport {
    Site site;
    std::string planeCrs;
    Amount amount; ///< Of the site itself.
    double perimeterMetres = 0.0;
    Verdict verdict = Verdict::Pass;
    std::size_t layersChecked = 0;
    std::vector<LayerFinding> layers; ///< Conflicts first, then by category and title.
    std::vector<CategoryTotal> categories;
    std::vector<NearestFeature> distances; ///< In the order of the rules.
    std::vector<std::string> remarks;
};

} // namespace pipeline::planning::site
