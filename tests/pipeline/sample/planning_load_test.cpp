#include "pipeline/sample/planning_load.h"

#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/plane_ring.h"
#include "pipeline/planning/vector_reader.h"
#include "pipeline/sample/planning_load_features.h"
#include "pipeline/sample/planning_load_plan.h"
#include "tests/support/must.h"
#include "tests/support/temporary_folder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace pipeline::sample {
namespace {

namespace fs = std::filesystem;
using tests::must;

std::vector<planning::Feature> featuresOf(const LoadLayer& layer) {
    std::vector<planning::Feature> features;
    must(forEachLoadFeature(layer, 1, [&](planning::Feature feature) {
        features.push_back(std::move(feature));
        return tiles3d::base::ok();
    }));
    return features;
}

TEST(PlanningLoad, isABureausCatalogue) {
    const LoadPlan plan = planLoad(2'000'000, 600);
    std::set<std::string> categories;
    std::set<std::string> names;
    for (const LoadSubject& subject : plan.subjects) {
        categories.insert(subject.category);
        names.insert(subject.name);
    }
    EXPECT_EQ(categories.size(), 5U);
    EXPECT_EQ(names.size(), 108U);
    ASSERT_EQ(plan.layers.size(), 600U);
    std::vector<std::size_t> counts;
    for (const LoadLayer& layer : plan.layers) {
        counts.push_back(layer.features);
    }
    EXPECT_EQ(std::reduce(counts.begin(), counts.end()), 2'000'000U);
    std::ranges::sort(counts);
    EXPECT_GT(counts.back(), 300'000U);
    EXPECT_LT(counts[300], 600U);
    EXPECT_GT(counts.front(), 0U);
}

TEST(PlanningLoad, shapesAreValidAndHaveTheirValues) {
    for (const LoadShape shape : {LoadShape::Parcels,
                                  LoadShape::Districts,
                                  LoadShape::Zones,
                                  LoadShape::Footprints,
                                  LoadShape::Lines,
                                  LoadShape::Points}) {
        const std::vector<planning::Feature> features = featuresOf(
            {.name = "层", .year = 2024, .shape = shape, .features = 300, .pointsPerEdge = 0});
        EXPECT_EQ(features.size(), 300U);
        for (const planning::Feature& feature : features) {
            const auto valid = planning::checkValid(feature.geometry);
            ASSERT_TRUE(valid) << static_cast<int>(shape) << ": " << valid.error().message;
            ASSERT_EQ(feature.values.size(), fieldsOf(shape).size());
        }
    }
}

TEST(PlanningLoad, parcelsTileWithoutGapsOrOverlaps) {
    // An edge inside of the carpet belongs to two parcels, which run along it in opposite ways.
    using Point = std::pair<double, double>;
    std::map<std::pair<Point, Point>, int> edges;
    const auto parcels = featuresOf({.year = 2024, .shape = LoadShape::Parcels, .features = 400});
    for (const planning::Feature& parcel : parcels) {
        const planning::Ring& ring = parcel.geometry.polygons[0].outer;
        EXPECT_GT(planning::signedArea(ring), 0.0);
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const glm::dvec2& a = ring[i];
            const glm::dvec2& b = ring[(i + 1) % ring.size()];
            ++edges[{{a.x, a.y}, {b.x, b.y}}];
        }
    }
    std::size_t shared = 0;
    for (const auto& [edge, count] : edges) {
        ASSERT_EQ(count, 1);
        shared += edges.contains({edge.second, edge.first}) ? 1U : 0U;
    }
    EXPECT_GT(static_cast<double>(shared), 0.85 * static_cast<double>(edges.size()));
}

TEST(PlanningLoad, districtsHaveTenThousandVertices) {
    const auto districts = featuresOf(
        {.year = 2024, .shape = LoadShape::Districts, .features = 12, .pointsPerEdge = 2500});
    for (const planning::Feature& district : districts) {
        EXPECT_EQ(district.geometry.polygons[0].outer.size(), 10000U);
    }
}

class PlanningLoadFiles : public testing::Test {
protected:
    planning::GdalRuntime gdal;
    tests::TemporaryFolder folder;
};

TEST_F(PlanningLoadFiles, canAllBeRead) {
    const PlanningLoadReport report =
        must(writePlanningLoad(folder.path(), {.features = 6000, .layers = 120, .threads = 2}));
    EXPECT_EQ(report.features, 6000U);
    const auto project =
        must(tiles3d::base::parseJson(must(tiles3d::base::readTextFile(report.project))));
    std::size_t features = 0;
    std::set<std::string> kinds;
    for (const tiles3d::base::Json& layer : project["layers"].items()) {
        const fs::path file = folder.path() / layer["path"].stringOr("");
        EXPECT_NE(layer["category"].stringOr("").find('/'), std::string::npos);
        kinds.insert(file.extension().string());
        const auto read = must(planning::readVectors(file, "EPSG:4548"));
        for (const planning::VectorLayer& one : read.layers) {
            features += one.features.size();
        }
    }
    EXPECT_EQ(features, 6000U);
    EXPECT_EQ(kinds, (std::set<std::string>{".geojson", ".gpkg", ".shp"}));
}

TEST_F(PlanningLoadFiles, areTheSameWhateverTheThreads) {
    for (const std::size_t threads : {1U, 3U}) {
        must(writePlanningLoad(folder.path() / std::to_string(threads),
                               {.features = 3000, .layers = 40, .threads = threads}));
    }
    std::size_t compared = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path() / "1")) {
        if (entry.is_regular_file()) {
            const fs::path other =
                folder.path() / "3" / fs::relative(entry.path(), folder.path() / "1");
            EXPECT_EQ(must(tiles3d::base::readFile(entry.path())),
                      must(tiles3d::base::readFile(other)))
                << other;
            ++compared;
        }
    }
    EXPECT_GT(compared, 40U);
}

TEST_F(PlanningLoadFiles, haveLimits) {
    EXPECT_FALSE(writePlanningLoad(folder.path(), {.features = 100, .layers = 0}));
    EXPECT_FALSE(writePlanningLoad(folder.path(), {.features = 100, .layers = 10}));
    EXPECT_FALSE(writePlanningLoad(folder.path(), {.features = 1'000'000'000}));
}

} // namespace
} // namespace pipeline::sample
