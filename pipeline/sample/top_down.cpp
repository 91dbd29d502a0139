#include "pipeline/sample/top_down.h"

#include "pipeline/sample/ground.h"
#include "pipeline/sample/things_paint.h"

#include <glm/common.hpp>

#include <algorithm>
#include <cmath>
#include <variant>
#include <vector>

namespace pipeline::sample {

namespace {

using tiles3d::image::Raster;

std::byte toByte(float channel) {
    return static_cast<std::byte>(std::clamp(channel * 255.0F + 0.5F, 0.0F, 255.0F));
}

/// Pixel addressing in world coordinates.
class Sheet {
public:
    explicit Sheet(const MapFrame& frame) : frame_(frame) {
        raster_.width = frame.width;
        raster_.height = frame.height;
        raster_.channels = 3;
        raster_.pixels.resize(std::size_t{3} * frame.width * frame.height);
    }

    glm::dvec2 centreOf(std::uint32_t column, std::uint32_t row) const {
        return {frame_.west + (column + 0.5) * frame_.texel,
                frame_.north - (row + 0.5) * frame_.texel};
    }

    void set(std::uint32_t column, std::uint32_t row, const glm::vec3& colour) {
        std::byte* pixel = &raster_.pixels[(std::size_t{row} * frame_.width + column) * 3];
        pixel[0] = toByte(colour.x);
        pixel[1] = toByte(colour.y);
        pixel[2] = toByte(colour.z);
    }

    /// Calls paint(column, row, world) for every pixel within `radius` of `centre`.
    template <typename Paint>
    void forDisc(const glm::dvec2& centre, double radius, const Paint& paint) const {
        const auto clampTo = [](double value, std::uint32_t limit) {
            return static_cast<std::uint32_t>(std::clamp(value, 0.0, static_cast<double>(limit)));
        };
        const std::uint32_t left =
            clampTo((centre.x - radius - frame_.west) / frame_.texel, frame_.width);
        const std::uint32_t right =
            clampTo((centre.x + radius - frame_.west) / frame_.texel + 1.0, frame_.width);
        const std::uint32_t top =
            clampTo((frame_.north - centre.y - radius) / frame_.texel, frame_.height);
        const std::uint32_t bottom =
            clampTo((frame_.north - centre.y + radius) / frame_.texel + 1.0, frame_.height);
        for (std::uint32_t row = top; row < bottom; ++row) {
            for (std::uint32_t column = left; column < right; ++column) {
                paint(column, row, centreOf(column, row));
            }
        }
    }

    Raster take() { return std::move(raster_); }

private:
    MapFrame frame_;
    Raster raster_;
};

glm::dvec3 slopeNormal(double height, double eastHeight, double northHeight) {
    const glm::dvec3 normal{height - eastHeight, height - northHeight, 1.0};
    return normal / std::sqrt(normal.x * normal.x + normal.y * normal.y + 1.0);
}

void paintGround(const StreetPlan& plan,
                 const Sunlight& sunlight,
                 const MapFrame& frame,
                 Sheet& sheet) {
    const Window window = frame.window();
    const Landform& land = plan.land();
    const double shapeStep = std::max(2.0, frame.texel * 4.0);
    const Lattice shape(window.grown(2.0), shapeStep, [&](const glm::dvec2& at) {
        return glm::vec3(land.height(at), land.hilliness(at), 0.0);
    });
    const auto height = [&](const glm::dvec2& at) { return static_cast<double>(shape.at(at).x); };
    const double step = std::max(0.5, frame.texel * 2.0);
    const Lattice light(window, step, [&](const glm::dvec2& at) {
        const double ground = height(at);
        const glm::dvec3 normal = slopeNormal(
            ground, height(at + glm::dvec2(1.0, 0.0)), height(at + glm::dvec2(0.0, 1.0)));
        return sunlight.at({at.x, at.y, ground + 0.05}, normal);
    });
    std::vector<double> shore(frame.width);
    for (std::uint32_t column = 0; column < frame.width; ++column) {
        shore[column] = land.inland({sheet.centreOf(column, 0).x, 0.0});
    }
    Ground ground(plan);
    const double inlandPerMetre = land.inland({0.0, 1.0}) - land.inland({0.0, 0.0});
    for (std::uint32_t row = 0; row < frame.height; ++row) {
        for (std::uint32_t column = 0; column < frame.width; ++column) {
            Spot spot;
            spot.world = sheet.centreOf(column, row);
            spot.inland = shore[column] + spot.world.y * inlandPerMetre;
            spot.hilliness = static_cast<double>(shape.at(spot.world).y);
            sheet.set(column, row, ground.colour(spot) * light.at(spot.world));
        }
    }
}

void paintVolume(const Volume& volume, const Sunlight& sunlight, double texel, Sheet& sheet) {
    const double radius = planRadius(volume);
    const glm::dvec2 across{-volume.axis.y, volume.axis.x};
    const auto lightAt = [&](const glm::dvec2& at) {
        const glm::dvec2 plan = glm::clamp(toPlan(volume, at), -volume.half, volume.half);
        const glm::dvec3 local = roofNormal(volume, plan);
        const glm::dvec2 flat = volume.axis * local.x + across * local.y;
        return sunlight.at({at.x, at.y, roofHeight(volume, plan) + 0.1}, {flat.x, flat.y, local.z});
    };
    const Window window{volume.centre - radius, volume.centre + radius};
    const double step = volume.roof == RoofKind::Hip ? 0.25 : 0.5;
    const Lattice light(window, std::max(step, texel), lightAt);
    sheet.forDisc(
        volume.centre, radius, [&](std::uint32_t column, std::uint32_t row, const glm::dvec2& at) {
            const glm::dvec2 plan = toPlan(volume, at);
            if (std::abs(plan.x) <= volume.half.x && std::abs(plan.y) <= volume.half.y) {
                sheet.set(column, row, roofColour(volume, plan) * light.at(at));
            }
        });
}

void paintTree(const Tree& tree, const Sunlight& sunlight, Sheet& sheet) {
    const glm::dvec3 top{tree.centre.x, tree.centre.y, tree.ground + tree.height};
    const glm::vec3 sky = sunlight.sky(top);
    const float share = sunlight.sunShare(top);
    sheet.forDisc(tree.centre,
                  tree.radius * 1.1,
                  [&](std::uint32_t column, std::uint32_t row, const glm::dvec2& at) {
                      if (const auto spot = crownAt(tree, at - tree.centre)) {
                          sheet.set(column,
                                    row,
                                    spot->albedo *
                                        (sky + Sunlight::sun(spot->normal) * (share * 1.15F)));
                      }
                  });
}

void paintProp(const Prop& prop, const Sunlight& sunlight, Sheet& sheet) {
    const glm::vec3 light =
        sunlight.at({prop.centre.x, prop.centre.y, prop.top + 0.1}, {0.0, 0.0, 1.0});
    const double radius = std::hypot(prop.half.x, prop.half.y);
    sheet.forDisc(
        prop.centre, radius, [&](std::uint32_t column, std::uint32_t row, const glm::dvec2& at) {
            const glm::dvec2 offset = at - prop.centre;
            const glm::dvec2 plan{(offset.x * prop.axis.x + offset.y * prop.axis.y) / prop.half.x,
                                  (offset.y * prop.axis.x - offset.x * prop.axis.y) / prop.half.y};
            if (std::abs(plan.x) > 1.0 || std::abs(plan.y) > 1.0) {
                return;
            }
            if (const auto colour = propColour(prop, plan)) {
                sheet.set(column, row, *colour * light);
            }
        });
}

struct Item {
    double top = 0.0;
    std::variant<const Volume*, const Tree*, const Prop*> thing;
};

/// From the lowest to the highest, so that what is on top is painted last.
std::vector<Item> inPaintingOrder(const Scenery& scenery) {
    std::vector<Item> items;
    for (const Volume& volume : scenery.volumes) {
        items.push_back({volume.top, &volume});
    }
    for (const Tree& tree : scenery.trees) {
        items.push_back({tree.ground + tree.height * 0.7, &tree});
    }
    for (const Prop& prop : scenery.props) {
        items.push_back({prop.top, &prop});
    }
    std::ranges::stable_sort(items, {}, &Item::top);
    return items;
}

} // namespace

Window MapFrame::window() const {
    return {{west, north - height * texel}, {west + width * texel, north}};
}

Raster paintTopDown(const StreetPlan& plan,
                    const Scenery& scenery,
                    const Sunlight& sunlight,
                    const MapFrame& frame) {
    Sheet sheet(frame);
    paintGround(plan, sunlight, frame, sheet);
    const Window window = frame.window();
    for (const Item& item : inPaintingOrder(scenery)) {
        if (const auto* volume = std::get_if<const Volume*>(&item.thing)) {
            if (window.touches((*volume)->centre, planRadius(**volume))) {
                paintVolume(**volume, sunlight, frame.texel, sheet);
            }
        } else if (const auto* tree = std::get_if<const Tree*>(&item.thing)) {
            paintTree(**tree, sunlight, sheet);
        } else if (const auto* prop = std::get_if<const Prop*>(&item.thing)) {
            paintProp(**prop, sunlight, sheet);
        }
    }
    return sheet.take();
}

} // namespace pipeline::sample
