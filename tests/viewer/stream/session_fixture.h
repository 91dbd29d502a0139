#pragma once

#include "tests/viewer/stream/synthetic_city.h"
#include "viewer/stream/tileset_session.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace tests {

/// A camera over SyntheticCity, in its frame: metres east, north and up, radians.
struct Camera {
    glm::dvec3 place{0.0, 0.0, 300.0};
    double headingRadians = 0.0;
    double pitchRadians = -1.5707963267948966; ///< Straight down.

    tiles3d::select::ViewState view() const {
        const auto frame = SyntheticCity::frame();
        const glm::dmat3 toEcef(frame.toEcefMatrix());
        const glm::dvec3 ahead(std::sin(headingRadians), std::cos(headingRadians), 0.0);
        const glm::dvec3 up(0.0, 0.0, 1.0);
        tiles3d::select::ViewState view;
        view.positionEcef = frame.toEcef({place}).metres;
        view.direction = toEcef * (std::cos(pitchRadians) * ahead + std::sin(pitchRadians) * up);
        view.up = toEcef * (std::cos(pitchRadians) * up - std::sin(pitchRadians) * ahead);
        return view;
    }
};

/// Looks straight down on the city's middle.
inline tiles3d::select::ViewState viewFrom(double heightMetres) {
    return Camera{.place = {0.0, 0.0, heightMetres}}.view();
}

inline std::unique_ptr<viewer::stream::TilesetSession>
openSession(std::shared_ptr<const viewer::stream::ISource> source,
            const viewer::stream::SessionOptions& options) {
    auto session = viewer::stream::TilesetSession::open(std::move(source), "tileset.json", options);
    EXPECT_TRUE(session) << session.error().message;
    return *std::move(session);
}

/// What a scene does with a session, without a picture. Notes what a session must never do.
class FakeScene {
public:
    explicit FakeScene(viewer::stream::TilesetSession& session) : session_(session) {}

    const tiles3d::select::Selection& frame(const tiles3d::select::ViewState& view,
                                            const tiles3d::select::Options& options = {}) {
        const auto& selection = session_.update({view}, options);
        for (const std::size_t node : session_.takeEvicted()) {
            EXPECT_EQ(held_.erase(node), 1U) << node << " was dropped, but never held";
        }
        for (const std::size_t node : selection.render) {
            EXPECT_TRUE(held_.contains(node)) << node << " is drawn, but not held";
        }
        for (auto& arrival : session_.takeArrivals(std::uint64_t{1} << 20U)) {
            EXPECT_TRUE(held_.insert(arrival.node).second) << arrival.node << " came twice";
            session_.markReady(arrival.node);
        }
        return selection;
    }

    /// Frames until the session is settled; -1 if it is not after `mostFrames`.
    int settle(const tiles3d::select::ViewState& view,
               int mostFrames = 5000,
               const tiles3d::select::Options& options = {}) {
        for (int frames = 1; frames <= mostFrames; ++frames) {
            frame(view, options);
            if (session_.isSettled()) {
                return frames;
            }
            session_.waitForLoad();
        }
        return -1;
    }

    const std::set<std::size_t>& held() const { return held_; }

private:
    viewer::stream::TilesetSession& session_;
    std::set<std::size_t> held_;
};

} // namespace tests
