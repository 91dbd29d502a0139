#include "pipeline/sample/design_model.h"

#include "tiles3d/base/file.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <iterator>
#include <string>

namespace pipeline::sample {

namespace {

constexpr const char* kMaterials = "# Proposed tower\n"
                                   "newmtl glass\nKd 0.45 0.68 0.82\nd 1.0\n\n"
                                   "newmtl concrete\nKd 0.86 0.85 0.82\nd 1.0\n\n"
                                   "newmtl green\nKd 0.36 0.56 0.28\nd 1.0\n";

/// Collects the text of an OBJ file.
class Obj {
public:
    Obj() {
        text_ = "# Proposed tower: metres, y up\nmtllib proposed_tower.mtl\no proposed_tower\n";
    }

    /// A right prism over a square that is turned by `turn` radians, from `bottom` to `top`.
    void prism(const std::string& material, double half, double bottom, double top, double turn) {
        fmt::format_to(std::back_inserter(text_), "usemtl {}\n", material);
        for (const double height : {bottom, top}) {
            for (int corner = 0; corner < 4; ++corner) {
                constexpr double kQuarter = 1.5707963267948966;
                const double angle = turn + kQuarter * (corner + 0.5);
                const double reach = half * std::sqrt(2.0);
                // y is up and z points south: a turn to the left seen from above keeps its sense.
                fmt::format_to(std::back_inserter(text_),
                               "v {:.3f} {:.3f} {:.3f}\n",
                               reach * std::cos(angle),
                               height,
                               -reach * std::sin(angle));
            }
        }
        for (int corner = 0; corner < 4; ++corner) {
            const int next = (corner + 1) % 4;
            face({corner, next, next + 4, corner + 4});
        }
        face({4, 5, 6, 7});
        base_ += 8;
    }

    const std::string& text() const { return text_; }

private:
    void face(const std::array<int, 4>& corners) {
        fmt::format_to(std::back_inserter(text_),
                       "f {} {} {} {}\n",
                       base_ + corners[0],
                       base_ + corners[1],
                       base_ + corners[2],
                       base_ + corners[3]);
    }

    std::string text_;
    int base_ = 1;
};

} // namespace

tiles3d::base::Status writeDesignModel(const std::filesystem::path& folder) {
    constexpr int kStoreys = 24;
    constexpr double kStorey = 3.8;
    constexpr double kPodium = 9.0;
    Obj obj;
    obj.prism("concrete", 15.0, -1.0, kPodium, 0.0);
    obj.prism("green", 14.0, kPodium, kPodium + 0.4, 0.0);
    for (int storey = 0; storey < kStoreys; ++storey) { // each storey is turned a little further
        const double bottom = kPodium + 0.4 + storey * kStorey;
        const double turn = 0.045 * storey;
        const double half = 9.5 - 0.11 * storey;
        obj.prism("glass", half, bottom, bottom + kStorey - 0.5, turn);
        obj.prism("concrete", half + 0.5, bottom + kStorey - 0.5, bottom + kStorey, turn);
    }
    if (auto made = tiles3d::base::makeFolder(folder); !made) {
        return made;
    }
    if (auto written = tiles3d::base::writeFile(folder / "proposed_tower.mtl", kMaterials);
        !written) {
        return written;
    }
    return tiles3d::base::writeFile(folder / "proposed_tower.obj", obj.text());
}

} // namespace pipeline::sample
