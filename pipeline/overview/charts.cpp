#include "pipeline/overview/charts.h"

#include "pipeline/overview/atlas.h"
#include "tiles3d/mesh/raster_triangle.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <limits>
#include <utility>

namespace pipeline::overview {

using tiles3d::base::Result;
using tiles3d::mesh::TriangleMesh;

namespace {

constexpr float kUpward = 0.5F;       // steeper than 60 degrees is no plan
constexpr float kGrowth = 0.6F;       // cosine between a triangle and its chart so far
constexpr float kFacing = 0.25F;      // cosine that a triangle keeps to its finished chart
constexpr float kMostHidden = 0.25F;  // share of a triangle that may lie under another
constexpr float kSmallTexels = 24.0F; // area below which a chart is mostly gutters
constexpr std::uint32_t kNone = UINT32_MAX;
constexpr int kMostSide = 8192; // what every client's textures may measure

enum class Place : std::uint8_t { Plan, Open, Taken };

/// Depth along a chart's normal of what was put there first, by texel.
class DepthGrid {
public:
    DepthGrid(int width, int height)
        : width_(width), height_(height),
          depths_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height),
                  -std::numeric_limits<float>::infinity()) {}

    int width() const { return width_; }
    int height() const { return height_; }
    float& at(int x, int y) {
        return depths_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                       static_cast<std::size_t>(x)];
    }

private:
    int width_;
    int height_;
    std::vector<float> depths_;
};

class Charting {
public:
    Charting(const TriangleMesh& mesh, const ChartOptions& options)
        : mesh_(mesh), planTexel_(static_cast<float>(options.planTexelMetres)),
          sideTexel_(static_cast<float>(options.sideTexelMetres)),
          places_(mesh.indices.size() / 3, Place::Open) {
        normals_.reserve(places_.size());
        for (std::uint32_t i = 0; i < places_.size(); ++i) {
            const glm::vec3 normal =
                glm::cross(corner(i, 1) - corner(i, 0), corner(i, 2) - corner(i, 0));
            normals_.push_back(normal); // its length is twice the area
        }
    }

    std::vector<Chart> run() {
        makePlan();
        findNeighbours();
        for (std::uint32_t i = 0; i < places_.size(); ++i) {
            seeds_.push_back(i);
        }
        for (std::size_t i = 0; i < seeds_.size(); ++i) { // what is given back comes again
            if (places_[seeds_[i]] == Place::Open) {
                growFrom(seeds_[i]);
            }
        }
        Chart plan{.texelMetres = planTexel_};
        for (std::uint32_t i = 0; i < places_.size(); ++i) {
            if (places_[i] == Place::Plan) {
                plan.triangles.push_back(i);
            }
        }
        fitToTriangles(plan);
        charts_.insert(charts_.begin(), std::move(plan));
        return std::move(charts_);
    }

private:
    const glm::vec3& corner(std::uint32_t triangle, std::size_t i) const {
        return mesh_.positions[mesh_.indices[3 * std::size_t{triangle} + i]];
    }

    glm::vec3 direction(std::uint32_t triangle) const {
        const float length = glm::length(normals_[triangle]);
        return length > 0.0F ? normals_[triangle] / length : glm::vec3(0.0F, 0.0F, 1.0F);
    }

    // --- the plan ------------------------------------------------------------------------------

    void makePlan() {
        Chart all{.texelMetres = planTexel_};
        for (std::uint32_t i = 0; i < places_.size(); ++i) {
            all.triangles.push_back(i);
        }
        fitToTriangles(all);
        DepthGrid top(all.width, all.height);
        for (const std::uint32_t i : all.triangles) {
            forTexels(
                all, i, top, [&](float& highest, float z) { highest = std::max(highest, z); });
        }
        for (const std::uint32_t i : all.triangles) {
            if (direction(i).z > kUpward && hiddenShare(all, i, top) <= kMostHidden) {
                places_[i] = Place::Plan;
            }
        }
    }

    float hiddenShare(const Chart& plan, std::uint32_t triangle, DepthGrid& top) const {
        int texels = 0;
        int hidden = 0;
        forTexels(plan, triangle, top, [&](const float& highest, float z) {
            ++texels;
            hidden += highest - z > planTexel_ ? 1 : 0;
        });
        return texels == 0 ? 0.0F : static_cast<float>(hidden) / static_cast<float>(texels);
    }

    template <typename Take>
    void
    forTexels(const Chart& chart, std::uint32_t triangle, DepthGrid& grid, const Take& take) const {
        std::array<glm::vec2, 3> at{};
        glm::vec3 depth(0.0F);
        for (int i = 0; i < 3; ++i) {
            const glm::vec3& position = corner(triangle, static_cast<std::size_t>(i));
            at[static_cast<std::size_t>(i)] = chart.toTexels(position);
            depth[i] = glm::dot(position, chart.normal);
        }
        tiles3d::mesh::rasterise(at[0],
                                 at[1],
                                 at[2],
                                 {grid.width(), grid.height()},
                                 [&](int x, int y, const glm::vec3& weights) {
                                     take(grid.at(x, y), glm::dot(weights, depth));
                                 });
    }

    // --- charts of the rest --------------------------------------------------------------------

    /// The triangle across each edge, by corner; kNone at borders and where more than two meet.
    void findNeighbours() {
        std::vector<std::pair<std::uint64_t, std::uint32_t>> edges;
        edges.reserve(mesh_.indices.size());
        for (std::uint32_t i = 0; i < mesh_.indices.size(); ++i) {
            const std::uint64_t from = mesh_.indices[i];
            const std::uint64_t to = mesh_.indices[i % 3 == 2 ? i - 2 : i + 1];
            edges.emplace_back(std::min(from, to) << 32U | std::max(from, to), i);
        }
        std::ranges::sort(edges);
        neighbours_.assign(edges.size(), kNone);
        for (std::size_t i = 0; i < edges.size();) {
            std::size_t end = i;
            while (end < edges.size() && edges[end].first == edges[i].first) {
                ++end;
            }
            if (end - i == 2) {
                neighbours_[edges[i].second] = edges[i + 1].second / 3;
                neighbours_[edges[i + 1].second] = edges[i].second / 3;
            }
            i = end;
        }
    }

    void growFrom(std::uint32_t seed) {
        Chart chart{.texelMetres = sideTexel_};
        glm::vec3 sum = normals_[seed];
        std::deque<std::uint32_t> front{seed};
        places_[seed] = Place::Taken;
        while (!front.empty()) {
            const std::uint32_t triangle = front.front();
            front.pop_front();
            chart.triangles.push_back(triangle);
            for (std::size_t i = 0; i < 3; ++i) {
                const std::uint32_t next = neighbours_[3 * std::size_t{triangle} + i];
                if (next == kNone || places_[next] != Place::Open ||
                    glm::dot(direction(next), sum) < kGrowth * glm::length(sum)) {
                    continue;
                }
                places_[next] = Place::Taken;
                sum += normals_[next];
                front.push_back(next);
            }
        }
        finish(std::move(chart), sum, seed);
    }

    /// Gives back what the finished direction does not see; at least the seed stays.
    void finish(Chart chart, const glm::vec3& sum, std::uint32_t seed) {
        face(chart, sum, seed);
        giveBack(chart, seed, [&](std::uint32_t triangle) {
            return glm::dot(direction(triangle), chart.normal) < kFacing;
        });
        if (projectedArea(chart) < kSmallTexels * sideTexel_ * sideTexel_) {
            for (const std::uint32_t triangle : chart.triangles) {
                places_[triangle] = Place::Plan;
            }
            return;
        }
        fitToTriangles(chart);
        DepthGrid depths(chart.width, chart.height);
        giveBack(chart, seed, [&](std::uint32_t triangle) {
            bool overlaps = false;
            forTexels(chart, triangle, depths, [&](float& depth, float own) {
                overlaps = overlaps || (std::isfinite(depth) && std::abs(depth - own) > sideTexel_);
                depth = std::isfinite(depth) ? depth : own;
            });
            return overlaps;
        });
        fitToTriangles(chart);
        charts_.push_back(std::move(chart));
    }

    float projectedArea(const Chart& chart) const {
        float area = 0.0F;
        for (const std::uint32_t triangle : chart.triangles) {
            area += 0.5F * std::abs(glm::dot(normals_[triangle], chart.normal));
        }
        return area;
    }

    void face(Chart& chart, const glm::vec3& sum, std::uint32_t seed) const {
        const float length = glm::length(sum);
        chart.normal = length > 0.0F ? sum / length : direction(seed);
        if (glm::dot(chart.normal, direction(seed)) < kFacing) {
            chart.normal = direction(seed);
        }
        const glm::vec3 upward(0.0F, 0.0F, 1.0F);
        constexpr float kNearlyUp = 0.99F;
        const bool isLevel = std::abs(chart.normal.z) > kNearlyUp;
        chart.right = isLevel
                          ? glm::normalize(glm::cross(glm::vec3(0.0F, 1.0F, 0.0F), chart.normal))
                          : glm::normalize(glm::cross(upward, chart.normal));
        chart.up = glm::cross(chart.normal, chart.right);
    }

    template <typename Test>
    void giveBack(Chart& chart, std::uint32_t seed, const Test& test) {
        std::erase_if(chart.triangles, [&](std::uint32_t triangle) {
            const bool goes = test(triangle) && triangle != seed;
            if (goes) {
                places_[triangle] = Place::Open;
                seeds_.push_back(triangle);
            }
            return goes;
        });
    }

    void fitToTriangles(Chart& chart) const {
        glm::vec2 low(1e30F);
        glm::vec2 high(-1e30F);
        for (const std::uint32_t triangle : chart.triangles) {
            for (std::size_t i = 0; i < 3; ++i) {
                const glm::vec3& position = corner(triangle, i);
                const glm::vec2 at(glm::dot(position, chart.right), glm::dot(position, chart.up));
                low = glm::min(low, at);
                high = glm::max(high, at);
            }
        }
        if (chart.triangles.empty()) {
            low = high = glm::vec2(0.0F);
        }
        const auto sideOf = [&](float metres) {
            const float texels = std::min(std::ceil(metres / chart.texelMetres), float{kMostSide});
            return static_cast<int>(texels) + 2 * kGutterTexels + 1;
        };
        const float gutter = chart.texelMetres * static_cast<float>(kGutterTexels);
        chart.corner = {low.x - gutter, high.y + gutter};
        chart.width = sideOf(high.x - low.x);
        chart.height = sideOf(high.y - low.y);
    }

    const TriangleMesh& mesh_;
    float planTexel_;
    float sideTexel_;
    std::vector<Place> places_;
    std::vector<glm::vec3> normals_;
    std::vector<std::uint32_t> neighbours_;
    std::vector<Chart> charts_;
    std::vector<std::uint32_t> seeds_; ///< Where charts start, in this order.
};

} // namespace

glm::vec2 Chart::toTexels(const glm::vec3& position) const {
    return {(glm::dot(position, right) - corner.x) / texelMetres,
            (corner.y - glm::dot(position, up)) / texelMetres};
}

Result<Charts> chart(const TriangleMesh& mesh, const ChartOptions& options) {
    Charts result{.charts = Charting(mesh, options).run()};
    if (const auto placed = packInPlace(result, kMostSide); !placed) {
        return placed.error();
    }
    return result;
}

} // namespace pipeline::overview
