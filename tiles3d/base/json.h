#pragma once

#include "tiles3d/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tiles3d::base {

/// A JSON value. Objects keep the order in which members were set, so the same value is always the
/// same text. Look-ups never throw: a missing member or a wrong type gives the default.
/// Source: RFC 8259.
class Json {
public:
    using Array = std::vector<Json>;
    using Member = std::pair<std::string, Json>;
    using Object = std::vector<Member>;

    Json() = default; ///< null
    Json(bool value) : value_(value) {}
    Json(double value) : value_(value) {}
    Json(std::int64_t value) : value_(value) {}
    Json(int value) : value_(std::int64_t{value}) {}
    Json(std::uint64_t value) : value_(static_cast<std::int64_t>(value)) {}
    Json(const char* value) : value_(std::string(value)) {}
    Json(std::string value) : value_(std::move(value)) {}
    Json(std::string_view value) : value_(std::string(value)) {}
    Json(Array value) : value_(std::move(value)) {}
    /// REQUIRES: no name twice.
    static Json object(Object members = {});
    static Json array() { return Json(Array{}); }

    bool isNull() const { return std::holds_alternative<std::monostate>(value_); }
    bool isBool() const { return std::holds_alternative<bool>(value_); }
    bool isNumber() const;
    bool isInteger() const { return std::holds_alternative<std::int64_t>(value_); }
    bool isString() const { return std::holds_alternative<std::string>(value_); }
    bool isArray() const { return std::holds_alternative<Array>(value_); }
    bool isObject() const { return std::holds_alternative<Object>(value_); }

    bool boolOr(bool otherwise) const;
    double numberOr(double otherwise) const;
    std::int64_t integerOr(std::int64_t otherwise) const; ///< Also for 3.0; `otherwise` for 3.5.
    std::string stringOr(std::string_view otherwise) const;

    /// Elements of an array; an empty array for anything else.
    const Array& items() const;
    /// Members of an object in order; none for anything else.
    const Object& members() const;
    /// The member of that name, or null. Takes time in proportion to the object's size.
    const Json& operator[](std::string_view name) const;
    bool has(std::string_view name) const;

    /// Sets a member of an object (null becomes an object), replacing one of that name in place.
    /// Looks through all members; build a large object from its members at once.
    Json& set(std::string name, Json value);
    /// Appends to an array (null becomes an array).
    Json& push(Json value);

    /// Compact, or indented by two spaces. Doubles are the shortest text that reads back equal;
    /// NaN and infinities become null. Strings that are not UTF-8 get U+FFFD.
    std::string dump(bool pretty = false) const;

private:
    std::variant<std::monostate, bool, double, std::int64_t, std::string, Array, Object> value_;
};

/// Of members with equal names the last one stays. Time grows no faster than n log n.
/// Fails on malformed text, on text that is not UTF-8, on a number beyond double's range and on
/// trailing text, with the byte offset, and on nesting deeper than 128.
Result<Json> parseJson(std::string_view text);

} // namespace tiles3d::base
