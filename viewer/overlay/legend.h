#pragma once

#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"
#include "viewer/overlay/drape_style.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace viewer::overlay {

/// The default legend: control lines by layer name, land use by code or class name.
class Legend {
public:
    /// The one built into the program (assets/legend.json).
    static tiles3d::base::Result<Legend> builtIn();
    /// Fails on text that is no legend.
    static tiles3d::base::Result<Legend> parse(std::string_view json);

    /// The style of one feature. First match: a control line whose Chinese name or letters the
    /// layer's name holds; a land-use class by the fields YDYHFLDM (longest code prefix), then
    /// YDYHFLMC or DLMC (name); else a colour of its own for the `layerNumber`-th unknown layer.
    DrapeStyle styleOf(const pipeline::planning::VectorLayer& layer,
                       const pipeline::planning::Feature& feature,
                       std::size_t layerNumber) const;

private:
    struct ControlLine {
        std::string name;
        std::vector<std::string> hints; ///< Upper-case letters of layer names: "STBHHX".
        DrapeStyle style;
        bool isByLandUse = false;
    };

    const ControlLine* controlLine(const std::string& layerName) const;
    std::optional<glm::vec3> landUse(const pipeline::planning::VectorLayer& layer,
                                     const pipeline::planning::Feature& feature) const;
    std::optional<glm::vec3> colourOfCode(std::string code) const;

    std::vector<ControlLine> lines_;
    std::map<std::string, glm::vec3> colourByCode_;
    std::map<std::string, glm::vec3> colourByName_;
};

} // namespace viewer::overlay
