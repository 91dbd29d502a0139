#include "viewer/overlay/page_source.h"

#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/vector_writer.h"
#include "viewer/overlay/page_loader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <filesystem>
#include <limits>
#include <thread>

namespace viewer::overlay {
namespace {

namespace fs = std::filesystem;
using pipeline::planning::LayerStore;
using pipeline::planning::Ring;
using pipeline::planning::VectorLayer;
using pipeline::planning::style::DrapeMode;
using pipeline::planning::style::FillKind;
using pipeline::planning::style::LayerStyle;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

class PageSource : public ::testing::Test {
protected:
    void SetUp() override {
        const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
        file = fs::temp_directory_path() /
               ("city3d pages " + std::to_string(::getpid()) + test->name() + ".gpkg");
    }
    void TearDown() override { fs::remove(file); }

    std::shared_ptr<const LayerStore> store(const std::vector<Ring>& rings,
                                            const pipeline::planning::Value& base = {}) {
        VectorLayer layer{.name = "parcels", .crs = "EPSG:4548"};
        layer.fields = {{.name = "base", .type = pipeline::planning::FieldType::Real}};
        for (const Ring& ring : rings) {
            layer.features.push_back(
                {.geometry = {.polygons = {{.outer = ring}}}, .values = {base}});
        }
        EXPECT_TRUE(pipeline::planning::writeGeoPackage(file, {layer}));
        auto opened = LayerStore::open({file});
        EXPECT_TRUE(opened) << opened.error().message;
        return *opened;
    }

    static std::shared_ptr<const DrapedLayers> drawn(LayerStyle style) {
        auto all = std::make_shared<DrapedLayers>();
        all->layers.push_back({.style = std::make_shared<LayerStyle>(std::move(style))});
        return all;
    }

    fs::path file;
    pipeline::planning::GdalRuntime gdal;
};

const Ring kSquare{{4, 4}, {24, 4}, {24, 24}, {4, 24}};

TEST_F(PageSource, aPageHoldsWhatLiesThereAndOthersAreEmpty) {
    const auto layers = store({kSquare, {{9000, 0}, {9100, 0}, {9100, 100}}});
    const MadePage made = makePage({0, 0, 0}, drawn({}), *layers);
    ASSERT_EQ(made.page.features.size(), 1U);
    EXPECT_EQ(made.page.features[0].id, 1);
    EXPECT_TRUE(made.problems.empty());
    EXPECT_TRUE(makePage({0, 5, 5}, drawn({}), *layers).page.texels.empty());
    EXPECT_EQ(makePage({0, 0, 0}, drawn({}), *layers).page.texels, made.page.texels);
}

TEST_F(PageSource, aHeightThatIsNoNumberIsNone) {
    const LayerStyle style{.mode = DrapeMode::HeightRange, .baseField = "base"};
    const MadePage made = makePage({0, 0, 0}, drawn(style), *store({kSquare}, kNan));
    ASSERT_FALSE(made.page.texels.empty());
    const Texel row = made.page.texels[Page::kSlotTexels];
    EXPECT_EQ(std::bit_cast<float>(row[1]), -std::numeric_limits<float>::infinity());
}

TEST_F(PageSource, brokenRingsDoNoHarm) {
    LayerStyle filled;
    filled.other.fill = FillKind::Solid;
    const auto layers = store({{{4, 4}, {24, 24}, {24, 4}, {4, 24}},
                               {{5, 5}, {5, 5}, {5, 5}, {5, 5}},
                               {{0, 0}, {10, 0}, {20, 0}},
                               {{-1e9, -1e9}, {1e9, -1e9}, {1e9, 1e9}, {-1e9, 1e9}},
                               {{1e300, 0}, {0, 1e300}, {7, 7}}});
    for (int level = 0; level < kLevels; ++level) {
        EXPECT_TRUE(makePage({level, 0, 0}, drawn(filled), *layers).problems.empty()) << level;
    }
}

TEST_F(PageSource, theLoaderMakesEachPageOnceAndAFileThatVanishesIsSaid) {
    const auto layers = store({kSquare});
    fs::resize_file(file, 512);
    PageLoader loader(layers, 2);
    const auto style = drawn({});
    loader.ask({{0, 0, 0}, {1, 0, 0}, {2, 0, 0}}, style);
    std::size_t pages = 0;
    while (!loader.isIdle()) {
        for (const MadePage& made : loader.take(1U << 20U)) {
            ++pages;
            EXPECT_EQ(made.made, style);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    EXPECT_EQ(pages, 3U);
}

} // namespace
} // namespace viewer::overlay
