#include "pipeline/overview/atlas.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#define STB_RECT_PACK_IMPLEMENTATION
#define STBRP_STATIC
#include <stb_rect_pack.h>

namespace pipeline::overview {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Status;

namespace {

int roundedUp(double side) {
    return (static_cast<int>(std::ceil(side)) + 3) / 4 * 4;
}

bool fits(std::vector<stbrp_rect>& rects, int width, int height) {
    std::vector<stbrp_node> nodes(static_cast<std::size_t>(width));
    stbrp_context context;
    stbrp_init_target(&context, width, height, nodes.data(), width);
    return stbrp_pack_rects(&context, rects.data(), static_cast<int>(rects.size())) == 1;
}

} // namespace

Status packInPlace(Charts& charts, int mostTexels) {
    std::vector<stbrp_rect> rects;
    double area = 0.0;
    int widest = 0;
    int tallest = 0;
    for (const Chart& chart : charts.charts) {
        rects.push_back({.id = static_cast<int>(rects.size()),
                         .w = chart.width,
                         .h = chart.height,
                         .x = 0,
                         .y = 0,
                         .was_packed = 0});
        area += static_cast<double>(chart.width) * chart.height;
        widest = std::max(widest, chart.width);
        tallest = std::max(tallest, chart.height);
    }
    constexpr double kStep = 1.04;
    const int width = roundedUp(std::max<double>(widest, std::sqrt(area)));
    double height = std::max<double>(tallest, area / width);
    while (width <= mostTexels && roundedUp(height) <= mostTexels) {
        if (!fits(rects, width, roundedUp(height))) {
            height *= kStep;
            continue;
        }
        for (const stbrp_rect& rect : rects) {
            Chart& chart = charts.charts[static_cast<std::size_t>(rect.id)];
            chart.x = rect.x;
            chart.y = rect.y;
        }
        charts.width = width;
        charts.height = roundedUp(height);
        return ok();
    }
    return Error{fmt::format("its texture would be {} x {:.0f} texels, more than {} on a side",
                             width,
                             height,
                             mostTexels)};
}

} // namespace pipeline::overview
