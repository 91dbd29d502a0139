// A viewer's loop with a fake loader over a synthetic city: select, load what is asked for, repeat.

#include "tests/tiles3d/select/coverage.h"
#include "tests/tiles3d/select/quadtree_city.h"
#include "tiles3d/select/select.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace tiles3d::select {
namespace {

bool holds(const Node& node, const glm::dvec2& place) {
    const auto& box = std::get<tileset::Box>(node.volumeEcef);
    return std::abs(place.x - box.centre.x) < box.halfAxes[0].x &&
           std::abs(place.y - box.centre.y) < box.halfAxes[1].y;
}

/// How many drawn tiles lie over a place: more than one overlap, none is a hole.
std::size_t drawnAt(const FakeViewer& viewer, const Selection& selection, const glm::dvec2& place) {
    return static_cast<std::size_t>(std::ranges::count_if(selection.render, [&](std::size_t node) {
        return holds(viewer.tree.nodes()[node], place);
    }));
}

/// Places on the ground in the picture: a grid that avoids the tiles' edges.
std::vector<glm::dvec2> placesInView(const ViewState& view) {
    std::vector<glm::dvec2> places;
    const double half = 0.99 * view.positionEcef.z;
    constexpr int kSteps = 23;
    for (int i = 0; i <= kSteps; ++i) {
        for (int j = 0; j <= kSteps; ++j) {
            const glm::dvec2 place(view.positionEcef.x + half * (2.0 * i / kSteps - 1.0) + 0.0137,
                                   view.positionEcef.y + half * (2.0 * j / kSteps - 1.0) + 0.0071);
            if (std::abs(place.x) < kCityHalfMetres && std::abs(place.y) < kCityHalfMetres) {
                places.push_back(place);
            }
        }
    }
    return places;
}

/// Repeats until the selection is complete; `mayBeBare`: before the first tile is there.
Selection settle(FakeViewer& viewer, const ViewState& view, bool mayBeBare) {
    constexpr int kPatience = 2000;
    constexpr std::size_t kLoadsPerFrame = 3;
    const auto places = placesInView(view);
    Selection selection;
    for (int frame = 0; frame < kPatience; ++frame) {
        selection = viewer.select(view);
        mayBeBare = mayBeBare && selection.render.empty();
        for (const glm::dvec2& place : places) {
            const std::size_t drawn = drawnAt(viewer, selection, place);
            EXPECT_TRUE(drawn == 1 || mayBeBare)
                << drawn << " tiles at " << place.x << ", " << place.y << " in frame " << frame;
        }
        if (selection.isComplete) {
            return selection;
        }
        EXPECT_FALSE(selection.load.empty());
        for (std::size_t i = 0; i < std::min(kLoadsPerFrame, selection.load.size()); ++i) {
            viewer.load(selection.load[i].node);
        }
        if (testing::Test::HasFailure()) {
            return selection;
        }
    }
    ADD_FAILURE() << "did not settle";
    return selection;
}

TEST(SelectLoop, settlesWithoutHoles) {
    FakeViewer viewer;
    const Selection settled = settle(viewer, viewFromAbove(1000, 1000, 700), true);
    EXPECT_TRUE(needsOf(settled).empty());
    // The middle of the picture is at full detail: leaves, of half side 250 m.
    const auto leafHere = std::ranges::count_if(settled.render, [&](std::size_t node) {
        return viewer.tree.nodes()[node].children.empty() &&
               holds(viewer.tree.nodes()[node], {1001, 1001});
    });
    EXPECT_EQ(leafHere, 1);
}

TEST(SelectLoop, flightOpensNoHole) {
    FakeViewer viewer;
    settle(viewer, viewFromAbove(0, 0, 12'000), true);
    for (int step = 0; step <= 10; ++step) {
        const double t = step / 10.0;
        settle(viewer, viewFromAbove(6000 * t, -3000 * t, 12'000 - 11'500 * t), false);
    }
}

TEST(SelectLoop, zoomOutOpensNoHole) {
    FakeViewer viewer;
    settle(viewer, viewFromAbove(0, 0, 500), true);
    settle(viewer, viewFromAbove(0, 0, 3'000), false);
    settle(viewer, viewFromAbove(0, 0, 9'000), false);
}

/// A camera that turns, climbs and dives at random, the same in every run.
class Flight {
public:
    explicit Flight(unsigned seed) : random_(seed) {}

    ViewState next() {
        std::normal_distribution<double> push(0.0, 12.0);
        speed_ = 0.97 * speed_ + glm::dvec3(push(random_), push(random_), 0.4 * push(random_));
        place_ += speed_;
        for (int axis = 0; axis < 2; ++axis) {
            if (std::abs(place_[axis]) > 0.8 * kCityHalfMetres) {
                speed_[axis] = -std::copysign(speed_[axis], place_[axis]);
            }
        }
        if (place_.z < 900.0 || place_.z > 5000.0) {
            speed_.z = std::copysign(speed_.z, 2000.0 - place_.z);
        }
        return viewFromAbove(place_.x, place_.y, place_.z);
    }

private:
    std::mt19937 random_;
    glm::dvec3 place_{0.0, 0.0, 3000.0};
    glm::dvec3 speed_{0.0};
};

struct FlightLog {
    std::size_t holes = 0;
    std::size_t frames = 0;
    std::size_t framesOnTheRoot = 0; ///< The whole city at its coarsest.
};

FlightLog fly(unsigned seed, std::size_t loadsPerFrame, const Options& options) {
    FakeViewer viewer;
    Flight flight(seed);
    FlightLog log;
    bool hasCover = false;
    for (; log.frames < 400; ++log.frames) {
        const ViewState view = flight.next();
        const Selection selection = viewer.select(view, options);
        hasCover = hasCover || viewer.state[0] == ContentState::Ready;
        if (hasCover) {
            log.holes += misdrawnLeaves(viewer.tree, {view}, viewer.state, selection).size();
        }
        log.framesOnTheRoot += selection.render == Nodes{0} ? 1U : 0U;
        for (std::size_t i = 0; i < std::min(loadsPerFrame, selection.load.size()); ++i) {
            viewer.load(selection.load[i].node);
        }
    }
    return log;
}

TEST(SelectLoop, randomFlightHasNoHoles) {
    for (const unsigned seed : {1U, 2U, 3U}) {
        for (const std::size_t loadsPerFrame : {std::size_t{1}, std::size_t{4}}) {
            SCOPED_TRACE("seed " + std::to_string(seed));
            const FlightLog log = fly(seed, loadsPerFrame, {});
            EXPECT_EQ(log.holes, 0U);
            EXPECT_LT(log.framesOnTheRoot, 0.1 * static_cast<double>(log.frames));
        }
    }
}

TEST(SelectLoop, newlySeenPlacesFallBackLocally) {
    FakeViewer viewer;
    settle(viewer, viewFromAbove(-2000, 0, 700), true);
    const auto idle = [&] {
        while (!viewer.previous.load.empty()) {
            viewer.load(viewer.previous.load.front().node);
            viewer.select(viewFromAbove(-2000, 0, 700));
        }
    };
    idle();
    // Half a picture aside, with nothing new loaded: the middle keeps its leaves.
    const Selection aside = viewer.select(viewFromAbove(-1300, 0, 700));
    EXPECT_FALSE(aside.isComplete);
    const auto leaves = std::ranges::count_if(
        aside.render, [&](std::size_t node) { return viewer.tree.nodes()[node].children.empty(); });
    EXPECT_GE(leaves, 8);
}

TEST(SelectLoop, settlesAfterEvictionAndFailures) {
    constexpr unsigned kSeed = 20240311;
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    std::mt19937 random(kSeed);
    FakeViewer viewer;
    const ViewState view = viewFromAbove(-2000, 500, 900);
    for (int round = 0; round < 5; ++round) {
        int patience = 2000;
        Selection selection = viewer.select(view);
        for (; !selection.isComplete && patience > 0; --patience) {
            ASSERT_FALSE(selection.load.empty());
            const std::size_t node = selection.load.front().node;
            if (random() % 5 == 0) {
                viewer.state[node] = ContentState::Failed;
            } else {
                viewer.load(node);
            }
            selection = viewer.select(view);
        }
        EXPECT_GT(patience, 0);
        for (std::size_t i = 0; i < viewer.state.size(); ++i) {
            const bool isContent = viewer.tree.nodes()[i].externalUri.empty();
            if (isContent && random() % 3 == 0) {
                viewer.state[i] = ContentState::Unloaded;
            }
        }
    }
}

} // namespace
} // namespace tiles3d::select
