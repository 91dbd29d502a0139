#include "pipeline/planning/style/json_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace pipeline::planning::style {

using tiles3d::base::Error;
using tiles3d::base::Json;

namespace {

constexpr double kMostColour = 255.0;
constexpr std::size_t kMostQuotedBytes = 60;

std::string quoted(const Json& json) {
    std::string text = json.dump();
    if (text.size() > kMostQuotedBytes) {
        std::size_t end = kMostQuotedBytes;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
            --end; // never within a character
        }
        text.resize(end);
        text += "...";
    }
    return text;
}

bool isChannel(const Json& json) {
    const double value = json.numberOr(-1.0);
    return value >= 0.0 && value <= kMostColour;
}

} // namespace

JsonPlace JsonPlace::operator[](std::string_view name) const {
    std::string path(path_);
    path.append(path.empty() ? "" : ".").append(name);
    return {(*json_)[name], std::move(path), *problem_};
}

std::vector<JsonPlace> JsonPlace::items() const {
    if (!json_->isNull() && !json_->isArray()) {
        refuse("an array");
    }
    std::vector<JsonPlace> places;
    places.reserve(json_->items().size());
    for (std::size_t i = 0; i < json_->items().size(); ++i) {
        places.emplace_back(json_->items()[i], fmt::format("{}[{}]", path_, i), *problem_);
    }
    return places;
}

std::vector<std::string> JsonPlace::texts() const {
    std::vector<std::string> texts;
    for (const JsonPlace& item : items()) {
        if (!item.json_->isString()) {
            item.refuse("a text");
        }
        texts.push_back(item.text());
    }
    return texts;
}

std::vector<std::pair<std::string, JsonPlace>> JsonPlace::members() const {
    if (!json_->isNull() && !json_->isObject()) {
        refuse("an object");
    }
    std::vector<std::pair<std::string, JsonPlace>> places;
    for (const auto& [name, value] : json_->members()) {
        places.emplace_back(name, (*this)[name]);
    }
    return places;
}

std::string JsonPlace::text(std::string_view otherwise) const {
    if (!json_->isNull() && !json_->isString()) {
        refuse("a text");
    }
    return json_->stringOr(otherwise);
}

float JsonPlace::number(float otherwise, double least, double most) const {
    const double value = json_->numberOr(otherwise);
    if (!json_->isNull() && !(json_->isNumber() && value >= least && value <= most)) {
        refuse(fmt::format("a number from {} to {}", least, most));
        return otherwise;
    }
    return static_cast<float>(value);
}

double JsonPlace::real(double otherwise) const {
    if (!json_->isNull() && !json_->isNumber()) {
        refuse("a number");
    }
    return json_->numberOr(otherwise);
}

glm::vec3 JsonPlace::colour(const glm::vec3& otherwise) const {
    if (json_->isNull()) {
        return otherwise;
    }
    const auto& channels = json_->items();
    if (channels.size() != 3 || !std::ranges::all_of(channels, isChannel)) {
        refuse("three numbers from 0 to 255");
        return otherwise;
    }
    glm::vec3 colour;
    for (std::size_t i = 0; i < 3; ++i) {
        colour[static_cast<int>(i)] = static_cast<float>(channels[i].numberOr(0.0) / kMostColour);
    }
    return colour;
}

std::size_t JsonPlace::choice(std::span<const std::string_view> names,
                              std::size_t otherwise) const {
    if (json_->isNull()) {
        return otherwise;
    }
    const auto found = std::ranges::find(names, json_->stringOr(""));
    if (found == names.end()) {
        refuse(fmt::format("one of {}", fmt::join(names, ", ")));
        return otherwise;
    }
    return static_cast<std::size_t>(found - names.begin());
}

void JsonPlace::refuse(std::string_view expected) const {
    if (!*problem_) {
        *problem_ = Error{fmt::format("{}: {}, not {}", path_, quoted(*json_), expected)};
    }
}

Json colourJson(const glm::vec3& colour) {
    Json channels = Json::array();
    for (int i = 0; i < 3; ++i) {
        const double exact = static_cast<double>(colour[i]) * kMostColour;
        const double whole = std::round(exact);
        const bool isWhole = static_cast<float>(whole / kMostColour) == colour[i];
        channels.push(isWhole ? Json(static_cast<std::int64_t>(whole)) : Json(exact));
    }
    return channels;
}

} // namespace pipeline::planning::style
