#include "viewer/overlay/label_source.h"

#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/vector_writer.h"
#include "tests/support/must.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>

namespace viewer::overlay {
namespace {

namespace planning = pipeline::planning;
namespace geo = tiles3d::geo;
using planning::GeometryKind;
using planning::LayerStore;
using planning::PlaneBox;
using planning::VectorLayer;
using planning::style::LayerStyle;
using tests::must;

const glm::dvec2 kOrigin(610000.0, 2705000.0); // EPSG:4548

/// Squares of 40 m in rows of 100, 50 m apart.
VectorLayer parcels(int count) {
    VectorLayer layer{.name = "parcels", .crs = "EPSG:4548"};
    layer.fields = {{"MC"}};
    for (int i = 0; i < count; ++i) {
        const glm::dvec2 low = kOrigin + 50.0 * glm::dvec2(i % 100, i / 100);
        planning::Feature feature;
        feature.geometry.polygons.push_back(
            {{low, low + glm::dvec2(40, 0), low + glm::dvec2(40, 40), low + glm::dvec2(0, 40)},
             {}});
        feature.values = {i % 2 == 0 ? planning::Value("地块" + std::to_string(i))
                                     : planning::Value()};
        layer.features.push_back(feature);
    }
    return layer;
}

VectorLayer schools() {
    VectorLayer layer{.name = "schools", .crs = "EPSG:4548", .kind = GeometryKind::Point};
    layer.fields = {{"KIND"}};
    for (const char* kind : {"小学", "中学"}) {
        planning::Feature feature;
        feature.geometry.points.push_back(kOrigin + glm::dvec2(5.0, 5.0));
        feature.values = {std::string(kind)};
        layer.features.push_back(feature);
    }
    return layer;
}

class LabelSourceTest : public testing::Test {
protected:
    void open(const std::vector<VectorLayer>& layers) {
        ASSERT_TRUE(planning::writeGeoPackage(folder.path() / "a.gpkg", layers));
        store = must(LayerStore::open({folder.path() / "a.gpkg"}));
        const auto crs = must(tiles3d::crs::understandSrs("EPSG:4548", true));
        const auto plane =
            must(tiles3d::crs::Transform::create(crs, tiles3d::crs::EllipsoidalHeights{}));
        scene.emplace(must(plane.toCartographic({kOrigin, 0.0})));
        source.emplace(must(LabelSource::create(store, *scene)));
    }
    std::vector<MapLabel> read(const LabelRequest& request) {
        return source->read(request, messages);
    }
    static std::shared_ptr<const LayerStyle> labelledBy(const std::string& field) {
        LayerStyle style;
        style.labelField = field;
        return std::make_shared<const LayerStyle>(style);
    }

    planning::GdalRuntime gdal;
    tests::TemporaryFolder folder;
    std::shared_ptr<const LayerStore> store;
    std::optional<geo::EnuFrame> scene;
    std::optional<LabelSource> source;
    std::vector<std::string> messages;
};

TEST_F(LabelSourceTest, textsStandInsideTheirFeatures) {
    open({parcels(10)});
    const auto labels = read({{{0, labelledBy("mc"), nullptr}}, {{{-1000, -1000}, {1000, 1000}}}});
    ASSERT_EQ(labels.size(), 5U); // the others have no text
    EXPECT_EQ(labels[0].text, "地块0");
    EXPECT_NEAR(labels[0].roomMetres, 40.0, 2.0);
    const glm::dvec3 point = scene->fromEcef(geo::toEcef(labels[0].spots[0])).metres;
    EXPECT_NEAR(point.x, 20.0, 1.0);
    EXPECT_NEAR(point.y, 20.0, 1.0);
    EXPECT_TRUE(messages.empty());
}

TEST_F(LabelSourceTest, onlyWhatIsAskedForAndShown) {
    open({parcels(400)});
    const auto few = read({{{0, labelledBy("MC"), nullptr}}, {{{0, 0}, {90, 40}}}});
    EXPECT_EQ(few.size(), 1U);
    const auto ids =
        std::make_shared<const std::vector<std::int64_t>>(std::vector<std::int64_t>{1, 2, 3});
    EXPECT_EQ(read({{{0, labelledBy("MC"), ids}}, {{{-10, -10}, {9000, 9000}}}}).size(), 2U);
    EXPECT_TRUE(read({{}, {{{-10, -10}, {9000, 9000}}}}).empty());
}

TEST_F(LabelSourceTest, ofVeryManyAFixedChoice) {
    open({parcels(8000)});
    const std::vector<LabelledLayer> layers{{0, labelledBy("MC"), nullptr}};
    const auto all = read({layers, {{{-10, -10}, {9000, 9000}}}});
    EXPECT_LE(all.size(), 1500U);
    EXPECT_GT(all.size(), 600U);
    const auto moved = read({layers, {{{-10, 30}, {9000, 9030}}}});
    std::set<planning::FeatureRef> before;
    for (const MapLabel& label : all) {
        before.insert(label.feature);
    }
    std::size_t kept = 0;
    for (const MapLabel& label : moved) {
        kept += before.contains(label.feature) ? 1U : 0U;
    }
    EXPECT_GT(kept * 10, moved.size() * 9);
    EXPECT_GT(read({layers, {{{0, 0}, {500, 500}}, {{-10, -10}, {9000, 9000}}}}).size(),
              all.size());
}

TEST_F(LabelSourceTest, pointsComeWithoutLabelsAndInTheirClass) {
    open({schools()});
    LayerStyle style;
    style.classField = "KIND";
    style.classes.resize(1);
    style.classes[0].values = {"中学"};
    style.classes[0].symbol.pointPixels = 20.0F;
    EXPECT_TRUE(isLabelled(store->layers()[0], style));
    const auto labels = read(
        {{{0, std::make_shared<const LayerStyle>(style), nullptr}}, {{{-100, -100}, {100, 100}}}});
    ASSERT_EQ(labels.size(), 2U);
    EXPECT_EQ(labels[0].kind, GeometryKind::Point);
    EXPECT_EQ(labels[0].text, "");
    EXPECT_EQ(labels[1].symbol.pointPixels, 20.0F);
}

TEST_F(LabelSourceTest, aChangedStyleIsReadAnew) {
    open({schools()});
    EXPECT_EQ(read({{{0, labelledBy(""), nullptr}}, {{{-100, -100}, {100, 100}}}})[0].text, "");
    EXPECT_EQ(read({{{0, labelledBy("KIND"), nullptr}}, {{{-100, -100}, {100, 100}}}})[0].text,
              "小学");
}

} // namespace
} // namespace viewer::overlay
