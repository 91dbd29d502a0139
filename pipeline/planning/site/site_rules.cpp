#include "pipeline/planning/site/site_rules.h"

#include "tiles3d/base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>
#include <string_view>

namespace pipeline::planning::site {

using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

constexpr std::array kKindNames{"forbid", "require_inside", "match", "height_limit", "inform"};
constexpr std::array kReferenceNames{"lowest_ground", "mean_ground", "absolute"};

/// ASCII in lower case; all else as it is.
std::string folded(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) {
        return static_cast<char>(c < 0x80 ? std::tolower(c) : c);
    });
    return lower;
}

/// Whether `text` is `pattern`, in which '*' stands for any text. Both folded.
bool globFits(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) { // let the last star take one more
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    return pattern.substr(p).find_first_not_of('*') == std::string_view::npos;
}

bool categoryFits(const std::string& pattern, const std::string& category) {
    const std::string wanted = folded(pattern);
    const std::string own = folded(category);
    return globFits(wanted, own) || globFits(wanted + "/*", own);
}

/// Reads members of one object; the first thing that is wrong stays as its error.
class ObjectReader {
public:
    ObjectReader(const Json& json, std::string place) : json_(json), place_(std::move(place)) {
        if (!json_.isObject()) {
            fail("", "an object is expected");
        }
    }

    std::string text(std::string_view name) {
        const Json& member = seen(name);
        if (!member.isNull() && !member.isString()) {
            fail(name, "a text is expected, not " + member.dump());
        }
        return member.stringOr("");
    }

    double number(std::string_view name, double otherwise) {
        const Json& member = seen(name);
        if (!member.isNull() && !(member.isNumber() && member.numberOr(-1.0) >= 0.0)) {
            fail(name, "a number from 0 is expected, not " + member.dump());
        }
        return member.numberOr(otherwise);
    }

    std::vector<std::string> texts(std::string_view name) {
        const Json& member = seen(name);
        std::vector<std::string> all;
        for (const Json& item : member.items()) {
            all.push_back(item.stringOr(""));
        }
        const bool isFine = member.isNull() || (member.isArray() && std::ranges::all_of(
                                                    member.items(), &Json::isString));
        if (!isFine) {
            fail(name, "a list of texts is expected, not " + member.dump());
        }
        return all;
    }

    /// The place of a text among `names`; `otherwise` where there is none.
    std::size_t
    choice(std::string_view name, std::span<const char* const> names, std::size_t otherwise) {
        const std::string value = text(name);
        if (value.empty()) {
            return otherwise;
        }
        const auto found = std::ranges::find(names, value, [](auto n) { return std::string(n); });
        if (found == names.end()) {
            fail(name, fmt::format("\"{}\"; it can be {}", value, fmt::join(names, ", ")));
            return otherwise;
        }
        return static_cast<std::size_t>(found - names.begin());
    }

    const Json& list(std::string_view name) {
        const Json& member = seen(name);
        if (!member.isNull() && !member.isArray()) {
            fail(name, "a list is expected, not " + member.dump());
        }
        return member;
    }

    void fail(std::string_view name, const std::string& what) {
        if (error_) {
            return;
        }
        std::string place = place_;
        if (!name.empty()) {
            place += place.empty() ? std::string(name) : "." + std::string(name);
        }
        error_ = Error{place.empty() ? what : place + ": " + what};
    }

    /// To be called last: members that nobody asked for are mistakes, too.
    Status finish() {
        for (const auto& [name, value] : json_.members()) {
            if (std::ranges::find(seen_, name) == seen_.end()) {
                fail(name, fmt::format("unknown; it can be {}", fmt::join(seen_, ", ")));
            }
        }
        return error_ ? Status(*error_) : ok();
    }

private:
    const Json& seen(std::string_view name) {
        seen_.emplace_back(name);
        return json_[name];
    }

    const Json& json_;
    std::string place_;
    std::vector<std::string> seen_;
    std::optional<Error> error_;
};

LayerPattern patternFrom(ObjectReader& reader) {
    return {.category = reader.text("category"), .layer = reader.text("layer")};
}

void requirePattern(const LayerPattern& pattern, ObjectReader& reader) {
    if (pattern.category.empty() && pattern.layer.empty()) {
        reader.fail("", "\"layer\" or \"category\" must say which layers; \"*\" for all");
    }
}

Result<SiteRule> ruleFrom(const Json& json, const std::string& place) {
    ObjectReader reader(json, place);
    SiteRule rule;
    rule.layers = patternFrom(reader);
    requirePattern(rule.layers, reader);
    constexpr std::size_t kMissing = kKindNames.size();
    const std::size_t kind = reader.choice("rule", kKindNames, kMissing);
    if (kind == kMissing) {
        reader.fail("rule", fmt::format("missing; it can be {}", fmt::join(kKindNames, ", ")));
    }
    rule.kind = static_cast<RuleKind>(kind);
    rule.title = reader.text("title");
    rule.basis = reader.text("basis");
    rule.field = reader.text("field");
    rule.codes = reader.texts("codes");
    rule.reference =
        static_cast<HeightReference>(reader.choice("reference", kReferenceNames, 0));
    if (const Status status = reader.finish(); !status) {
        return status.error();
    }
    return rule;
}

Result<DistanceTarget> distanceFrom(const Json& json, const std::string& place) {
    ObjectReader reader(json, place);
    DistanceTarget target;
    target.title = reader.text("title");
    if (target.title.empty()) {
        reader.fail("title", "missing");
    }
    target.layers = patternFrom(reader);
    requirePattern(target.layers, reader);
    target.where = reader.text("where");
    target.atLeastMetres = reader.number("at_least_m", target.atLeastMetres);
    target.atMostMetres = reader.number("at_most_m", target.atMostMetres);
    if (target.atMostMetres < target.atLeastMetres) {
        reader.fail("at_most_m", "below at_least_m");
    }
    if (const Status status = reader.finish(); !status) {
        return status.error();
    }
    return target;
}

/// Every item of a list through `read`, told its place: "rules[2]".
template <typename T>
Status readList(const Json& list,
                const std::string& name,
                Result<T> (*read)(const Json&, const std::string&),
                std::vector<T>& out) {
    for (std::size_t i = 0; i < list.items().size(); ++i) {
        Result<T> item = read(list.items()[i], fmt::format("{}[{}]", name, i));
        if (!item) {
            return item.error();
        }
        out.push_back(*std::move(item));
    }
    return ok();
}

} // namespace

const char* nameOf(RuleKind kind) {
    return kKindNames.at(static_cast<std::size_t>(kind));
}

const char* nameOf(HeightReference reference) {
    return kReferenceNames.at(static_cast<std::size_t>(reference));
}

bool fits(const LayerPattern& pattern, const LayerInfo& layer) {
    const std::string name = folded(pattern.layer);
    const bool layerFits = name.empty() || globFits(name, folded(layer.table)) ||
                           globFits(name, folded(layer.title));
    return layerFits && (pattern.category.empty() || categoryFits(pattern.category, layer.category));
}

SiteRule ruleFor(const SiteRules& rules, const LayerInfo& layer) {
    const auto found = std::ranges::find_if(
        rules.rules, [&](const SiteRule& rule) { return fits(rule.layers, layer); });
    return found != rules.rules.end() ? *found : SiteRule{};
}

bool isAmong(const std::string& code, const std::vector<std::string>& codes) {
    return std::ranges::any_of(codes, [&](const std::string& pattern) {
        return globFits(folded(pattern), folded(code));
    });
}

Result<SiteRules> siteRulesFrom(const Json& json) {
    SiteRules rules;
    ObjectReader reader(json, "");
    rules.sliverSquareMetres = reader.number("sliver_m2", rules.sliverSquareMetres);
    rules.siteUse = reader.texts("site_use");
    const Status list = readList(reader.list("rules"), "rules", &ruleFrom, rules.rules);
    const Status distances =
        readList(reader.list("distances"), "distances", &distanceFrom, rules.distances);
    const Status rest = reader.finish();
    for (const Status* status : {&rest, &list, &distances}) {
        if (!*status) {
            return status->error();
        }
    }
    return rules;
}

Result<SiteRules> readSiteRules(const std::filesystem::path& file) {
    constexpr std::uint64_t kMostBytes = 16U << 20U;
    const Result<std::string> text = tiles3d::base::readTextFile(file, kMostBytes);
    if (!text) {
        return text.error();
    }
    const Result<Json> json = tiles3d::base::parseJson(*text);
    if (!json) {
        return tiles3d::base::within(tiles3d::base::toUtf8(file), json.error());
    }
    Result<SiteRules> rules = siteRulesFrom(*json);
    return rules ? std::move(rules)
                 : tiles3d::base::within(tiles3d::base::toUtf8(file), rules.error());
}

} // namespace pipeline::planning::site
