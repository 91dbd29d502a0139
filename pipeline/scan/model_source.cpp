#include "pipeline/scan/model_source.h"

#include "tiles3d/base/file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

namespace pipeline::scan {

using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::within;

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, double>, 5> kUnits{
    {{"m", 1.0}, {"cm", 0.01}, {"mm", 0.001}, {"ft", 0.3048}, {"in", 0.0254}}};

/// Sets `value` to a member that is text, if it is there.
Status readText(const Json& item, const char* name, std::string& value) {
    const Json& member = item[name];
    if (!member.isNull() && !member.isString()) {
        return Error{std::string("models.") + name + " is no text"};
    }
    value = member.stringOr(value);
    return ok();
}

Status readNumber(const Json& item, const char* name, double& value) {
    const Json& member = item[name];
    if (!member.isNull() && !member.isNumber()) {
        return Error{std::string("models.") + name + " is no number"};
    }
    value = member.numberOr(value);
    return std::isfinite(value) ? ok() : Error{std::string("models.") + name + " is not finite"};
}

Status readPoint(const Json& item, const char* name, glm::dvec3& value) {
    const auto& numbers = item[name].items();
    if (numbers.size() != 3 ||
        !std::ranges::all_of(numbers, [](const Json& number) { return number.isNumber(); })) {
        return Error{std::string("models.") + name + " is not three numbers"};
    }
    value = {numbers[0].numberOr(0.0), numbers[1].numberOr(0.0), numbers[2].numberOr(0.0)};
    return ok();
}

Status readUnit(const Json& item, ModelSource& source) {
    std::string word;
    if (Status read = readText(item, "unit", word); !read || word.empty()) {
        return read;
    }
    const auto* const known = std::ranges::find(kUnits, word, &decltype(kUnits)::value_type::first);
    if (known == kUnits.end()) {
        return Error{"models.unit is \"" + word + "\"; it can be m, cm, mm, ft, in"};
    }
    source.metresPerUnit = known->second;
    return ok();
}

Status readUp(const Json& item, ModelSource& source) {
    std::string word;
    if (Status read = readText(item, "up", word); !read || word.empty()) {
        return read;
    }
    if (word != "y" && word != "z") {
        return Error{"models.up is \"" + word + "\"; it can be y or z"};
    }
    source.up = word == "z" ? sources::UpAxis::Z : sources::UpAxis::Y;
    return ok();
}

Status readHeightDatum(const Json& item, ModelSource& source) {
    const Json& member = item["height_datum"];
    if (member.isNumber()) {
        source.heightDatum = member.dump();
    } else if (member.isString()) {
        source.heightDatum = member.stringOr("");
    } else if (!member.isNull()) {
        return Error{"models.height_datum is neither text nor a number of metres"};
    }
    return ok();
}

/// The id becomes a folder.
Status checkId(const std::string& id) {
    constexpr std::size_t kMostBytes = 200;
    const bool isFolderName =
        !id.empty() && id != "." && id != ".." && id.size() <= kMostBytes &&
        std::ranges::none_of(id, [](char c) {
            return c == '/' || c == '\\' || (static_cast<unsigned char>(c) < 0x20U);
        });
    return isFolderName ? ok()
                        : Error{"models.id \"" + id +
                                "\" cannot name a folder: no slashes, at most 200 bytes"};
}

Result<ModelSource> readModel(const Json& item, const fs::path& folder) {
    ModelSource source;
    std::string path;
    for (const Status& read :
         {readText(item, "path", path),
          readText(item, "id", source.id),
          readText(item, "name", source.name),
          readText(item, "crs", source.crs),
          readPoint(item, "position", source.position),
          readNumber(item, "heading_deg", source.headingDegrees),
          readNumber(item, "scale", source.scale),
          readUnit(item, source),
          readUp(item, source),
          readHeightDatum(item, source),
          item.has("origin") ? readPoint(item, "origin", source.origin) : ok()}) {
        if (!read) {
            return path.empty() ? read.error() : within(path, read.error());
        }
    }
    if (path.empty()) {
        return Error{"a \"models\" entry has no \"path\""};
    }
    source.path = folder / path;
    if (!(source.scale > 0.0)) {
        return within(path, Error{"models.scale is not positive"});
    }
    if (source.id.empty()) {
        source.id = tiles3d::base::toUtf8(source.path.stem());
    }
    if (source.name.empty()) {
        source.name = source.id;
    }
    const Status checked = checkId(source.id);
    return checked ? Result<ModelSource>(source) : within(path, checked.error());
}

} // namespace

Result<std::vector<ModelSource>> readModels(const Json& models, const fs::path& folder) {
    if (!models.isNull() && !models.isArray()) {
        return Error{"\"models\" is no array"};
    }
    std::vector<ModelSource> sources;
    std::set<std::string> ids;
    for (const Json& item : models.items()) {
        Result<ModelSource> source = readModel(item, folder);
        if (!source) {
            return source.error();
        }
        if (!ids.insert(source->id).second) {
            return Error{"two models have the id \"" + source->id + "\". Give one of them another"};
        }
        sources.push_back(*std::move(source));
    }
    return sources;
}

} // namespace pipeline::scan
