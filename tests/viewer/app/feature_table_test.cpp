#include "viewer/app/feature_table.h"

#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/vector_writer.h"
#include "tests/support/must.h"
#include "tests/support/temporary_folder.h"
#include "viewer/app/feature_text.h"

#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <functional>

namespace tests {
namespace {

namespace planning = pipeline::planning;
using viewer::app::conditionFault;
using viewer::app::FeatureTable;
using viewer::app::featureText;

constexpr int kRows = 1000;

/// Row i has NAME "plot i" and HEIGHT (7 i) mod 1000, each once.
planning::VectorLayer plots() {
    planning::VectorLayer layer{
        .name = "plots",
        .crs = "EPSG:4548",
        .fields = {{.name = "NAME"}, {.name = "HEIGHT", .type = planning::FieldType::Real}}};
    for (int i = 0; i < kRows; ++i) {
        const double x = 500000.0 + 10.0 * i;
        layer.features.push_back(
            {.geometry = {.polygons = {{.outer = {{x, 0}, {x + 5, 0}, {x + 5, 5}}}}},
             .values = {"plot " + std::to_string(i), (7 * i) % kRows + 0.5}});
    }
    return layer;
}

class FeatureTableTest : public ::testing::Test {
protected:
    FeatureTableTest() {
        must(planning::writeGeoPackage(folder_.path() / "plots.gpkg", {plots()}));
        store_ = must(planning::LayerStore::open({folder_.path() / "plots.gpkg"}));
        QObject::connect(
            &table_, &FeatureTable::failed, [this](const QString& why) { fault_ = why; });
    }

    bool waitUntil(const std::function<bool()>& condition) {
        constexpr int kPatience = 20000;
        QElapsedTimer clock;
        clock.start();
        while (!condition() && clock.elapsed() < kPatience) {
            QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
        }
        return condition();
    }

    void show(const QString& where = {}) {
        table_.show(store_, 0, where);
        ASSERT_TRUE(waitUntil([&] { return !table_.isBusy(); }));
    }

    /// What a view shows there once it has been read.
    QString cell(int row, int column) {
        const QModelIndex index = table_.index(row, column);
        waitUntil([&] { return index.data().toString() != "…"; });
        return index.data().toString();
    }

    int argc_ = 1;
    char name_[5] = "test";
    char* argv_[2] = {name_, nullptr};
    QCoreApplication application_{argc_, argv_};
    planning::GdalRuntime gdal_;
    TemporaryFolder folder_;
    std::shared_ptr<const planning::LayerStore> store_;
    FeatureTable table_;
    QString fault_;
};

TEST_F(FeatureTableTest, readsWhatIsLookedAt) {
    show();
    EXPECT_EQ(table_.rowCount(), kRows);
    ASSERT_EQ(table_.columnCount(), 3);
    EXPECT_EQ(table_.headerData(1, Qt::Horizontal).toString(), "NAME");
    EXPECT_EQ(table_.index(0, 1).data().toString(), "…") << "nothing blocks";
    EXPECT_EQ(cell(0, 1), "plot 0");
    EXPECT_EQ(cell(999, 1), "plot 999");
    EXPECT_EQ(cell(999, 2), "993.5");
}

TEST_F(FeatureTableTest, sortsByAColumnAndFindsRows) {
    show();
    table_.sort(2, Qt::DescendingOrder);
    ASSERT_TRUE(waitUntil([&] { return !table_.isBusy(); }));
    EXPECT_EQ(cell(0, 2), "999.5");
    const auto row = table_.rowOf(1); // plot 0, the least
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(*row, kRows - 1);
    EXPECT_EQ(table_.refOf(*row), (planning::FeatureRef{0, 1}));
    EXPECT_FALSE(table_.rowOf(123456).has_value());
}

TEST_F(FeatureTableTest, conditionLeavesItsRows) {
    show("HEIGHT > 990 AND NAME LIKE 'plot %'");
    EXPECT_EQ(table_.rowCount(), 10);
    show("");
    EXPECT_EQ(table_.rowCount(), kRows);
}

TEST_F(FeatureTableTest, faultyConditionIsToldAndTheRowsStay) {
    show("HEIGHT > 990");
    show("HIGHT > 990");
    EXPECT_EQ(conditionFault(fault_), "There is no field named “HIGHT”. Texts stand in 'quotes'.");
    EXPECT_EQ(table_.rowCount(), 10);
    for (const char* condition : {"HEIGHT >", "1; DROP TABLE plots", "HEIGHT > 'a", "((("}) {
        fault_.clear();
        show(condition);
        EXPECT_FALSE(fault_.isEmpty()) << condition;
        EXPECT_EQ(table_.rowCount(), 10) << condition;
    }
}

TEST_F(FeatureTableTest, textQuotesWhatNeedsIt) {
    planning::VectorLayer layer = plots();
    layer.features.resize(2);
    layer.features[1].values = {std::string("a \"b\", c"), std::monostate()};
    must(planning::writeGeoPackage(folder_.path() / "two.gpkg", {layer}));
    const auto store = must(planning::LayerStore::open({folder_.path() / "two.gpkg"}));
    const std::vector<std::int64_t> ids = {2, 1};
    EXPECT_EQ(must(featureText(*store, 0, ids)),
              "NAME,HEIGHT\r\n\"a \"\"b\"\", c\",\r\nplot 0,0.5\r\n");
    EXPECT_EQ(must(featureText(*store, 0, ids, {.hasByteOrderMark = true})).substr(0, 3),
              "\xEF\xBB\xBF");
}

} // namespace
} // namespace tests
