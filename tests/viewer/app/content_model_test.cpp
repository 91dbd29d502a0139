#include "viewer/app/content_model.h"

#include "viewer/app/content_filter.h"

#include <gtest/gtest.h>

#include <QElapsedTimer>
#include <vector>

namespace tests {
namespace {

using viewer::app::ContentFilter;
using viewer::app::ContentModel;
using viewer::app::ContentNode;
using viewer::app::ContentRow;

std::vector<ContentRow> threeLayers() {
    return {{.number = 2,
             .title = "生态保护红线",
             .categories = {"三线", "红线"},
             .name = "STBHHX",
             .vintage = "2024-03",
             .features = 12},
            {.number = 0,
             .title = "永久基本农田",
             .categories = {"三线"},
             .name = "YJJBNT",
             .features = 3400},
            {.number = 1, .title = "绿线", .categories = {"城市四线"}, .name = "lvxian"}};
}

class ContentModelTest : public ::testing::Test {
protected:
    ContentModelTest() {
        model_.setTilesets({{.number = 7, .title = "harbour", .isVisible = true}});
        model_.setLayers(threeLayers());
        QObject::connect(&model_,
                         &ContentModel::layersAsked,
                         [this](const std::vector<std::size_t>& layers, bool isVisible) {
                             asked_ = layers;
                             isVisibleAsked_ = isVisible;
                         });
    }

    QModelIndex category(int row) const { return model_.index(row, 0, model_.index(1, 0)); }
    static QString titles(const QAbstractItemModel& model, const QModelIndex& parent = {}) {
        QString text;
        for (int row = 0; row < model.rowCount(parent); ++row) {
            const QModelIndex index = model.index(row, 0, parent);
            text += index.data().toString() + '(' + titles(model, index) + ')';
        }
        return text;
    }

    ContentModel model_;
    ContentFilter filter_{model_};
    std::vector<std::size_t> asked_;
    bool isVisibleAsked_ = false;
};

TEST_F(ContentModelTest, layersStandBelowTheirCategoriesInOrder) {
    model_.setGroupTitles("F", "T", "L");
    EXPECT_EQ(titles(model_),
              "T(harbour())L(三线(红线(生态保护红线())永久基本农田())城市四线(绿线()))");
    EXPECT_EQ(model_.indexOfLayer(2).data().toString(), "生态保护红线");
    EXPECT_FALSE(model_.indexOfLayer(9).isValid());
}

TEST_F(ContentModelTest, categoryIsTickedAsItsLayersAre) {
    EXPECT_EQ(category(0).data(Qt::CheckStateRole), int(Qt::Unchecked));
    model_.setShown(ContentNode::Layer, 2, true, 1.0F);
    EXPECT_EQ(category(0).data(Qt::CheckStateRole), int(Qt::PartiallyChecked));
    EXPECT_EQ(category(0).siblingAtColumn(ContentModel::CountColumn).data(), "1 / 2");
    model_.setShown(ContentNode::Layer, 0, true, 0.5F);
    EXPECT_EQ(category(0).data(Qt::CheckStateRole), int(Qt::Checked));
    EXPECT_EQ(category(1).data(Qt::CheckStateRole), int(Qt::Unchecked));
    EXPECT_FLOAT_EQ(model_.indexOfLayer(0).data(ContentModel::OpacityRole).toFloat(), 0.5F);
    model_.setShown(ContentNode::Layer, 2, false, 1.0F);
    EXPECT_EQ(category(0).data(Qt::CheckStateRole), int(Qt::PartiallyChecked));
}

TEST_F(ContentModelTest, tickOfACategoryAsksForAllItsLayers) {
    EXPECT_TRUE(model_.setData(category(0), Qt::Checked, Qt::CheckStateRole));
    EXPECT_EQ(asked_, (std::vector<std::size_t>{2, 0}));
    EXPECT_TRUE(isVisibleAsked_);
    EXPECT_EQ(category(0).data(Qt::CheckStateRole), int(Qt::Unchecked)) << "asked, not done";
}

TEST_F(ContentModelTest, searchFindsTitlesTablesAndCategories) {
    model_.setGroupTitles("F", "T", "L");
    filter_.setSearch("红线");
    EXPECT_EQ(titles(filter_), "L(三线(红线(生态保护红线())))");
    filter_.setSearch("LVX");
    EXPECT_EQ(titles(filter_), "L(城市四线(绿线()))");
    filter_.setSearch("三线 农田");
    EXPECT_EQ(titles(filter_), "L(三线(永久基本农田()))");
    filter_.setSearch("nothing of the kind");
    EXPECT_EQ(titles(filter_), "");
    filter_.setSearch("");
    EXPECT_EQ(titles(filter_), titles(model_));
}

TEST_F(ContentModelTest, favouritesStandOnTopAndInTheirCategory) {
    std::vector<ContentRow> layers = threeLayers();
    layers[1].isFavourite = true;
    model_.setLayers(layers);
    model_.setGroupTitles("F", "T", "L");
    EXPECT_EQ(
        titles(model_),
        "F(永久基本农田())T(harbour())L(三线(红线(生态保护红线())永久基本农田())城市四线(绿线()))");
    model_.setShown(ContentNode::Layer, 0, true, 1.0F);
    const QModelIndex favourite = model_.index(0, 0, model_.index(0, 0));
    EXPECT_EQ(favourite.data(Qt::CheckStateRole), int(Qt::Checked));
    EXPECT_EQ(favourite.siblingAtColumn(ContentModel::StarColumn).data(), "★");
    EXPECT_EQ(model_.indexOfLayer(0).data(Qt::CheckStateRole), int(Qt::Checked));
    EXPECT_EQ(model_.index(2, ContentModel::CountColumn).data(), "1 / 3");
    layers[1].isFavourite = false;
    model_.setLayers(layers);
    EXPECT_EQ(model_.rowCount(), 2);
}

TEST_F(ContentModelTest, onlyVisibleFollowsTheTicks) {
    filter_.setOnlyVisible(true);
    EXPECT_EQ(filter_.rowCount(), 0);
    model_.setShown(ContentNode::Layer, 1, true, 1.0F);
    EXPECT_EQ(titles(filter_, filter_.index(0, 0)), "城市四线(绿线())");
}

TEST_F(ContentModelTest, tickBelowASearchAsksForWhatIsFoundOnly) {
    filter_.setSearch("农田");
    const QModelIndex found = filter_.index(0, 0, filter_.index(0, 0));
    EXPECT_TRUE(filter_.setData(found, Qt::Checked, Qt::CheckStateRole));
    EXPECT_EQ(asked_, std::vector<std::size_t>{0});
}

TEST_F(ContentModelTest, searchOfHundredsFollowsTheKeys) {
    std::vector<ContentRow> rows;
    for (std::size_t i = 0; i < 600; ++i) {
        rows.push_back(
            {.number = i,
             .title = QString("图层 %1").arg(i),
             .categories = {QString("大类 %1").arg(i / 120), QString("小类 %1").arg(i / 6)},
             .name = QString("layer_%1").arg(i)});
    }
    model_.setLayers(rows);
    QElapsedTimer clock;
    clock.start();
    for (const char* text : {"l", "la", "lay", "layer_5", "layer_59", "layer_599"}) {
        filter_.setSearch(text);
    }
    RecordProperty("milliseconds_per_key", static_cast<int>(clock.elapsed() / 6));
    EXPECT_LT(clock.elapsed() / 6, 200); // 2 ms on an idle machine
    EXPECT_EQ(filter_.rowCount(filter_.index(0, 0)), 1);
}

} // namespace
} // namespace tests
