#pragma once

#include "pipeline/planning/site/site_finding.h"

#include <string>
#include <string_view>

namespace pipeline::planning::site {

enum class Language { Chinese, English };

/// The text of two that the language asks for.
inline const char* say(Language language, const char* chinese, const char* english) {
    return language == Language::Chinese ? chinese : english;
}

std::string wordFor(Verdict verdict, Language language);
std::string wordFor(RuleKind kind, Language language);
std::string wordFor(HeightReference reference, Language language);

/// With `decimals` digits behind the point and thin groups of three before it: "12,345.68".
std::string grouped(double number, int decimals);

/// "12,345.68 m² · 1.2346 ha · 18.52 亩".
std::string areaText(double squareMetres, Language language);

/// An area where there is one, else metres of line, else a number of points.
std::string amountText(const Amount& amount, Language language);

/// "12.35 %".
std::string shareText(double share);

} // namespace pipeline::planning::site
