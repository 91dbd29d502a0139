#include "pipeline/planning/check/check_rules.h"

#include "pipeline/planning/style/legend.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"

#include <array>
#include <utility>

namespace pipeline::planning::check {

using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::Result;

namespace {

constexpr std::array<std::pair<const char*, double CheckRules::*>, 5> kNumbers{{
    {"overlap_square_metres", &CheckRules::overlapSquareMetres},
    {"gap_square_metres", &CheckRules::gapSquareMetres},
    {"sliver_square_metres", &CheckRules::sliverSquareMetres},
    {"sliver_width_metres", &CheckRules::sliverWidthMetres},
    {"far_metres", &CheckRules::farMetres},
}};

std::vector<std::string> texts(const Json& list) {
    std::vector<std::string> out;
    for (const Json& item : list.items()) {
        out.push_back(item.stringOr(""));
    }
    return out;
}

} // namespace

Result<CheckRules> builtInRules() {
    const Result<style::Legend> legend = style::Legend::builtIn();
    if (!legend) {
        return legend.error();
    }
    LayerRule rule{.unique = {"BSM"}};
    std::vector<std::string> codes;
    for (const style::StyleClass& one : legend->landUse().classes) {
        codes.insert(codes.end(), one.prefixes.begin(), one.prefixes.end());
    }
    for (const std::string& field : legend->landUse().codeFields) {
        rule.codes[field] = codes;
    }
    return CheckRules{.layers = {rule}};
}

Result<CheckRules> readRules(const std::filesystem::path& file) {
    const Result<std::string> text = tiles3d::base::readTextFile(file);
    if (!text) {
        return text.error();
    }
    const Result<Json> json = tiles3d::base::parseJson(*text);
    if (!json) {
        return tiles3d::base::within(tiles3d::base::toUtf8(file), json.error());
    }
    if (!json->isObject()) {
        return Error{tiles3d::base::toUtf8(file) + ": rules are a JSON object"};
    }
    CheckRules rules;
    for (const auto& [name, number] : kNumbers) {
        const Json& member = (*json)[name];
        if (!member.isNull() && !member.isNumber()) {
            return Error{tiles3d::base::toUtf8(file) + ": " + name + " is no number"};
        }
        rules.*number = member.numberOr(rules.*number);
    }
    for (const Json& item : (*json)["layers"].items()) {
        LayerRule rule{.layer = item["layer"].stringOr(""),
                       .category = item["category"].stringOr(""),
                       .required = texts(item["required"]),
                       .unique = texts(item["unique"])};
        for (const auto& [field, values] : item["codes"].members()) {
            rule.codes[field] = texts(values);
        }
        rules.layers.push_back(std::move(rule));
    }
    return rules;
}

} // namespace pipeline::planning::check
