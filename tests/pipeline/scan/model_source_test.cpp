#include "pipeline/scan/model_source.h"

#include <gtest/gtest.h>

namespace pipeline::scan {
namespace {

using tiles3d::base::parseJson;
using tiles3d::base::Result;

Result<std::vector<ModelSource>> read(std::string_view json) {
    return readModels(*parseJson(json), "/city");
}

TEST(ModelSources, allMembers) {
    const auto models = read(R"([{"path": "塔 楼.fbx", "id": "T-1", "name": "塔楼",
        "position": [610000, 2705000, 4], "crs": "EPSG:4548", "height_datum": -4.5,
        "heading_deg": 15, "scale": 2, "unit": "ft", "up": "z", "origin": [1, 2, 3]},
        {"path": "塔 楼.obj", "position": [118, 24, 4]}])");
    ASSERT_TRUE(models) << models.error().message;
    const ModelSource& first = models->front();
    EXPECT_EQ(first.path, "/city/塔 楼.fbx");
    EXPECT_EQ(first.id, "T-1");
    EXPECT_EQ(first.name, "塔楼");
    EXPECT_EQ(first.position, glm::dvec3(610000, 2705000, 4));
    EXPECT_EQ(first.crs, "EPSG:4548");
    EXPECT_EQ(first.heightDatum, "-4.5");
    EXPECT_EQ(first.headingDegrees, 15.0);
    EXPECT_EQ(first.scale, 2.0);
    EXPECT_EQ(first.metresPerUnit, 0.3048);
    EXPECT_EQ(first.up, sources::UpAxis::Z);
    EXPECT_EQ(first.origin, glm::dvec3(1, 2, 3));
    const ModelSource& second = models->back();
    EXPECT_EQ(second.id, "塔 楼") << "the file's name";
    EXPECT_EQ(second.name, second.id);
    EXPECT_FALSE(second.metresPerUnit);
    EXPECT_FALSE(second.up);
}

TEST(ModelSources, noneIsFine) {
    EXPECT_TRUE(read("null")->empty());
    EXPECT_TRUE(read("[]")->empty());
}

TEST(ModelSources, mistakesNameTheMember) {
    struct Case {
        const char* json;
        const char* named;
    };
    for (const Case& bad : {
             Case{R"({"path": "a.obj"})", "models"},
             Case{R"([{"position": [1, 2, 3]}])", "path"},
             Case{R"([{"path": 5, "position": [1, 2, 3]}])", "models.path"},
             Case{R"([{"path": "a.obj"}])", "models.position"},
             Case{R"([{"path": "a.obj", "position": [1, 2]}])", "models.position"},
             Case{R"([{"path": "a.obj", "position": [1, 2, "3"]}])", "models.position"},
             Case{R"([{"path": "a.obj", "position": [1, 2, 3], "unit": "yd"}])", "models.unit"},
             Case{R"([{"path": "a.obj", "position": [1, 2, 3], "up": "x"}])", "models.up"},
             Case{R"([{"path": "a.obj", "position": [1, 2, 3], "scale": 0}])", "models.scale"},
             Case{R"([{"path": "a.obj", "position": [1, 2, 3], "scale": "1"}])", "models.scale"},
             Case{R"([{"path": "a.obj", "position": [1, 2, 3], "heading_deg": "N"}])",
                  "models.heading_deg"},
             Case{R"([{"path": "a.obj", "position": [1, 2, 3], "origin": 5}])", "models.origin"},
             Case{R"([{"path": "a.obj", "position": [1, 2, 3], "height_datum": []}])",
                  "models.height_datum"},
             Case{R"([{"path": "a.obj", "position": [1, 2, 3], "id": ".."}])", "models.id"},
             Case{R"([{"path": "a.obj", "position": [1, 2, 3], "id": "a/b"}])", "models.id"},
             Case{R"([{"path": "x/a.obj", "position": [1, 2, 3]},
                      {"path": "y/a.obj", "position": [1, 2, 3]}])",
                  "id \"a\""},
         }) {
        const auto models = read(bad.json);
        ASSERT_FALSE(models) << bad.json;
        EXPECT_NE(models.error().message.find(bad.named), std::string::npos)
            << models.error().message;
    }
}

} // namespace
} // namespace pipeline::scan
