#include "viewer/camera/flight_path.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

namespace {

namespace fs = std::filesystem;
using pipeline::job::TemporaryFolder;
using tiles3d::geo::Angle;
using tiles3d::geo::toEcef;
using viewer::camera::axesInEcef;
using viewer::camera::Bookmark;
using viewer::camera::FlightKey;
using viewer::camera::FlightPath;
using viewer::camera::StoredView;

StoredView view(double lon, double lat, double height, double heading, double pitch) {
    return {.pose = {.position = {.longitude = Angle::degrees(lon),
                                  .latitude = Angle::degrees(lat),
                                  .heightMetres = height},
                     .heading = Angle::degrees(heading),
                     .pitch = Angle::degrees(pitch)}};
}

/// Unevenly spaced: 100 m, 3 km, 200 m, 8 km; headings across north.
std::vector<FlightKey> keysOverXiamen() {
    return {{0.0, view(118.0, 24.4, 300.0, 350.0, -30.0)},
            {2.0, view(118.001, 24.4, 310.0, 10.0, -30.0)},
            {20.0, view(118.03, 24.41, 150.0, 60.0, -10.0), 3.0},
            {26.0, view(118.032, 24.41, 150.0, 170.0, -20.0)},
            {70.0, view(118.1, 24.45, 900.0, -170.0, -45.0)}};
}

FlightPath must(tiles3d::base::Result<FlightPath> path) {
    EXPECT_TRUE(path) << path.error().message;
    return *std::move(path);
}

double metresBetween(const StoredView& a, const StoredView& b) {
    return glm::distance(toEcef(a.pose.position).metres, toEcef(b.pose.position).metres);
}

double degreesBetween(const StoredView& a, const StoredView& b) {
    const glm::dvec3 cross = glm::cross(axesInEcef(a.pose).direction, axesInEcef(b.pose).direction);
    return Angle::radians(std::asin(std::min(glm::length(cross), 1.0))).degrees();
}

TEST(FlightPath, passesItsKeysExactly) {
    const FlightPath path = must(FlightPath::create(keysOverXiamen()));
    for (const FlightKey& key : path.keys()) {
        for (const double seconds : {key.seconds, key.seconds + key.dwellSeconds}) {
            const StoredView at = path.viewAt(seconds);
            EXPECT_LT(metresBetween(at, key.view), 1e-6) << seconds;
            EXPECT_LT(degreesBetween(at, key.view), 1e-9) << seconds;
        }
    }
    EXPECT_EQ(path.duration(), 70.0);
    EXPECT_LT(metresBetween(path.viewAt(-5.0), path.keys().front().view), 1e-6);
    EXPECT_LT(metresBetween(path.viewAt(500.0), path.keys().back().view), 1e-6);
}

/// No velocity jumps: between frames of 1/60 s neither position nor direction changes its rate by
/// more than a soft acceleration allows.
TEST(FlightPath, movesAndTurnsWithoutJumps) {
    const FlightPath path = must(FlightPath::create(keysOverXiamen()));
    constexpr double kFrame = 1.0 / 60.0;
    double lastStep = 0.0;
    for (double t = kFrame; t <= path.duration(); t += kFrame) {
        const StoredView before = path.viewAt(t - kFrame);
        const StoredView now = path.viewAt(t);
        const double step = metresBetween(before, now);
        ASSERT_LT(step, 3.0 * 300.0 * kFrame) << t; // the mean of the fastest leg is 190 m/s
        ASSERT_NEAR(step, lastStep, 350.0 * kFrame * kFrame + 0.01) << t;
        ASSERT_LT(degreesBetween(before, now), 2.0) << t;
        lastStep = step;
    }
    EXPECT_LT(metresBetween(path.viewAt(20.0), path.viewAt(23.0)), 1e-6);  // it dwells
    EXPECT_LT(metresBetween(path.viewAt(0.0), path.viewAt(kFrame)), 0.05); // eased start
    EXPECT_LT(metresBetween(path.viewAt(70.0), path.viewAt(70.0 - kFrame)), 0.05);
}

TEST(FlightPath, turnsTheShortWay) {
    const FlightPath path = must(FlightPath::create(keysOverXiamen()));
    EXPECT_NEAR(path.poseAt(1.0).heading.degrees(), 0.0, 8.0);
    EXPECT_GT(std::abs(path.poseAt(50.0).heading.degrees()), 165.0);
}

TEST(FlightPath, evenTimesGiveAnEvenSpeed) {
    const FlightPath path = must(viewer::camera::evenlyTimed(keysOverXiamen(), 80.0));
    constexpr double kStep = 0.05;
    const double dwells = path.keys()[2].seconds;
    double fastest = 0.0;
    for (double t = kStep; t <= path.endSeconds(); t += kStep) {
        const double speed = metresBetween(path.viewAt(t - kStep), path.viewAt(t)) / kStep;
        fastest = std::max(fastest, speed);
        const bool isEasing =
            t < 3.0 || t > path.endSeconds() - 1.1 || (t > dwells - 1.1 && t < dwells + 3.0 + 6.0);
        if (!isEasing) {
            ASSERT_NEAR(speed, 80.0, 2.0) << t;
        }
    }
    EXPECT_LT(fastest, 82.0);
}

TEST(FlightPath, aTourFollowsItsBookmarks) {
    std::vector<Bookmark> bookmarks;
    for (const FlightKey& key : keysOverXiamen()) {
        bookmarks.push_back({.name = "b", .view = key.view});
    }
    const FlightPath path =
        must(viewer::camera::tourOf(bookmarks, {.metresPerSecond = 50.0, .dwellSeconds = 2.0}));
    ASSERT_EQ(path.keys().size(), bookmarks.size());
    for (const FlightKey& key : path.keys()) {
        EXPECT_LT(metresBetween(path.viewAt(key.seconds), key.view), 1e-6);
    }
    EXPECT_EQ(path.keys()[0].dwellSeconds, 0.0);
    EXPECT_EQ(path.keys()[1].dwellSeconds, 2.0);
    EXPECT_FALSE(viewer::camera::tourOf({}));
}

TEST(FlightPath, turnsOnOneSpot) {
    const FlightPath path = must(viewer::camera::evenlyTimed(
        {{0.0, view(118.0, 24.4, 50.0, 0.0, 0.0)}, {0.0, view(118.0, 24.4, 50.0, 90.0, 0.0)}},
        50.0));
    EXPECT_GT(path.duration(), 1.9);
    EXPECT_LT(metresBetween(path.viewAt(0.0), path.viewAt(1.0)), 1e-6);
    EXPECT_NEAR(path.poseAt(path.duration() / 2.0).heading.degrees(), 45.0, 1e-9);
}

TEST(FlightPath, theFieldOfViewNeedsAllKeys) {
    auto keys = keysOverXiamen();
    keys[0].view.verticalFov = Angle::degrees(60.0);
    EXPECT_FALSE(must(FlightPath::create(keys)).viewAt(1.0).verticalFov);
    for (FlightKey& key : keys) {
        key.view.verticalFov = Angle::degrees(40.0);
    }
    EXPECT_NEAR(must(FlightPath::create(keys)).viewAt(33.0).verticalFov->degrees(), 40.0, 1e-9);
}

TEST(FlightPathFile, comesBackAsItWas) {
    const TemporaryFolder folder;
    auto keys = keysOverXiamen();
    keys[1].view.verticalFov = Angle::degrees(45.0);
    const FlightPath path = must(FlightPath::create(keys, {.easeSeconds = 0.5}));
    const fs::path file = folder / "飞行.json";
    ASSERT_TRUE(viewer::camera::writeFlightPath(file, path));
    const FlightPath back = must(viewer::camera::readFlightPath(file));
    ASSERT_EQ(back.keys().size(), keys.size());
    EXPECT_EQ(back.options().easeSeconds, 0.5);
    EXPECT_EQ(back.keys()[2].dwellSeconds, 3.0);
    EXPECT_NEAR(back.keys()[1].view.verticalFov->degrees(), 45.0, 1e-12);
    for (double t = 0.0; t < 70.0; t += 1.7) {
        EXPECT_LT(metresBetween(path.viewAt(t), back.viewAt(t)), 1e-6);
        EXPECT_LT(degreesBetween(path.viewAt(t), back.viewAt(t)), 1e-9);
    }
}

TEST(FlightPathFile, saysWhatIsWrong) {
    const TemporaryFolder folder;
    const auto says = [&](const std::string& json, const std::string& word) {
        ASSERT_TRUE(tiles3d::base::writeFile(folder / "path.json", json));
        const auto path = viewer::camera::readFlightPath(folder / "path.json");
        ASSERT_FALSE(path) << json;
        const std::string message = path.error().message;
        EXPECT_NE(message.find(word), std::string::npos) << message;
        EXPECT_NE(message.find("path.json"), std::string::npos) << message;
    };
    const std::string good = R"("lon":118,"lat":24,"h":9,"heading":0,"pitch":-9)";
    says("", "path.json");
    says("[]", "keys");
    says(R"({"keys":7})", "keys");
    says(R"({"keys":[]})", "0 keys");
    says(R"({"keys":[{"t":0,"lon":118,"lat":95,"h":9,"heading":0,"pitch":-9}]})", "lat is 95");
    says(R"({"keys":[{"t":0,"lon":118,"h":9,"heading":0,"pitch":-9}]})", "key 1: lat is missing");
    says(R"({"keys":[{"t":0,)" + good + R"(},{"t":0,)" + good + "}]}", "key 2: 0 s");
    says(R"({"keys":[{"t":-1,)" + good + "}]}", "t is -1");
    says(R"({"keys":[{"t":1e300,)" + good + "}]}", "t is 1e+300");
    says(R"({"keys":[{"t":0,"fovy":0,)" + good + "}]}", "fovy is 0");
    says(R"({"keys":[{"t":0,"dwell":"x",)" + good + "}]}", "dwell");
    says(R"({"ease":-3,"keys":[{"t":0,)" + good + "}]}", "ease is -3");
    says(R"({"keys":[null]})", "key 1");
}

} // namespace
