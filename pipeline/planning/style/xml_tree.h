#pragma once

#include "tiles3d/base/result.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::planning::style {

/// An element of an XML text. Names are without their namespace's prefix: "se:Rule" is "Rule".
struct XmlElement {
    std::string name;
    std::vector<std::pair<std::string, std::string>> attributes; ///< In their order.
    std::string text; ///< Of the element itself, without blanks at both ends.
    std::vector<XmlElement> children;

    /// The value of an attribute, or "".
    const std::string& attribute(std::string_view wanted) const;
    /// The first child of that name; an empty element without name where there is none.
    const XmlElement& child(std::string_view wanted) const;
    /// child() of each name in turn.
    const XmlElement& at(std::initializer_list<std::string_view> path) const;
    bool has(std::string_view wanted) const { return !child(wanted).name.empty(); }
};

/// The root of a small document (style files): UTF-8, UTF-16 or Latin-1.
/// Fails, naming the line, on what is not well formed; and, for hostile texts, above 16 MiB, 64
/// levels or 200,000 elements, and on any declaration of an entity.
tiles3d::base::Result<XmlElement> parseXml(std::string_view text);

} // namespace pipeline::planning::style
