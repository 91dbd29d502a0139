#include "pipeline/planning/site/report_text.h"

#include "tiles3d/base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pipeline::planning::site {

namespace {

constexpr double kHectare = 10000.0;
constexpr double kMuPerHectare = 15.0;

} // namespace

std::string wordFor(Verdict verdict, Language language) {
    switch (verdict) {
    case Verdict::Pass:
        return say(language, "通过", "Pass");
    case Verdict::Inform:
        return say(language, "提示", "Inform");
    case Verdict::Conflict:
        break;
    }
    return say(language, "冲突", "Conflict");
}

std::string wordFor(RuleKind kind, Language language) {
    switch (kind) {
    case RuleKind::Forbid:
        return say(language, "禁止占用", "Must not overlap");
    case RuleKind::RequireInside:
        return say(language, "须在范围内", "Must lie inside");
    case RuleKind::Match:
        return say(language, "用途须相符", "Use must match");
    case RuleKind::HeightLimit:
        return say(language, "高度限制", "Height limit");
    case RuleKind::Inform:
        break;
    }
    return say(language, "仅提示", "For information");
}

std::string wordFor(HeightReference reference, Language language) {
    switch (reference) {
    case HeightReference::LowestGround:
        return say(language, "地块内地面最低点起算", "above the lowest ground of the part");
    case HeightReference::MeanGround:
        return say(language, "地块内地面平均高程起算", "above the mean ground of the part");
    case HeightReference::Absolute:
        break;
    }
    return say(language, "绝对高程", "absolute height");
}

std::string grouped(double number, int decimals) {
    std::string text = fmt::format("{:.{}f}", number, decimals);
    const std::size_t first = text.front() == '-' ? 1 : 0;
    std::size_t place = std::min(text.find('.'), text.size());
    constexpr std::size_t kGroup = 3;
    while (place > first + kGroup) {
        place -= kGroup;
        text.insert(place, ",");
    }
    return text;
}

std::string areaText(double squareMetres, Language language) {
    const double hectares = squareMetres / kHectare;
    return fmt::format("{} m² · {} ha · {} {}",
                       grouped(squareMetres, 2),
                       grouped(hectares, 4),
                       grouped(hectares * kMuPerHectare, 3),
                       say(language, "亩", "mu"));
}

std::string amountText(const Amount& amount, Language language) {
    if (amount.planeSquareMetres > 0.0) {
        return areaText(amount.squareMetres, language);
    }
    if (amount.lineMetres > 0.0) {
        return grouped(amount.lineMetres, 2) + " m";
    }
    return fmt::format("{} {}", amount.points, say(language, "个点", "points"));
}

std::string shareText(double share) {
    constexpr double kPercent = 100.0;
    return fmt::format("{:.2f} %", share * kPercent);
}

} // namespace pipeline::planning::site
