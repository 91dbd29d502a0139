#include "viewer/camera/pose_json.h"

#include <fmt/format.h>

#include <array>

namespace viewer::camera {

namespace {

namespace base = tiles3d::base;
namespace geo = tiles3d::geo;
using base::Json;
using base::Result;

constexpr double kTurn = 360.0;
constexpr double kRightAngle = 90.0;
constexpr double kLowestMetres = -20000.0;
constexpr double kHighestMetres = 1e7;
constexpr double kLeastFov = 1.0;
constexpr double kMostFov = 170.0;

} // namespace

Result<double> numberIn(const Json& object, const std::string& name, double least, double most) {
    const Json& member = object[name];
    if (!member.isNumber()) {
        return base::Error{name + " is missing or not a number"};
    }
    const double value = member.numberOr(0.0);
    if (!(value >= least && value <= most)) {
        return base::Error{fmt::format("{} is {}, not within {} to {}", name, value, least, most)};
    }
    return value;
}

Result<StoredView> viewFromJson(const Json& object) {
    struct Member {
        const char* name;
        double least;
        double most;
    };
    constexpr std::array<Member, 5> kMembers{{{"lon", -kTurn, kTurn},
                                              {"lat", -kRightAngle, kRightAngle},
                                              {"h", kLowestMetres, kHighestMetres},
                                              {"heading", -kTurn, kTurn},
                                              {"pitch", -kRightAngle, kRightAngle}}};
    std::array<double, 5> values{};
    for (std::size_t i = 0; i < kMembers.size(); ++i) {
        const auto value = numberIn(object, kMembers[i].name, kMembers[i].least, kMembers[i].most);
        if (!value) {
            return value.error();
        }
        values[i] = *value;
    }
    StoredView view{.pose = {.position = {.longitude = geo::Angle::degrees(values[0]),
                                          .latitude = geo::Angle::degrees(values[1]),
                                          .heightMetres = values[2]},
                             .heading = geo::Angle::degrees(values[3]),
                             .pitch = geo::Angle::degrees(values[4])}};
    if (object.has("fovy")) {
        const auto fov = numberIn(object, "fovy", kLeastFov, kMostFov);
        if (!fov) {
            return fov.error();
        }
        view.verticalFov = geo::Angle::degrees(*fov);
    }
    return view;
}

void setView(Json& object, const StoredView& view) {
    object.set("lon", view.pose.position.longitude.degrees());
    object.set("lat", view.pose.position.latitude.degrees());
    object.set("h", view.pose.position.heightMetres);
    object.set("heading", view.pose.heading.degrees());
    object.set("pitch", view.pose.pitch.degrees());
    if (view.verticalFov) {
        object.set("fovy", view.verticalFov->degrees());
    }
}

} // namespace viewer::camera
