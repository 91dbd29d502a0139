#include "viewer/stream/need_forecast.h"

#include "tests/tiles3d/select/tree_fixture.h"

#include <gtest/gtest.h>

namespace viewer::stream {
namespace {

using tiles3d::select::SelectionTree;
using tiles3d::select::squareTile;
using tiles3d::select::ViewState;

constexpr std::size_t kWest = 1;
constexpr std::size_t kEast = 2;
constexpr std::size_t kFinest = 3;

/// A root of 32 m of error over two halves; the eastern one is too coarse from 250 m on and names
/// an external tileset, whose root has error 0 as its content is the finest.
SelectionTree tree() {
    auto root = squareTile(0, 0, 4000, 32, "root.glb");
    root.children.push_back(squareTile(-2000, 0, 200, 8, "west.glb"));
    root.children.push_back(squareTile(2000, 0, 200, 8, "east.glb"));
    auto external = squareTile(2000, 0, 200, 0, "");
    external.children.push_back(squareTile(2000, 0, 200, 0, "finest.glb"));
    root.children.back().children.push_back(external);
    return {tiles3d::select::tilesetOf(root), ""};
}

std::size_t finestOf(const SelectionTree& made) {
    return made.nodes().size() - 1;
}

/// 500 pixels times metres of error, over metres.
ViewState viewAt(double x, double heightMetres) {
    return tiles3d::select::viewFromAbove(x, 0, heightMetres);
}

/// A forecast after two seconds' steady flight that ends at x.
NeedForecast flownTo(double x, double metresPerSecond, std::vector<ViewState> nextViews = {}) {
    NeedForecast forecast;
    for (int step = -20; step <= 0; ++step) {
        const double seconds = 0.1 * step;
        forecast.beginFrame({.views = {viewAt(x + metresPerSecond * seconds, 500)},
                             .nextViews = nextViews,
                             .nowSeconds = 10.0 + seconds});
    }
    return forecast;
}

TEST(NeedForecast, whatIsSeenIsNeededNow) {
    const SelectionTree made = tree();
    const NeedForecast forecast = flownTo(2000, 0);
    EXPECT_EQ(forecast.secondsUntil(made, 0), 0.0) << "nothing above the root can be drawn";
    EXPECT_EQ(forecast.secondsUntil(made, kEast), 0.0);
}

TEST(NeedForecast, aTurnIsSoonerThanAFlight) {
    const SelectionTree made = tree();
    const NeedForecast forecast = flownTo(0, 10);
    const double turn = forecast.secondsUntil(made, kEast); // the root is too coarse from here
    EXPECT_GT(turn, 0.0);
    EXPECT_LT(turn, 2.0);
    EXPECT_DOUBLE_EQ(forecast.secondsUntil(made, kWest), turn);
    EXPECT_GT(forecast.secondsUntil(made, finestOf(made)), turn + 60.0) << "a kilometre to fly";
}

TEST(NeedForecast, theFasterTheSooner) {
    const SelectionTree made = tree();
    const double slow = flownTo(0, 50).secondsUntil(made, finestOf(made));
    const double fast = flownTo(0, 500).secondsUntil(made, finestOf(made));
    EXPECT_LT(fast, 0.3 * slow);
    EXPECT_GT(fast, 2.0);
}

TEST(NeedForecast, whatAlwaysRefinesSaysNothing) {
    const SelectionTree made = tree();
    ASSERT_TRUE(made.nodes()[kFinest].alwaysRefines) << "its parent, of error 0";
    NeedForecast forecast;
    forecast.beginFrame({.views = {viewAt(2000, 150)}});
    EXPECT_EQ(forecast.secondsUntil(made, finestOf(made)), 0.0) << "the tile above is too coarse";
}

TEST(NeedForecast, aKnownWayCountsFirst) {
    const SelectionTree made = tree();
    const std::vector<ViewState> way{viewAt(1000, 300), viewAt(2000, 200), viewAt(3000, 400)};
    const NeedForecast forecast = flownTo(0, 10, way);
    EXPECT_EQ(forecast.secondsUntil(made, finestOf(made)), 2.0);
    EXPECT_GT(forecast.secondsUntil(made, kWest), 3.0) << "the way does not come there";
}

TEST(NeedForecast, aFrameWithoutTimeOrViewsIsHarmless) {
    const SelectionTree made = tree();
    NeedForecast forecast = flownTo(0, 50);
    const double before = forecast.secondsUntil(made, finestOf(made));
    forecast.beginFrame({.views = {viewAt(0, 500)}, .nowSeconds = 10.0});
    EXPECT_DOUBLE_EQ(forecast.secondsUntil(made, finestOf(made)), before);
    forecast.beginFrame({.nowSeconds = 11.0});
    EXPECT_GT(forecast.secondsUntil(made, kWest), before) << "nothing looks: nothing is needed";
}

} // namespace
} // namespace viewer::stream
