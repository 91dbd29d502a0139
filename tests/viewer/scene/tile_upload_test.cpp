#include "tests/viewer/scene/small_scene.h"
#include "viewer/stream/mip_chain.h"

#include <chrono>

// What TileLayer does on the GPU.

namespace tests {
namespace {

using viewer::scene::GpuTile;
using viewer::stream::MeshPack;

constexpr Rgb kRed{255, 0, 0};
constexpr Rgb kBlue{0, 0, 255};
constexpr Rgb kBackground{0, 255, 0};
constexpr int kPixels = 64 * 64;

class TileUpload : public SmallScene {
protected:
    void SetUp() override {
        SmallScene::SetUp();
        frame.setFlatBackground({0.0F, 1.0F, 0.0F});
        look({0.0, 0.0, 100.0}, {0.0, 0.0, 0.0});
    }
};

MeshPack red() {
    return squarePack({0.0, 0.0, 0.0}, 500.0F, {1, 0, 0, 1});
}

MeshPack blue() {
    return squarePack({0.0, 0.0, 0.0}, 500.0F, {0, 0, 1, 1});
}

/// A square whose texture is green to the left and red to the right.
MeshPack textured(std::uint32_t side) {
    MeshPack pack = squarePack({0.0, 0.0, 0.0}, 50.0F, {1, 1, 1, 1});
    tiles3d::image::Raster raster;
    raster.width = side;
    raster.height = side;
    raster.channels = 3;
    raster.pixels.resize(std::size_t{side} * side * 3);
    for (std::size_t i = 0; i < raster.pixels.size(); i += 3) {
        raster.pixels[i + (i / 3 % side < side / 2 ? 1 : 0)] = std::byte{255};
    }
    pack.textures[0] = viewer::stream::buildMipChain(std::move(raster));
    return pack;
}

TEST_F(TileUpload, goesBySlicesWithinTheBudgetInOrder) {
    const MeshPack pack = textured(1500); // 6.75 MB and its levels: 9 MB
    layer.add(7, "b", shared(pack));
    layer.add(3, "a", shared(red()));
    layer.show({7, 3});
    EXPECT_EQ(layer.waitingForUpload(), (std::vector<std::size_t>{7, 3}));
    std::size_t bytes = 0;
    std::vector<std::size_t> completed;
    int calls = 0;
    while (!layer.waitingForUpload().empty()) {
        const auto report = layer.uploadSome(viewer->state(),
                                             {.bytes = std::size_t{1} << 20U, .milliseconds = 1e9});
        EXPECT_GE(report.slices, 1U);
        EXPECT_LT(report.bytes, (std::size_t{1} << 20U) + GpuTile::kMostBufferBytes);
        bytes += report.bytes;
        completed.insert(completed.end(), report.completed.begin(), report.completed.end());
        ++calls;
    }
    EXPECT_EQ(completed, (std::vector<std::size_t>{7, 3}));
    EXPECT_EQ(bytes, pack.byteCount() + red().byteCount());
    EXPECT_GE(calls, 6);
    EXPECT_EQ(layer.uploadSome(viewer->state(), {}).slices, 0U);
}

TEST_F(TileUpload, atLeastOneSliceWhateverTheBudget) {
    layer.add(1, "a", shared(textured(600)));
    const auto report = layer.uploadSome(viewer->state(), {.bytes = 0, .milliseconds = 0.0});
    EXPECT_EQ(report.slices, 1U);
    EXPECT_TRUE(report.completed.empty());
}

TEST_F(TileUpload, roomAndLettingGoAreStepsOfTheirOwn) {
    layer.add(1, "a", shared(red()));
    std::vector<std::size_t> bytes;
    std::size_t slices = 0;
    std::vector<std::size_t> completed;
    while (!layer.waitingForUpload().empty()) {
        const auto report = layer.uploadSome(viewer->state(), {.bytes = 0, .milliseconds = 0.0});
        bytes.push_back(report.bytes);
        slices += report.slices;
        completed = report.completed;
    }
    // Positions and texture coordinates, indices, texels; each after its room.
    EXPECT_EQ(bytes, (std::vector<std::size_t>{0, 48, 32, 0, 12, 0, 4, 0}));
    EXPECT_EQ(slices, bytes.size() - 1) << "the last step uploads nothing";
    EXPECT_EQ(completed, std::vector<std::size_t>{1});
}

TEST_F(TileUpload, everyTexelArrives) {
    layer.add(1, "a", shared(textured(1500)));
    layer.show({1});
    layer.uploadSome(viewer->state(), {.bytes = std::size_t{2} << 20U, .milliseconds = 1e9});
    EXPECT_EQ(count(draw(), kBackground), kPixels) << "drawn before it is whole";
    while (!layer.waitingForUpload().empty()) {
        layer.uploadSome(viewer->state(), {});
    }
    const auto raster = draw();
    for (int y = 10; y < 54; ++y) {
        EXPECT_EQ(pixel(raster, 20, y), (Rgb{0, 255, 0}));
        EXPECT_EQ(pixel(raster, 44, y), kRed);
    }
}

TEST_F(TileUpload, letsThePackGoAndKeepsWhatRaysNeed) {
    auto pack = std::make_shared<const MeshPack>(textured(600));
    const std::weak_ptr<const MeshPack> watched = pack;
    layer.add(1, "a", pack);
    pack.reset();
    const auto before = layer.heldBytes();
    layer.upload(1, viewer->state());
    EXPECT_TRUE(watched.expired());
    EXPECT_LT(layer.heldBytes(), before / 100);
    layer.show({1});
    EXPECT_TRUE(layer.nearestHit({{1.0, 1.0, 10.0}, {0.0, 0.0, -1.0}}));
}

TEST_F(TileUpload, aFlightThatComesBackLeaksNothing) {
    for (std::size_t id = 0; id < 5; ++id) {
        addWhole(id, red());
    }
    EXPECT_EQ(layer.livingObjects(), 15U); // vertices, indices, texture
    for (int round = 0; round < 4; ++round) {
        for (std::size_t id = 0; id < 5; ++id) {
            layer.remove(id);
        }
        EXPECT_EQ(layer.livingObjects(), 15U) << "frames may still draw them";
        for (int call = 0; call < 3; ++call) {
            layer.releaseRemoved(viewer->state());
        }
        for (int call = 0; call < 5; ++call) { // each within its time
            layer.releaseRemoved(viewer->state());
        }
        EXPECT_EQ(layer.livingObjects(), 0U);
        for (std::size_t id = 0; id < 5; ++id) {
            addWhole(id, red());
        }
        layer.show({0});
        EXPECT_EQ(count(draw(), kRed), kPixels);
    }
}

TEST_F(TileUpload, oneTileFadesIntoAnotherWithoutAHole) {
    addWhole(1, red());
    addWhole(2, blue());
    layer.setFade({.seconds = 2.0});
    layer.setTime(10.0);
    layer.show({1});
    EXPECT_FALSE(layer.isFading()) << "nothing was there before";
    layer.show({2});
    EXPECT_TRUE(layer.isFading());
    for (const double share : {0.0, 0.25, 0.5, 0.75}) {
        layer.setTime(10.0 + 2.0 * share);
        const auto raster = draw();
        EXPECT_EQ(count(raster, kRed) + count(raster, kBlue), kPixels);
        EXPECT_NEAR(count(raster, kBlue), kPixels * share, kPixels * 0.03);
    }
    layer.setTime(12.0);
    EXPECT_FALSE(layer.isFading());
    EXPECT_EQ(count(draw(), kBlue), kPixels);
    EXPECT_EQ(layer.node()->asGroup()->getNumChildren(), 1U);
}

TEST_F(TileUpload, aFadeInterruptedLeavesNoHole) {
    addWhole(1, red());
    addWhole(2, blue());
    layer.setFade({.seconds = 1.0});
    layer.show({1});
    layer.show({2});
    layer.setTime(0.4);
    layer.show({1});
    layer.setTime(0.5);
    auto raster = draw();
    EXPECT_EQ(count(raster, kRed) + count(raster, kBlue), kPixels);
    layer.remove(2); // while it goes
    raster = draw();
    EXPECT_EQ(count(raster, kRed), kPixels);
}

TEST_F(TileUpload, opacityIsTheShareOfPixels) {
    addWhole(1, red());
    layer.show({1});
    layer.setOpacity(0.4);
    EXPECT_NEAR(count(draw(), kRed), kPixels * 0.4, kPixels * 0.03);
    layer.setOpacity(1.0);
    EXPECT_EQ(count(draw(), kRed), kPixels);
    layer.setVisible(false);
    EXPECT_EQ(count(draw(), kBackground), kPixels);
}

TEST_F(TileUpload, cutOutsAndBlending) {
    MeshPack mask = squarePack({0.0, 0.0, 5.0}, 500.0F, {0, 0, 1, 0.4F});
    mask.parts[0].alphaMode = viewer::stream::AlphaMode::Mask;
    addWhole(1, red());
    addWhole(2, mask);
    mask.parts[0].alphaCutoff = 0.3F;
    addWhole(3, mask);
    layer.show({1, 2});
    EXPECT_EQ(count(draw(), kRed), kPixels) << "below the cutoff";
    layer.show({1, 3});
    EXPECT_EQ(count(draw(), kBlue), kPixels) << "above it";

    MeshPack near = squarePack({0.0, 0.0, 9.0}, 500.0F, {0, 0, 1, 0.5F});
    near.parts[0].alphaMode = viewer::stream::AlphaMode::Blend;
    MeshPack far = squarePack({0.0, 0.0, 6.0}, 500.0F, {0, 1, 0, 0.5F});
    far.parts[0].alphaMode = viewer::stream::AlphaMode::Blend;
    addWhole(0, near); // first by name, last by distance
    addWhole(4, far);
    layer.show({0, 1, 4});
    const Rgb seen = middle(draw());
    EXPECT_NEAR(seen[0], 64, 2);
    EXPECT_NEAR(seen[1], 64, 2);
    EXPECT_NEAR(seen[2], 128, 2);
}

TEST_F(TileUpload, coloursOfVerticesMultiply) {
    MeshPack pack = squarePack({0.0, 0.0, 0.0}, 50.0F, {1, 1, 0.5F, 1});
    auto& part = pack.parts[0];
    const auto withoutColours = pack.byteCount();
    part.colours = {{255, 0, 0, 255}, {255, 0, 255, 255}, {255, 0, 255, 255}, {255, 0, 0, 255}};
    EXPECT_EQ(pack.byteCount(), withoutColours + 16);
    addWhole(1, pack);
    layer.show({1});
    const auto raster = draw();
    constexpr double kMetresPerPixel = 109.26 / kSide; // 2 * 100 m * tan(0.5)
    for (const int x : {8, 32, 56}) { // blue grows to the right, half of it by the base colour
        const double share = (x + 0.5 - kSide / 2.0) * kMetresPerPixel / 100.0 + 0.5;
        const Rgb seen = pixel(raster, x, kSide / 2);
        EXPECT_EQ(seen[0], 255);
        EXPECT_EQ(seen[1], 0);
        EXPECT_NEAR(seen[2], 127.5 * share, 2.0) << x;
    }
    addWhole(2, squarePack({0.0, 0.0, 1.0}, 500.0F, {1, 1, 1, 1}));
    layer.show({2});
    EXPECT_EQ(middle(draw()), (Rgb{255, 255, 255})) << "colours of the tile before";
}

TEST_F(TileUpload, colouredWithoutATextureIsNotLitUnlessItSaysSo) {
    MeshPack pack = squarePack({0.0, 0.0, 0.0}, 500.0F, {1, 1, 1, 1});
    auto& part = pack.parts[0];
    part.texture.reset();
    part.colours.assign(4, {200, 100, 50, 255});
    addWhole(1, pack);
    layer.show({1});
    EXPECT_EQ(middle(draw()), (Rgb{200, 100, 50}));
}

TEST_F(TileUpload, addingATileCopiesNothing) {
    const auto pack = shared(textured(1500));
    const auto start = std::chrono::steady_clock::now();
    constexpr int kTimes = 50;
    for (int i = 0; i < kTimes; ++i) {
        layer.add(1, "a", pack);
    }
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - start;
    RecordProperty("millisecondsPerAdd", std::to_string(taken.count() / kTimes));
    EXPECT_LT(taken.count() / kTimes, 2.0); // 0.02 on an idle machine
}

} // namespace
} // namespace tests
