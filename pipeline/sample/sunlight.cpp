#include "pipeline/sample/sunlight.h"

#include <algorithm>
#include <cmath>

namespace pipeline::sample {

namespace {

constexpr glm::vec3 kSkyLight{0.47F, 0.53F, 0.62F};
constexpr glm::vec3 kSunLight{0.98F, 0.91F, 0.78F};

/// Mean of a sliding window of 2 * radius + 1 values along lines of an array.
void blurLines(std::vector<float>& values,
               std::size_t lines,
               std::size_t length,
               std::size_t radius) {
    std::vector<float> line(length);
    for (std::size_t start = 0; start < lines * length; start += length) {
        double sum = 0.0;
        std::size_t count = 0;
        for (std::size_t i = 0; i < std::min(radius, length); ++i) {
            sum += static_cast<double>(values[start + i]);
            ++count;
        }
        for (std::size_t i = 0; i < length; ++i) {
            if (i + radius < length) {
                sum += static_cast<double>(values[start + i + radius]);
                ++count;
            }
            if (i > radius) {
                sum -= static_cast<double>(values[start + i - radius - 1]);
                --count;
            }
            line[i] = static_cast<float>(sum / static_cast<double>(count));
        }
        std::ranges::copy(line, values.begin() + static_cast<std::ptrdiff_t>(start));
    }
}

std::vector<float>
transposed(const std::vector<float>& values, std::size_t rows, std::size_t columns) {
    std::vector<float> turned(values.size());
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < columns; ++column) {
            turned[column * rows + row] = values[row * columns + column];
        }
    }
    return turned;
}

double crownHeight(const Tree& tree, double distance) {
    const double x = std::min(1.0, distance / tree.radius);
    return tree.ground + tree.height * (0.45 + 0.55 * std::sqrt(1.0 - x * x));
}

/// The terrain is smooth: it is asked every 4 m and interpolated; shadows need no more.
double groundStep(const LightOptions& options) {
    return std::max(4.0, options.cellMetres);
}

} // namespace

LightOptions lightOf(Detail detail) {
    return detail == Detail::Full ? LightOptions{}
                                  : LightOptions{.cellMetres = 4.0, .reachMetres = 0.0};
}

Sunlight::Sunlight(const StreetPlan& plan,
                   const Scenery& scenery,
                   const Window& window,
                   const LightOptions& options)
    : options_(options) {
    const Window wide = window.grown(options_.reachMetres);
    const double step = groundStep(options_);
    const auto snap = [&](double metres) { return std::floor(metres / step) * step; };
    const auto cells = [&](double metres) {
        return static_cast<std::size_t>((metres + 2 * step) / options_.cellMetres);
    };
    low_ = {snap(wide.low.x), snap(wide.low.y)};
    columns_ = cells(snap(wide.high.x) - low_.x);
    rows_ = cells(snap(wide.high.y) - low_.y);
    surface_.resize(columns_ * rows_);
    raiseGround(plan);
    raise(scenery);
    highest_ = *std::ranges::max_element(surface_);
    blur();
}

std::size_t Sunlight::index(double east, double north) const {
    const auto clampTo = [&](double metres, std::size_t count) {
        return std::clamp(metres / options_.cellMetres, 0.0, static_cast<double>(count - 1));
    };
    const double column = clampTo(east - low_.x, columns_);
    const double row = clampTo(north - low_.y, rows_);
    return static_cast<std::size_t>(row) * columns_ + static_cast<std::size_t>(column);
}

void Sunlight::raiseGround(const StreetPlan& plan) {
    const double step = groundStep(options_);
    const auto ratio = static_cast<std::size_t>(step / options_.cellMetres);
    const auto share = [&](std::size_t cell) {
        return (static_cast<double>(cell % ratio) + 0.5) / static_cast<double>(ratio);
    };
    const std::size_t coarseColumns = columns_ / ratio + 2;
    const std::size_t coarseRows = rows_ / ratio + 2;
    std::vector<double> coarse(coarseColumns * coarseRows);
    for (std::size_t row = 0; row < coarseRows; ++row) {
        for (std::size_t column = 0; column < coarseColumns; ++column) {
            const glm::dvec2 offset{static_cast<double>(column), static_cast<double>(row)};
            coarse[row * coarseColumns + column] = plan.land().height(low_ + offset * step);
        }
    }
    for (std::size_t row = 0; row < rows_; ++row) {
        for (std::size_t column = 0; column < columns_; ++column) {
            const double* corner = &coarse[row / ratio * coarseColumns + column / ratio];
            const double fx = share(column);
            const double fy = share(row);
            const double south = std::lerp(corner[0], corner[1], fx);
            const double north = std::lerp(corner[coarseColumns], corner[coarseColumns + 1], fx);
            surface_[row * columns_ + column] = static_cast<float>(std::lerp(south, north, fy));
        }
    }
}

void Sunlight::raiseDisc(const glm::dvec2& centre,
                         double radius,
                         const std::function<double(const glm::dvec2&)>& height) {
    const double cell = options_.cellMetres;
    const auto cellOf = [&](double metres) {
        return static_cast<std::int64_t>(std::floor(metres / cell));
    };
    const std::int64_t west = std::max<std::int64_t>(0, cellOf(centre.x - radius - low_.x));
    const std::int64_t south = std::max<std::int64_t>(0, cellOf(centre.y - radius - low_.y));
    const auto east =
        std::min(static_cast<std::int64_t>(columns_) - 1, cellOf(centre.x + radius - low_.x));
    const auto north =
        std::min(static_cast<std::int64_t>(rows_) - 1, cellOf(centre.y + radius - low_.y));
    for (std::int64_t row = south; row <= north; ++row) {
        for (std::int64_t column = west; column <= east; ++column) {
            const glm::dvec2 at = low_ + (glm::dvec2(column, row) + 0.5) * cell;
            float& surface = surface_[static_cast<std::size_t>(row) * columns_ +
                                      static_cast<std::size_t>(column)];
            surface = std::max(surface, static_cast<float>(height(at)));
        }
    }
}

void Sunlight::raise(const Scenery& scenery) {
    constexpr double kNothing = -1e6;
    for (const Volume& volume : scenery.volumes) {
        raiseDisc(volume.centre, planRadius(volume), [&](const glm::dvec2& at) {
            const glm::dvec2 plan = toPlan(volume, at);
            const bool inside =
                std::abs(plan.x) <= volume.half.x && std::abs(plan.y) <= volume.half.y;
            return inside ? roofHeight(volume, plan) : kNothing;
        });
    }
    for (const Tree& tree : scenery.trees) {
        raiseDisc(tree.centre, tree.radius, [&](const glm::dvec2& at) {
            const double distance = std::hypot(at.x - tree.centre.x, at.y - tree.centre.y);
            return distance <= tree.radius ? crownHeight(tree, distance) : kNothing;
        });
    }
    for (const Prop& prop : scenery.props) {
        const double radius = std::min(prop.half.x, prop.half.y) + 0.2;
        for (const double along : {-0.6, 0.0, 0.6}) {
            const glm::dvec2 centre = prop.centre + prop.axis * (along * prop.half.x);
            raiseDisc(centre, radius, [&](const glm::dvec2& at) {
                return std::hypot(at.x - centre.x, at.y - centre.y) <= radius ? prop.top : kNothing;
            });
        }
    }
}

void Sunlight::blur() {
    constexpr double kRadius = 7.0; // about the width of a street with its pavements
    const auto radius = static_cast<std::size_t>(std::lround(kRadius / options_.cellMetres));
    around_ = surface_;
    blurLines(around_, rows_, columns_, radius);
    around_ = transposed(around_, rows_, columns_);
    blurLines(around_, columns_, rows_, radius);
    around_ = transposed(around_, columns_, rows_);
}

float Sunlight::sunShare(const glm::dvec3& position) const {
    constexpr double kRise = kTowardsSun.z;
    constexpr float kPenumbra = 0.35F;    // metres of clearance over which the shadow's edge fades
    constexpr double kStep = 0.6 / 0.643; // along the ray, so that a step is 0.6 m on the map
    float clear = 1.0F;
    for (double along = 1.2; clear > 0.0F; along += kStep) {
        const double height = position.z + along * kRise;
        if (height > static_cast<double>(highest_) || along > options_.reachMetres / 0.643) {
            break;
        }
        const float surface =
            surface_[index(position.x + along * kTowardsSun.x, position.y + along * kTowardsSun.y)];
        const float margin = static_cast<float>(height) - surface;
        clear = std::min(clear, std::clamp(0.5F + margin / (2.0F * kPenumbra), 0.0F, 1.0F));
    }
    return clear;
}

glm::vec3 Sunlight::sky(const glm::dvec3& position) const {
    const float above =
        std::max(0.0F, around_[index(position.x, position.y)] - static_cast<float>(position.z));
    return kSkyLight * (0.45F + 0.55F / (1.0F + 0.16F * above));
}

glm::vec3 Sunlight::sun(const glm::dvec3& normal) {
    const double facing =
        normal.x * kTowardsSun.x + normal.y * kTowardsSun.y + normal.z * kTowardsSun.z;
    return kSunLight * static_cast<float>(std::max(0.0, facing));
}

glm::vec3 Sunlight::at(const glm::dvec3& position, const glm::dvec3& normal) const {
    const glm::vec3 direct = sun(normal);
    const float share = direct.x > 0.0F ? sunShare(position) : 0.0F;
    const auto upward = static_cast<float>(0.72 + 0.28 * normal.z);
    return sky(position) * upward + direct * share;
}

Lattice::Lattice(const Window& window,
                 double stepMetres,
                 const std::function<glm::vec3(const glm::dvec2&)>& value)
    : step_(stepMetres) {
    low_ = {std::floor(window.low.x / step_) * step_, std::floor(window.low.y / step_) * step_};
    columns_ = static_cast<std::size_t>((window.high.x - low_.x) / step_) + 2;
    rows_ = static_cast<std::size_t>((window.high.y - low_.y) / step_) + 2;
    values_.reserve(columns_ * rows_);
    for (std::size_t row = 0; row < rows_; ++row) {
        for (std::size_t column = 0; column < columns_; ++column) {
            values_.push_back(value(
                low_ + glm::dvec2(static_cast<double>(column), static_cast<double>(row)) * step_));
        }
    }
}

glm::vec3 Lattice::at(const glm::dvec2& position) const {
    const double x =
        std::clamp((position.x - low_.x) / step_, 0.0, static_cast<double>(columns_ - 2));
    const double y = std::clamp((position.y - low_.y) / step_, 0.0, static_cast<double>(rows_ - 2));
    const auto column = static_cast<std::size_t>(x);
    const auto row = static_cast<std::size_t>(y);
    const auto fx = static_cast<float>(x - static_cast<double>(column));
    const auto fy = static_cast<float>(y - static_cast<double>(row));
    const glm::vec3* corner = &values_[row * columns_ + column];
    const glm::vec3 south = corner[0] * (1.0F - fx) + corner[1] * fx;
    const glm::vec3 north = corner[columns_] * (1.0F - fx) + corner[columns_ + 1] * fx;
    return south * (1.0F - fy) + north * fy;
}

} // namespace pipeline::sample
