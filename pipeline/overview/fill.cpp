#include "pipeline/overview/fill.h"

#include "pipeline/overview/charts.h"

#include <glm/common.hpp>
#include <glm/vec4.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace pipeline::overview {

namespace {

/// A picture whose texels carry a weight: 0 is empty.
struct Weighted {
    int width = 0;
    int height = 0;
    std::vector<glm::vec4> texels; ///< Colour times weight, weight.

    glm::vec4& at(int x, int y) {
        return texels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                      static_cast<std::size_t>(x)];
    }
};

/// Half the size; each texel the weighted mean of up to four.
Weighted halved(Weighted& fine) {
    Weighted coarse{.width = (fine.width + 1) / 2, .height = (fine.height + 1) / 2};
    coarse.texels.resize(static_cast<std::size_t>(coarse.width) *
                         static_cast<std::size_t>(coarse.height));
    for (int y = 0; y < fine.height; ++y) {
        for (int x = 0; x < fine.width; ++x) {
            coarse.at(x / 2, y / 2) += fine.at(x, y);
        }
    }
    for (glm::vec4& texel : coarse.texels) {
        texel = texel.w > 0.0F ? texel / texel.w : texel;
    }
    return coarse;
}

} // namespace

Canvas::Canvas(int width, int height)
    : width_(width), height_(height),
      colours_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)),
      isSet_(colours_.size()) {}

void Canvas::set(int x, int y, const glm::vec3& colour) {
    colours_[at(x, y)] = colour;
    isSet_[at(x, y)] = 1;
}

void Canvas::sharpen(int x, int y, int width, int height) {
    // Against PSNR of a node and its children at the switching distance: 0.15 +0.4 dB, 0.3 +0.6,
    // 0.45 +0.5.
    constexpr float kAmount = 0.3F;
    std::vector<glm::vec3> rows[2]; // of the texels above and at hand, as they were
    for (int row = y; row < y + height; ++row) {
        rows[1].assign(colours_.begin() + static_cast<std::ptrdiff_t>(at(x, row)),
                       colours_.begin() + static_cast<std::ptrdiff_t>(at(x, row)) + width);
        for (int column = x; column < x + width; ++column) {
            if (isSet_[at(column, row)] == 0) {
                continue;
            }
            const auto i = static_cast<std::size_t>(column - x);
            glm::vec4 sum(0.0F);
            const auto add = [&](int c, int r, const glm::vec3& colour) {
                sum += isSet_[at(c, r)] != 0 ? glm::vec4(colour, 1.0F) : glm::vec4(0.0F);
            };
            if (column > x) {
                add(column - 1, row, rows[1][i - 1]);
            }
            if (column + 1 < x + width) {
                add(column + 1, row, rows[1][i + 1]);
            }
            if (row > y) {
                add(column, row - 1, rows[0][i]);
            }
            if (row + 1 < y + height) {
                add(column, row + 1, colours_[at(column, row + 1)]);
            }
            if (sum.w > 0.0F) {
                colours_[at(column, row)] += kAmount * (rows[1][i] - glm::vec3(sum) / sum.w);
            }
        }
        std::swap(rows[0], rows[1]);
    }
}

void Canvas::growRim(int x, int y, int width, int height) {
    std::vector<std::pair<std::size_t, glm::vec3>> grown;
    for (int ring = 0; ring < kGutterTexels; ++ring) {
        grown.clear();
        for (int row = y; row < y + height; ++row) {
            for (int column = x; column < x + width; ++column) {
                if (isSet_[at(column, row)] != 0) {
                    continue;
                }
                glm::vec4 sum(0.0F);
                for (int r = std::max(row - 1, y); r <= std::min(row + 1, y + height - 1); ++r) {
                    for (int c = std::max(column - 1, x); c <= std::min(column + 1, x + width - 1);
                         ++c) {
                        sum += isSet_[at(c, r)] != 0 ? glm::vec4(colours_[at(c, r)], 1.0F)
                                                     : glm::vec4(0.0F);
                    }
                }
                if (sum.w > 0.0F) {
                    grown.emplace_back(at(column, row), glm::vec3(sum) / sum.w);
                }
            }
        }
        for (const auto& [index, colour] : grown) {
            colours_[index] = colour;
            isSet_[index] = 1;
        }
    }
}

tiles3d::image::Raster Canvas::filled() const {
    std::vector<Weighted> levels(1);
    levels[0] = {.width = width_, .height = height_};
    levels[0].texels.reserve(colours_.size());
    for (std::size_t i = 0; i < colours_.size(); ++i) {
        levels[0].texels.push_back(isSet_[i] != 0 ? glm::vec4(colours_[i], 1.0F) : glm::vec4(0.0F));
    }
    while (levels.back().width > 1 || levels.back().height > 1) {
        levels.push_back(halved(levels.back()));
    }
    glm::vec4& mean = levels.back().texels.front();
    constexpr float kGrey = 128.0F;
    mean = mean.w > 0.0F ? mean : glm::vec4(kGrey, kGrey, kGrey, 1.0F);
    for (std::size_t level = levels.size() - 1; level-- > 0;) {
        Weighted& fine = levels[level];
        for (int y = 0; y < fine.height; ++y) {
            for (int x = 0; x < fine.width; ++x) {
                glm::vec4& texel = fine.at(x, y);
                texel = texel.w > 0.0F ? texel : levels[level + 1].at(x / 2, y / 2);
            }
        }
    }
    tiles3d::image::Raster raster{.width = static_cast<std::uint32_t>(width_),
                                  .height = static_cast<std::uint32_t>(height_)};
    raster.pixels.reserve(colours_.size() * 3);
    for (const glm::vec4& texel : levels[0].texels) {
        for (int channel = 0; channel < 3; ++channel) {
            const float value = std::clamp(texel[channel] + 0.5F, 0.0F, 255.0F);
            raster.pixels.push_back(static_cast<std::byte>(value));
        }
    }
    return raster;
}

} // namespace pipeline::overview
