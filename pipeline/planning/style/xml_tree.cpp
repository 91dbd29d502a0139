#include "pipeline/planning/style/xml_tree.h"

#include <expat.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <type_traits>

namespace pipeline::planning::style {

using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

constexpr std::size_t kMostBytes = std::size_t{16} << 20U;
constexpr std::size_t kMostLevels = 64;
constexpr std::size_t kMostElements = 200000;

const std::string kNothing;
const XmlElement kNoElement;

std::string localName(std::string_view name) {
    return std::string(name.substr(name.rfind(':') + 1)); // npos + 1 is 0
}

void trim(std::string& text) {
    constexpr const char* kBlanks = " \t\r\n";
    const std::size_t last = text.find_last_not_of(kBlanks);
    text.erase(last == std::string::npos ? 0 : last + 1);
    text.erase(0, std::min(text.find_first_not_of(kBlanks), text.size()));
}

struct ParserDeleter {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

/// The tree while it grows. The open elements lie in a stack of their own, since elements move as
/// their parents' vectors grow.
class Builder {
public:
    Builder() : parser_(XML_ParserCreate(nullptr)) {
        XML_SetUserData(parser_.get(), this);
        XML_SetElementHandler(parser_.get(), onStart, onEnd);
        XML_SetCharacterDataHandler(parser_.get(), onText);
        XML_SetEntityDeclHandler(parser_.get(), onEntity);
    }

    Result<XmlElement> build(std::string_view text) {
        const XML_Status status =
            XML_Parse(parser_.get(), text.data(), static_cast<int>(text.size()), XML_TRUE);
        if (status != XML_STATUS_OK || root_.name.empty()) {
            const char* reason =
                problem_ != nullptr ? problem_ : XML_ErrorString(XML_GetErrorCode(parser_.get()));
            return Error{
                fmt::format("XML, line {}: {}", XML_GetCurrentLineNumber(parser_.get()), reason)};
        }
        return std::move(root_);
    }

private:
    static Builder& self(void* user) { return *static_cast<Builder*>(user); }

    static void onStart(void* user, const XML_Char* name, const XML_Char** attributes) {
        Builder& builder = self(user);
        if (builder.open_.size() >= kMostLevels) {
            return builder.stop("more than 64 levels");
        }
        if (++builder.elements_ > kMostElements) {
            return builder.stop("more than 200,000 elements");
        }
        XmlElement element;
        element.name = localName(name);
        for (; *attributes != nullptr; attributes += 2) {
            element.attributes.emplace_back(localName(attributes[0]), attributes[1]);
        }
        builder.open_.push_back(std::move(element));
    }

    static void onEnd(void* user, const XML_Char* /*name*/) {
        Builder& builder = self(user);
        if (builder.open_.empty()) {
            return; // stopped
        }
        XmlElement element = std::move(builder.open_.back());
        builder.open_.pop_back();
        trim(element.text);
        if (builder.open_.empty()) {
            builder.root_ = std::move(element);
        } else {
            builder.open_.back().children.push_back(std::move(element));
        }
    }

    static void onText(void* user, const XML_Char* text, int length) {
        if (Builder& builder = self(user); !builder.open_.empty()) {
            builder.open_.back().text.append(text, static_cast<std::size_t>(length));
        }
    }

    // Expat's signature.
    static void onEntity(void* user, // NOLINT(readability-function-size)
                         const XML_Char* /*name*/,
                         int /*isParameter*/,
                         const XML_Char* /*value*/,
                         int /*length*/,
                         const XML_Char* /*base*/,
                         const XML_Char* /*system*/,
                         const XML_Char* /*publicId*/,
                         const XML_Char* /*notation*/) {
        self(user).stop("declares an entity");
    }

    void stop(const char* problem) {
        problem_ = problem;
        XML_StopParser(parser_.get(), XML_FALSE);
    }

    std::unique_ptr<std::remove_pointer_t<XML_Parser>, ParserDeleter> parser_;
    XmlElement root_;
    std::vector<XmlElement> open_;
    std::size_t elements_ = 0;
    const char* problem_ = nullptr;
};

} // namespace

const std::string& XmlElement::attribute(std::string_view wanted) const {
    const auto found =
        std::ranges::find_if(attributes, [&](const auto& a) { return a.first == wanted; });
    return found != attributes.end() ? found->second : kNothing;
}

const XmlElement& XmlElement::child(std::string_view wanted) const {
    const auto found = std::ranges::find(children, wanted, &XmlElement::name);
    return found != children.end() ? *found : kNoElement;
}

const XmlElement& XmlElement::at(std::initializer_list<std::string_view> path) const {
    const XmlElement* element = this;
    for (const std::string_view step : path) {
        element = &element->child(step);
    }
    return *element;
}

Result<XmlElement> parseXml(std::string_view text) {
    if (text.size() > kMostBytes) {
        return Error{fmt::format("XML: {} bytes, at most {} are read", text.size(), kMostBytes)};
    }
    return Builder().build(text);
}

} // namespace pipeline::planning::style
