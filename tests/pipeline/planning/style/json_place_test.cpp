#include "pipeline/planning/style/json_place.h"

#include <gtest/gtest.h>

namespace pipeline::planning::style {
namespace {

using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::parseJson;

class JsonPlaces : public testing::Test {
protected:
    std::string problemOf(const char* text, void (*read)(const JsonPlace&)) {
        const auto json = parseJson(text);
        std::optional<Error> problem;
        read(JsonPlace(*json, "", problem));
        return problem ? problem->message : "";
    }
};

TEST_F(JsonPlaces, whatIsMissingIsNoProblem) {
    EXPECT_EQ(problemOf("{}",
                        [](const JsonPlace& root) {
                            EXPECT_EQ(root["a"].text("x"), "x");
                            EXPECT_EQ(root["a"].number(2.0F, 3.0, 4.0), 2.0F);
                            EXPECT_TRUE(root["a"]["b"].items().empty());
                            EXPECT_EQ(root["rgb"].colour(glm::vec3(0.5F)), glm::vec3(0.5F));
                        }),
              "");
}

TEST_F(JsonPlaces, theFirstProblemIsKeptWithPlaceAndValue) {
    EXPECT_EQ(problemOf(R"({"a": [{"b": 7}, {"b": "x"}], "c": true})",
                        [](const JsonPlace& root) {
                            for (const JsonPlace& item : root["a"].items()) {
                                item["b"].number(0.0F, 0.0, 10.0);
                            }
                            root["c"].text();
                        }),
              R"(a[1].b: "x", not a number from 0 to 10)");
    EXPECT_EQ(
        problemOf(R"({"rgb": [1, 2, 256]})", [](const JsonPlace& root) { root["rgb"].colour({}); }),
        "rgb: [1,2,256], not three numbers from 0 to 255");
}

TEST_F(JsonPlaces, longValuesAreCutBetweenCharacters) {
    const std::string problem =
        problemOf(R"({"a": "生态保护红线生态保护红线生态保护红线生态保护红线生态保护红线"})",
                  [](const JsonPlace& root) { root["a"].real(0.0); });
    EXPECT_TRUE(Json(problem).dump().find("\xEF\xBF\xBD") == std::string::npos) << problem;
    EXPECT_LT(problem.size(), 100U);
}

TEST_F(JsonPlaces, coloursReadBackEqual) {
    for (const glm::vec3 colour : {glm::vec3(0.0F, 115.0F / 255.0F, 1.0F), glm::vec3(0.123456F)}) {
        const Json json = colourJson(colour);
        std::optional<Error> problem;
        EXPECT_EQ(JsonPlace(json, "", problem).colour({}), colour);
        EXPECT_FALSE(problem);
    }
    EXPECT_EQ(colourJson({1.0F, 115.0F / 255.0F, 0.0F}).dump(), "[255,115,0]");
}

} // namespace
} // namespace pipeline::planning::style
