#include "pipeline/models/place_model.h"

#include "pipeline/verify/verify.h"
#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/crs/transform.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/tileset/tileset_io.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace pipeline::models {
namespace {

namespace fs = std::filesystem;
using tiles3d::base::Json;
using tiles3d::base::Result;

/// A tetrahedron, y up in the file: one corner 10 m in front (-z), one 2 m to the right, one 30 up.
constexpr std::string_view kObj = "v 0 0 0\nv 0 0 -1000\nv 200 0 0\nv 0 3000 0\n"
                                  "f 1 2 3\nf 1 3 4\nf 1 4 2\nf 2 4 3\n";

class PlaceModel : public testing::Test {
protected:
    PlaceModel() {
        EXPECT_TRUE(tiles3d::base::writeFile(folder / "tower.obj", kObj));
        project.folder = folder.path();
        project.heightDatum = "ellipsoidal";
        source = {.path = folder / "tower.obj",
                  .id = "塔 1",
                  .name = "塔楼",
                  .position = {118.1, 24.5, 12.0},
                  .metresPerUnit = 0.01};
    }

    Result<ModelResult> place(scan::Geometry geometry = scan::Geometry::Draco) {
        project.models = {source};
        const auto placed = scan::placeModels(project);
        if (!placed) {
            return placed.error();
        }
        return placeModel({.placed = placed->front(), .output = out(), .geometry = geometry}, {});
    }

    fs::path out() const { return folder / "out/models" / source.id; }

    /// All vertices as a client places them, ECEF.
    std::vector<glm::dvec3> vertices() const {
        const auto tileset =
            tiles3d::tileset::readTileset(*tiles3d::base::readTextFile(out() / "tileset.json"));
        const auto model = tiles3d::gltf::readGlb(*tiles3d::base::readFile(out() / "model.glb"));
        std::vector<glm::dvec3> all;
        for (const auto& primitive : model->primitives) {
            for (const glm::vec3& position : primitive.mesh.positions) {
                all.emplace_back(tileset->tileset.root.transform *
                                 glm::dvec4(model->origin + glm::dvec3(position), 1.0));
            }
        }
        return all;
    }

    double nearest(const glm::dvec3& ecef) const {
        double distance = 1e300;
        for (const glm::dvec3& vertex : vertices()) {
            distance = std::min(distance, glm::distance(vertex, ecef));
        }
        return distance;
    }

    job::TemporaryFolder folder;
    scan::CityProject project;
    scan::ModelSource source;
};

TEST_F(PlaceModel, heading90PutsTheFrontInTheEast) {
    source.headingDegrees = 90.0;
    source.scale = 2.0;
    for (const auto geometry : {scan::Geometry::Draco,
                                scan::Geometry::Meshopt,
                                scan::Geometry::Quantized,
                                scan::Geometry::Plain}) {
        const auto result = place(geometry);
        ASSERT_TRUE(result) << result.error().message;
        ASSERT_TRUE(result->hasTiles);
        const tiles3d::geo::EnuFrame frame({.longitude = tiles3d::geo::Angle::degrees(118.1),
                                            .latitude = tiles3d::geo::Angle::degrees(24.5),
                                            .heightMetres = 12.0});
        for (const glm::dvec3& enu : {glm::dvec3(0, 0, 0),
                                      glm::dvec3(20, 0, 0),
                                      glm::dvec3(0, -4, 0),
                                      glm::dvec3(0, 0, 60)}) {
            EXPECT_LT(nearest(frame.toEcef({enu}).metres), 0.001);
        }
    }
}

TEST_F(PlaceModel, aPlanesCoordinatesAreWhereProjPutsThem) {
    // 10 m north in the plane of EPSG:4548 are 9.9985 m on the ground: k = 1.000153 at the place.
    source.position = {611494.7872, 2711113.4497, 12.0};
    source.crs = "EPSG:4548";
    source.scale = 1.0 / 1.000153;
    ASSERT_TRUE(place());
    const auto transform = tiles3d::crs::Transform::create(
        *tiles3d::crs::understandSrs("EPSG:4548", true), tiles3d::crs::EllipsoidalHeights{});
    const auto north = transform->toEcef(source.position + glm::dvec3(0, 10, 0));
    EXPECT_LT(nearest(north->metres), 0.001);
}

TEST_F(PlaceModel, drawingsInTheCitysCoordinates) {
    EXPECT_TRUE(tiles3d::base::writeFile(
        folder / "tower.obj",
        std::string_view("v 611494.25 2711113.5 4.125\nv 611504.25 2711113.5 4.125\n"
                         "v 611494.25 2711123.5 4.125\nf 1 2 3\n")));
    source.metresPerUnit.reset();
    source.up = sources::UpAxis::Z;
    const auto astray = place();
    ASSERT_TRUE(astray);
    EXPECT_FALSE(astray->hasTiles);
    ASSERT_EQ(astray->losses.size(), 1U);
    EXPECT_NE(astray->losses[0].reason.find("origin"), std::string::npos);
    source.origin = {611494.25, 2711113.5, 4.125};
    const auto result = place();
    ASSERT_TRUE(result->hasTiles);
    const tiles3d::geo::EnuFrame frame({.longitude = tiles3d::geo::Angle::degrees(118.1),
                                        .latitude = tiles3d::geo::Angle::degrees(24.5),
                                        .heightMetres = 12.0});
    EXPECT_LT(nearest(frame.toEcef({{10, 0, 0}}).metres), 0.001);
}

TEST_F(PlaceModel, theTilesetSaysWhatItIs) {
    const auto result = place();
    ASSERT_TRUE(result && result->hasTiles);
    const auto json =
        tiles3d::base::parseJson(*tiles3d::base::readTextFile(out() / "tileset.json"));
    const Json& metadata = (*json)["metadata"];
    EXPECT_EQ(metadata["class"].stringOr(""), "model");
    EXPECT_EQ(metadata["properties"]["id"].stringOr(""), "塔 1");
    EXPECT_EQ(metadata["properties"]["name"].stringOr(""), "塔楼");
    EXPECT_EQ(metadata["properties"]["source"].stringOr(""), "tower.obj");
    EXPECT_TRUE((*json)["schema"]["classes"].has("model"));
    EXPECT_EQ((*json)["root"]["geometricError"].numberOr(1.0), 0.0);
    EXPECT_NEAR((*json)["geometricError"].numberOr(0.0), std::sqrt(100.0 + 4.0 + 900.0), 0.01);
    EXPECT_EQ(result->triangles, 4U);
    EXPECT_EQ(result->contentBytes, fs::file_size(out() / "model.glb"));
    const auto verified = verify::verifyOutput(out());
    ASSERT_TRUE(verified);
    EXPECT_EQ(verified->errors, 0U) << verify::toText(*verified);
    EXPECT_EQ(verified->totals.triangles, 4U);
}

TEST_F(PlaceModel, facesAreLitByTheirOwnNormals) {
    ASSERT_TRUE(place());
    const auto model = tiles3d::gltf::readGlb(*tiles3d::base::readFile(out() / "model.glb"));
    const auto& mesh = model->primitives[0].mesh;
    EXPECT_FALSE(model->materials[0].unlit);
    ASSERT_EQ(mesh.normals.size(), mesh.positions.size());
    for (std::size_t i = 0; i < mesh.indices.size(); ++i) {
        const std::size_t first = i / 3 * 3;
        const glm::vec3& a = mesh.positions[mesh.indices[first]];
        const glm::vec3 face =
            glm::normalize(glm::cross(mesh.positions[mesh.indices[first + 1]] - a,
                                      mesh.positions[mesh.indices[first + 2]] - a));
        EXPECT_GT(glm::dot(face, mesh.normals[mesh.indices[i]]), 0.999F) << "its edges are sharp";
    }
}

TEST_F(PlaceModel, whatCannotBeReadIsALoss) {
    EXPECT_TRUE(tiles3d::base::writeFile(folder / "tower.obj", std::string_view("\xFF\xFF")));
    const auto result = place();
    ASSERT_TRUE(result) << "no failed output";
    EXPECT_FALSE(result->hasTiles);
    ASSERT_EQ(result->losses.size(), 1U);
    EXPECT_EQ(result->losses[0].kind, oblique::LossKind::Unreadable);
    EXPECT_FALSE(fs::exists(out()));
}

TEST_F(PlaceModel, resultsGoThroughTheLedger) {
    const auto result = place();
    const Json json = toJson(*result);
    EXPECT_EQ(toJson(modelResultFrom(json)).dump(), json.dump());
    EXPECT_EQ(modelResultFrom(json).files, result->files);
}

} // namespace
} // namespace pipeline::models
