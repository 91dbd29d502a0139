#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiles3d::crs {

/// Without a UTF-8 byte order mark and without white space around.
std::string trimmed(std::string_view text);

/// ASCII letters in upper case.
std::string upper(std::string text);

/// For messages, valid UTF-8: at most 80 bytes, and of a PROJ string only "+proj=...", since the
/// parameters of a city's own grid are not public.
std::string shortened(const std::string& text);

/// Numbers separated by commas, semicolons or white space; nothing if anything else is there.
std::optional<std::vector<double>> numbersIn(std::string_view text);

/// Whether it begins like WKT of any kind: a keyword and an opening bracket.
bool isWkt(const std::string& text);

/// Whether it is "AUTHORITY:code", "AUTHORITY:code+code" or a URN, in any case, with any spaces.
bool isCode(const std::string& text);

/// In upper case without white space, as PROJ wants it.
std::string normalisedCode(const std::string& text);

/// A WKT 2 text without the ID[...] of its outermost CRS.
std::string withoutOuterId(std::string wkt2);

} // namespace tiles3d::crs
