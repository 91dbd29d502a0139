#include "pipeline/overview/bake.h"

#include "pipeline/overview/fill.h"
#include "tiles3d/mesh/raster_triangle.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace pipeline::overview {

using tiles3d::image::Raster;
using tiles3d::mesh::TriangleMesh;

namespace {

constexpr float kNoDepth = std::numeric_limits<float>::quiet_NaN();

constexpr std::uint32_t kUvSteps = 65535;
constexpr float kColourUnits = 65536.0F;

/// Colour of a texture at a texture coordinate in steps of 1/65535, bilinear, in 1/65536 of a
/// channel's steps. In integers: this runs for every sample, and rounding calls into libm here.
glm::ivec3 colourAt(const Raster& texture, const std::array<std::uint16_t, 2>& uv) {
    struct Along {
        std::size_t low, high;
        int share; // of `high`, in 1/256
    };
    const auto along = [](std::uint32_t steps, std::uint32_t size) {
        // 65535 steps taken as 65536: off by a 16th of a texel of 4096 at most
        const int at = static_cast<int>(std::uint64_t{steps} * size >> 8U) - 128;
        const int last = static_cast<int>(size) - 1;
        return Along{static_cast<std::size_t>(std::clamp(at >> 8, 0, last)),
                     static_cast<std::size_t>(std::clamp((at >> 8) + 1, 0, last)),
                     at & 255};
    };
    const Along x = along(uv[0], texture.width);
    const Along y = along(uv[1], texture.height);
    const auto texel = [&](std::size_t column, std::size_t row) {
        const std::byte* at = &texture.pixels[(row * texture.width + column) * texture.channels];
        return glm::ivec3(
            std::to_integer<int>(at[0]), std::to_integer<int>(at[1]), std::to_integer<int>(at[2]));
    };
    const glm::ivec3 top = texel(x.low, y.low) * (256 - x.share) + texel(x.high, y.low) * x.share;
    const glm::ivec3 bottom =
        texel(x.low, y.high) * (256 - x.share) + texel(x.high, y.high) * x.share;
    return top * (256 - y.share) + bottom * y.share;
}

/// A triangle of a part.
struct Facet {
    std::array<glm::vec3, 3> corners{};
    glm::vec3 normal{0.0F}; ///< Unit; null without an area.
    std::uint32_t part = 0;
    std::uint32_t first = 0; ///< Of its three indices.
};

/// The children's triangles by the cell of a grid in plan.
class FacetGrid {
public:
    FacetGrid(const Surface& surface, float cellMetres) : surface_(surface), cell_(cellMetres) {
        glm::vec2 high(-1e30F);
        for (const SurfacePart& part : surface.parts) {
            for (const glm::vec3& position : part.mesh.positions) {
                low_ = glm::min(low_, glm::vec2(position));
                high = glm::max(high, glm::vec2(position));
            }
        }
        columns_ = high.x < low_.x ? 1 : static_cast<int>((high.x - low_.x) / cell_) + 1;
        rows_ = high.y < low_.y ? 1 : static_cast<int>((high.y - low_.y) / cell_) + 1;
        cells_.resize(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_));
        for (std::uint32_t p = 0; p < surface.parts.size(); ++p) {
            const auto count = static_cast<std::uint32_t>(surface.parts[p].mesh.indices.size());
            for (std::uint32_t i = 0; i + 2 < count; i += 3) {
                add(facetOf(p, i));
            }
        }
        isSeen_.resize(facets_.size());
    }

    /// Visits the facets that may lie over the window, each once.
    template <typename Visit>
    void over(const glm::vec2& low, const glm::vec2& high, const Visit& visit) {
        seen_.clear();
        forCells(low, high, [&](std::vector<std::uint32_t>& cell) {
            for (const std::uint32_t facet : cell) {
                if (!isSeen_[facet]) {
                    isSeen_[facet] = 1;
                    seen_.push_back(facet);
                    visit(facets_[facet]);
                }
            }
        });
        for (const std::uint32_t facet : seen_) {
            isSeen_[facet] = 0;
        }
    }

private:
    Facet facetOf(std::uint32_t part, std::uint32_t first) const {
        const TriangleMesh& mesh = surface_.parts[part].mesh;
        Facet facet{.part = part, .first = first};
        for (std::uint32_t i = 0; i < 3; ++i) {
            facet.corners[i] = mesh.positions[mesh.indices[first + i]];
        }
        const glm::vec3 cross =
            glm::cross(facet.corners[1] - facet.corners[0], facet.corners[2] - facet.corners[0]);
        const float length = glm::length(cross);
        facet.normal = length > 0.0F ? cross / length : cross;
        return facet;
    }

    void add(const Facet& facet) {
        const auto& [a, b, c] = facet.corners;
        const auto index = static_cast<std::uint32_t>(facets_.size());
        facets_.push_back(facet);
        forCells(glm::vec2(glm::min(glm::min(a, b), c)),
                 glm::vec2(glm::max(glm::max(a, b), c)),
                 [&](std::vector<std::uint32_t>& cell) { cell.push_back(index); });
    }

    template <typename Take>
    void forCells(const glm::vec2& low, const glm::vec2& high, const Take& take) {
        const auto index = [&](float value, float first, int count) {
            return std::clamp(static_cast<int>(std::floor((value - first) / cell_)), 0, count - 1);
        };
        for (int y = index(low.y, low_.y, rows_); y <= index(high.y, low_.y, rows_); ++y) {
            for (int x = index(low.x, low_.x, columns_); x <= index(high.x, low_.x, columns_);
                 ++x) {
                take(cells_[static_cast<std::size_t>(y) * static_cast<std::size_t>(columns_) +
                            static_cast<std::size_t>(x)]);
            }
        }
    }

    const Surface& surface_;
    float cell_;
    glm::vec2 low_{1e30F};
    int columns_ = 1;
    int rows_ = 1;
    std::vector<Facet> facets_;
    std::vector<std::vector<std::uint32_t>> cells_;
    std::vector<std::uint8_t> isSeen_;
    std::vector<std::uint32_t> seen_;
};

/// One sample: where the charted surface lies, and what of the children lies nearest to it.
struct Sample {
    float depth = kNoDepth;
    float gap = std::numeric_limits<float>::infinity();
    std::uint32_t part = 0;
    std::array<std::uint16_t, 2> uv{}; ///< In 1/65535: a 16th of a texel of 4096.
};

std::uint16_t stepsOf(float coordinate) {
    return static_cast<std::uint16_t>(std::clamp(coordinate, 0.0F, 1.0F) * float{kUvSteps} + 0.5F);
}

class Baking {
public:
    Baking(const TriangleMesh& mesh,
           const Charts& charts,
           const Surface& surface,
           double reachMetres)
        : mesh_(mesh), charts_(charts), surface_(surface), reach_(static_cast<float>(reachMetres)),
          grid_(surface, kCellReaches * reach_) {}

    Raster run() {
        Canvas canvas(charts_.width, charts_.height);
        for (const Chart& chart : charts_.charts) {
            perSide_ = samplesPerSide(chart);
            place(chart);
            project(chart);
            paint(chart, canvas);
        }
        return canvas.filled();
    }

private:
    static constexpr float kCellReaches = 4.0F;

    /// Enough that hardly a texel of the children is passed over: a bilinear sample reads two.
    int samplesPerSide(const Chart& chart) const {
        constexpr double kFewest = 2.0;
        constexpr double kMost = 3.0;
        const double ratio = surface_.metresPerTexel > 0.0
                                 ? static_cast<double>(chart.texelMetres) / surface_.metresPerTexel
                                 : kFewest;
        return static_cast<int>(std::clamp(std::ceil(ratio / 2.0), kFewest, kMost));
    }

    int width(const Chart& chart) const { return chart.width * perSide_; }
    int height(const Chart& chart) const { return chart.height * perSide_; }
    Sample& sample(const Chart& chart, int x, int y) {
        return samples_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width(chart)) +
                        static_cast<std::size_t>(x)];
    }

    template <typename Visit>
    void rasteriseIn(const Chart& chart,
                     const std::array<glm::vec3, 3>& corners,
                     const Visit& visit) const {
        const auto scale = static_cast<float>(perSide_);
        const glm::vec2 a = scale * chart.toTexels(corners[0]);
        const glm::vec2 b = scale * chart.toTexels(corners[1]);
        const glm::vec2 c = scale * chart.toTexels(corners[2]);
        tiles3d::mesh::rasterise(a, b, c, {width(chart), height(chart)}, visit);
    }

    static glm::vec3 depthsOf(const Chart& chart, const std::array<glm::vec3, 3>& corners) {
        return {glm::dot(corners[0], chart.normal),
                glm::dot(corners[1], chart.normal),
                glm::dot(corners[2], chart.normal)};
    }

    /// Where the chart's own surface lies.
    void place(const Chart& chart) {
        samples_.assign(static_cast<std::size_t>(width(chart)) *
                            static_cast<std::size_t>(height(chart)),
                        Sample{});
        low_ = glm::vec2(1e30F);
        high_ = glm::vec2(-1e30F);
        nearest_ = 1e30F;
        farthest_ = -1e30F;
        for (const std::uint32_t triangle : chart.triangles) {
            std::array<glm::vec3, 3> corners{};
            for (std::size_t i = 0; i < 3; ++i) {
                corners[i] = mesh_.positions[mesh_.indices[3 * std::size_t{triangle} + i]];
                low_ = glm::min(low_, glm::vec2(corners[i]));
                high_ = glm::max(high_, glm::vec2(corners[i]));
            }
            const glm::vec3 depths = depthsOf(chart, corners);
            nearest_ = std::min({nearest_, depths.x, depths.y, depths.z});
            farthest_ = std::max({farthest_, depths.x, depths.y, depths.z});
            rasteriseIn(chart, corners, [&](int x, int y, const glm::vec3& weights) {
                float& depth = sample(chart, x, y).depth;
                const float own = glm::dot(weights, depths);
                depth = depth >= own ? depth : own; // what is seen; never NaN
            });
        }
    }

    /// The children's surface onto the chart, the nearest wins.
    void project(const Chart& chart) {
        grid_.over(low_ - reach_, high_ + reach_, [&](const Facet& facet) {
            constexpr float kFacing = 0.05F;
            const glm::vec3 depths = depthsOf(chart, facet.corners);
            if (glm::dot(facet.normal, chart.normal) <= kFacing ||
                std::max({depths.x, depths.y, depths.z}) < nearest_ - reach_ ||
                std::min({depths.x, depths.y, depths.z}) > farthest_ + reach_) {
                return;
            }
            const TriangleMesh& mesh = surface_.parts[facet.part].mesh;
            std::array<glm::vec2, 3> uvs{};
            for (std::uint32_t i = 0; i < 3 && !mesh.uvs.empty(); ++i) {
                uvs[i] = mesh.uvs[mesh.indices[facet.first + i]];
            }
            rasteriseIn(chart, facet.corners, [&](int x, int y, const glm::vec3& weights) {
                Sample& own = sample(chart, x, y);
                const float gap = std::abs(glm::dot(weights, depths) - own.depth);
                if (gap < own.gap && gap <= reach_) { // never for NaN
                    own.gap = gap;
                    own.part = facet.part;
                    const glm::vec2 uv =
                        weights.x * uvs[0] + weights.y * uvs[1] + weights.z * uvs[2];
                    own.uv = {stepsOf(uv.x), stepsOf(uv.y)};
                }
            });
        });
    }

    void paint(const Chart& chart, Canvas& canvas) {
        for (int y = 0; y < chart.height; ++y) {
            for (int x = 0; x < chart.width; ++x) {
                glm::ivec3 sum(0);
                int count = 0;
                for (int row = y * perSide_; row < (y + 1) * perSide_; ++row) {
                    for (int column = x * perSide_; column < (x + 1) * perSide_; ++column) {
                        const Sample& own = sample(chart, column, row);
                        if (own.gap <= reach_) {
                            sum += colourOf(own);
                            ++count;
                        }
                    }
                }
                if (count > 0) {
                    canvas.set(chart.x + x,
                               chart.y + y,
                               glm::vec3(sum) / (kColourUnits * static_cast<float>(count)));
                }
            }
        }
        canvas.sharpen(chart.x, chart.y, chart.width, chart.height);
        canvas.growRim(chart.x, chart.y, chart.width, chart.height);
    }

    glm::ivec3 colourOf(const Sample& own) const {
        const SurfacePart& part = surface_.parts[own.part];
        constexpr float kWhite = 255.0F * kColourUnits;
        return part.texture.pixels.empty() ? glm::ivec3(kWhite * part.colour)
                                           : colourAt(part.texture, own.uv);
    }

    const TriangleMesh& mesh_;
    const Charts& charts_;
    const Surface& surface_;
    float reach_;
    FacetGrid grid_;
    int perSide_ = 2;
    std::vector<Sample> samples_;
    glm::vec2 low_{0.0F};
    glm::vec2 high_{0.0F};
    float nearest_ = 0.0F; ///< Limits of the chart's depths.
    float farthest_ = 0.0F;
};

} // namespace

Raster
bake(const TriangleMesh& mesh, const Charts& charts, const Surface& surface, double reachMetres) {
    return Baking(mesh, charts, surface, reachMetres).run();
}

} // namespace pipeline::overview
