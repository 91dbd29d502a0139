#include "pipeline/scan/metadata.h"

#include "tiles3d/base/file.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace pipeline::scan {

using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

std::string withoutComments(std::string_view xml) {
    std::string kept;
    while (!xml.empty()) {
        const std::size_t start = xml.find("<!--");
        kept += xml.substr(0, start);
        if (start == std::string_view::npos) {
            break;
        }
        const std::size_t end = xml.find("-->", start);
        xml = end == std::string_view::npos ? std::string_view() : xml.substr(end + 3);
    }
    return kept;
}

std::string trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(begin, text.find_last_not_of(kSpace) - begin + 1));
}

std::string unescaped(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
        {{"&quot;", '"'}, {"&apos;", '\''}, {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}}};
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        const auto* const entity = std::ranges::find_if(
            kEntities, [&](const auto& e) { return text.substr(at).starts_with(e.first); });
        const bool isEntity = entity != kEntities.end();
        plain += isEntity ? entity->second : text[at];
        at += isEntity ? entity->first.size() : 1;
    }
    return plain;
}

/// The text of the first element of that name; nothing if there is none.
std::optional<std::string> elementText(std::string_view xml, std::string_view name) {
    const std::string open = "<" + std::string(name);
    std::size_t start = xml.find(open);
    while (start != std::string_view::npos) {
        const std::size_t behind = start + open.size();
        if (behind < xml.size() &&
            std::string_view("> \t\r\n/").find(xml[behind]) != std::string_view::npos) {
            break;
        }
        start = xml.find(open, behind); // <SRSOrigin> begins like <SRS>
    }
    if (start == std::string_view::npos) {
        return std::nullopt;
    }
    const std::size_t tagEnd = xml.find('>', start);
    if (tagEnd == std::string_view::npos || xml[tagEnd - 1] == '/') {
        return std::string();
    }
    const std::size_t end = xml.find("</" + std::string(name), tagEnd);
    std::string_view text = xml.substr(tagEnd + 1);
    text = text.substr(0, end == std::string_view::npos ? text.find('<') : end - tagEnd - 1);
    constexpr std::string_view kCdata = "<![CDATA[";
    const std::string inside = trimmed(text);
    if (inside.starts_with(kCdata)) {
        return trimmed(inside.substr(kCdata.size(), inside.find("]]>") - kCdata.size()));
    }
    return trimmed(unescaped(inside));
}

} // namespace

Result<Metadata> parseMetadata(std::string_view xml) {
    const std::string text = withoutComments(xml);
    if (text.find('<') == std::string::npos) {
        return Error{"no XML in it"};
    }
    Metadata metadata;
    const std::optional<std::string> srs = elementText(text, "SRS");
    const std::optional<std::string> origin = elementText(text, "SRSOrigin");
    if (!srs) {
        metadata.warnings.emplace_back("metadata.xml has no <SRS>");
    }
    if (!origin) {
        metadata.warnings.emplace_back("metadata.xml has no <SRSOrigin>; 0,0,0 is taken");
    }
    metadata.srs = srs.value_or("");
    metadata.origin = origin.value_or("");
    return metadata;
}

Result<Metadata> readMetadata(const std::filesystem::path& file) {
    constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 20U;
    if (!std::filesystem::exists(file)) {
        Metadata none;
        none.warnings.push_back(tiles3d::base::toUtf8(file) + " is missing");
        return none;
    }
    const Result<std::string> text = tiles3d::base::readTextFile(file, kMaxBytes);
    if (!text) {
        return text.error();
    }
    const Result<Metadata> metadata = parseMetadata(*text);
    return metadata ? metadata
                    : tiles3d::base::within(tiles3d::base::toUtf8(file), metadata.error());
}

} // namespace pipeline::scan
