#pragma once

#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"

#include <glm/vec3.hpp>

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::planning::style {

/// A value within a JSON text that knows where it stands: "control_lines[3].rgb". What is missing
/// gives the default; the first value of a wrong type or beyond its limits is kept as the error of
/// the whole text, with place and value.
/// REQUIRES: the text and `problem` outlive it.
class JsonPlace {
public:
    JsonPlace(const tiles3d::base::Json& json,
              std::string path,
              std::optional<tiles3d::base::Error>& problem)
        : json_(&json), path_(std::move(path)), problem_(&problem) {}

    bool isMissing() const { return json_->isNull(); }
    JsonPlace operator[](std::string_view name) const;
    std::vector<JsonPlace> items() const;                           ///< Of an array.
    std::vector<std::string> texts() const;                         ///< Of an array of strings.
    std::vector<std::pair<std::string, JsonPlace>> members() const; ///< Of an object.

    std::string text(std::string_view otherwise = "") const;
    float number(float otherwise, double least, double most) const;
    double real(double otherwise) const;
    /// Three numbers from 0 to 255 as a colour in [0, 1].
    glm::vec3 colour(const glm::vec3& otherwise) const;
    /// The place in `names` of a string.
    std::size_t choice(std::span<const std::string_view> names, std::size_t otherwise) const;

    /// Keeps "PATH: VALUE, not EXPECTED" as the error, unless there is one already.
    void refuse(std::string_view expected) const;

private:
    const tiles3d::base::Json* json_;
    std::string path_;
    std::optional<tiles3d::base::Error>* problem_;
};

/// A colour as JsonPlace::colour() reads it back, to the same floats.
tiles3d::base::Json colourJson(const glm::vec3& colour);

} // namespace pipeline::planning::style
