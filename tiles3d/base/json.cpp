#include "tiles3d/base/json.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace tiles3d::base {

namespace {

constexpr std::size_t kMaxDepth = 128;

/// Builds a Json from nlohmann's events, with a depth limit its own tree does not have.
class Builder : public nlohmann::json_sax<nlohmann::json> {
public:
    Json take() { return std::move(root_); }
    const std::string& problem() const { return problem_; }

    bool null() override { return add(Json()); }
    bool boolean(bool value) override { return add(Json(value)); }
    bool number_integer(number_integer_t value) override { return add(Json(std::int64_t{value})); }
    bool number_unsigned(number_unsigned_t value) override {
        if (value > static_cast<number_unsigned_t>(INT64_MAX)) {
            return add(Json(static_cast<double>(value)));
        }
        return add(Json(static_cast<std::int64_t>(value)));
    }
    bool number_float(number_float_t value, const string_t& /*text*/) override {
        return add(Json(double{value}));
    }
    bool string(string_t& value) override { return add(Json(std::move(value))); }
    bool binary(binary_t& /*value*/) override { return false; }
    bool start_object(std::size_t /*size*/) override { return open(Json::object()); }
    bool start_array(std::size_t /*size*/) override { return open(Json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& value) override {
        keys_.back() = std::move(value);
        return true;
    }
    bool parse_error(std::size_t position,
                     const std::string& /*token*/,
                     const nlohmann::detail::exception& /*error*/) override {
        problem_ = "not valid JSON at byte " + std::to_string(position);
        return false;
    }

private:
    bool add(Json value) {
        if (open_.empty()) {
            root_ = std::move(value);
        } else if (open_.back().isObject()) {
            open_.back().set(keys_.back(), std::move(value));
        } else {
            open_.back().push(std::move(value));
        }
        return true;
    }
    bool open(Json container) {
        if (open_.size() == kMaxDepth) {
            problem_ = "nested deeper than " + std::to_string(kMaxDepth);
            return false;
        }
        open_.push_back(std::move(container));
        keys_.emplace_back();
        return true;
    }
    bool close() {
        Json done = std::move(open_.back());
        open_.pop_back();
        keys_.pop_back();
        return add(std::move(done));
    }

    Json root_;
    std::vector<Json> open_;
    std::vector<std::string> keys_;
    std::string problem_;
};

nlohmann::ordered_json toForeign(const Json& value) {
    using Foreign = nlohmann::ordered_json;
    if (value.isObject()) {
        Foreign object = Foreign::object();
        for (const auto& [name, member] : value.members()) {
            object.push_back({name, toForeign(member)});
        }
        return object;
    }
    if (value.isArray()) {
        Foreign array = Foreign::array();
        for (const Json& item : value.items()) {
            array.push_back(toForeign(item));
        }
        return array;
    }
    if (value.isString()) {
        return value.stringOr("");
    }
    if (value.isBool()) {
        return value.boolOr(false);
    }
    if (!value.isNumber()) {
        return nullptr;
    }
    const double number = value.numberOr(0.0);
    const std::int64_t integer = value.integerOr(INT64_MIN);
    return value.isInteger() ? Foreign(integer) : Foreign(number);
}

} // namespace

Json Json::object(Object members) {
    Json value;
    value.value_ = std::move(members);
    return value;
}

bool Json::isNumber() const { return std::holds_alternative<double>(value_) || isInteger(); }

bool Json::boolOr(bool otherwise) const {
    const bool* value = std::get_if<bool>(&value_);
    return value != nullptr ? *value : otherwise;
}

double Json::numberOr(double otherwise) const {
    if (const auto* integer = std::get_if<std::int64_t>(&value_)) {
        return static_cast<double>(*integer);
    }
    const double* value = std::get_if<double>(&value_);
    return value != nullptr ? *value : otherwise;
}

std::int64_t Json::integerOr(std::int64_t otherwise) const {
    if (const auto* integer = std::get_if<std::int64_t>(&value_)) {
        return *integer;
    }
    constexpr double kExactIntegers = 9007199254740992.0; // 2^53
    const double* value = std::get_if<double>(&value_);
    const bool isWhole =
        value != nullptr && std::abs(*value) <= kExactIntegers && std::trunc(*value) == *value;
    return isWhole ? static_cast<std::int64_t>(*value) : otherwise;
}

std::string Json::stringOr(std::string_view otherwise) const {
    const auto* value = std::get_if<std::string>(&value_);
    return value != nullptr ? *value : std::string(otherwise);
}

const Json::Array& Json::items() const {
    static const Array kNone;
    const auto* array = std::get_if<Array>(&value_);
    return array != nullptr ? *array : kNone;
}

const Json::Object& Json::members() const {
    static const Object kNone;
    const auto* object = std::get_if<Object>(&value_);
    return object != nullptr ? *object : kNone;
}

const Json& Json::operator[](std::string_view name) const {
    static const Json kNull;
    const Object& all = members();
    const auto found = std::ranges::find(all, name, &Member::first);
    return found != all.end() ? found->second : kNull;
}

bool Json::has(std::string_view name) const {
    return std::ranges::find(members(), name, &Member::first) != members().end();
}

Json& Json::set(std::string name, Json value) {
    if (!isObject()) {
        value_ = Object{};
    }
    auto& object = std::get<Object>(value_);
    const auto found = std::ranges::find(object, name, &Member::first);
    if (found != object.end()) {
        found->second = std::move(value);
    } else {
        object.emplace_back(std::move(name), std::move(value));
    }
    return *this;
}

Json& Json::push(Json value) {
    if (!isArray()) {
        value_ = Array{};
    }
    std::get<Array>(value_).push_back(std::move(value));
    return *this;
}

std::string Json::dump(bool pretty) const {
    constexpr int kIndent = 2;
    constexpr int kCompact = -1;
    return toForeign(*this).dump(pretty ? kIndent : kCompact,
                                 ' ',
                                 false,
                                 nlohmann::json::error_handler_t::replace);
}

Result<Json> parseJson(std::string_view text) {
    Builder builder;
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
        return Error{builder.problem()};
    }
    return builder.take();
}

} // namespace tiles3d::base
