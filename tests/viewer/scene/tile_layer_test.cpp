#include "viewer/scene/tile_layer.h"

#include <gtest/gtest.h>
#include <osg/Group>

#include <memory>
#include <utility>

namespace {

using viewer::scene::TileLayer;
using viewer::stream::MeshPack;
using viewer::stream::MeshPart;

/// A level square of 10 m with its middle at `centre`.
std::shared_ptr<const MeshPack> squareAt(const glm::dvec3& centre) {
    MeshPack pack;
    pack.centre = centre;
    MeshPart part;
    part.positions = {{-5, -5, 0}, {5, -5, 0}, {5, 5, 0}, {-5, 5, 0}};
    part.shortIndices = {0, 1, 2, 0, 2, 3};
    for (const glm::vec3& position : part.positions) {
        pack.limits.include(centre + glm::dvec3(position));
    }
    pack.parts.push_back(std::move(part));
    return std::make_shared<const MeshPack>(std::move(pack));
}

TEST(TileLayer, rayFindsTheNearestShownTile) {
    TileLayer layer;
    layer.add(1, "low", squareAt({20000.0, 10000.0, 5.0}));
    layer.add(2, "high", squareAt({20000.0, 10000.0, 50.0}));
    const viewer::scene::Ray down{{20001.0, 10002.0, 900.0}, {0.0, 0.0, -3.0}};
    EXPECT_FALSE(layer.nearestHit(down)); // nothing shown yet
    layer.show({1, 2});
    ASSERT_TRUE(layer.nearestHit(down));
    EXPECT_NEAR(layer.nearestHit(down)->z, 50.0, 1e-9);
    layer.show({1});
    EXPECT_NEAR(layer.nearestHit(down)->z, 5.0, 1e-9);
    EXPECT_FALSE(layer.nearestHit({{20001.0, 10002.0, 900.0}, {0.0, 0.0, 1.0}}));  // behind
    EXPECT_FALSE(layer.nearestHit({{20006.0, 10002.0, 900.0}, {0.0, 0.0, -1.0}})); // beside
}

TEST(TileLayer, drawsInOrderOfNames) {
    TileLayer layer;
    layer.add(7, "a", squareAt({0.0, 0.0, 1.0}));
    layer.add(3, "b", squareAt({0.0, 0.0, 2.0}));
    layer.show({3, 7, 99}); // 99 is unknown
    const osg::Group& group = *layer.node()->asGroup();
    ASSERT_EQ(group.getNumChildren(), 2U);
    const osg::MatrixTransform* first = group.getChild(0)->asTransform()->asMatrixTransform();
    EXPECT_DOUBLE_EQ(first->getMatrix().getTrans().z(), 1.0);
    EXPECT_EQ(layer.shownTriangles(), 4U);
    layer.remove(7);
    EXPECT_EQ(group.getNumChildren(), 1U);
    layer.remove(7); // unknown by now
    EXPECT_EQ(layer.waitingForUpload(), std::vector<std::size_t>{3});
}

} // namespace
