#include "tiles3d/base/json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

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
    bool start_object(std::size_t /*size*/) override { return open(true); }
    bool start_array(std::size_t /*size*/) override { return open(false); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& value) override {
        open_.back().key = std::move(value);
        return true;
    }
    bool parse_error(std::size_t position,
                     const std::string& /*token*/,
                     const nlohmann::detail::exception& /*error*/) override {
        problem_ = "not valid JSON at byte " + std::to_string(position);
        return false;
    }

private:
    /// An object or array whose end has not come yet.
    struct Open {
        bool isObject = false;
        Json::Object members;
        Json::Array items;
        std::string key;
    };

    bool add(Json value) {
        if (open_.empty()) {
            root_ = std::move(value);
        } else if (Open& parent = open_.back(); parent.isObject) {
            parent.members.emplace_back(std::move(parent.key), std::move(value));
        } else {
            parent.items.push_back(std::move(value));
        }
        return true;
    }
    bool open(bool isObject) {
        if (open_.size() == kMaxDepth) {
            problem_ = "nested deeper than " + std::to_string(kMaxDepth);
            return false;
        }
        open_.push_back({.isObject = isObject});
        return true;
    }
    bool close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        if (!done.isObject) {
            return add(Json(std::move(done.items)));
        }
        dropOverwritten(done.members);
        return add(Json::object(std::move(done.members)));
    }

    /// Of equal names the last stays. Sorts references: a hash table can be made slow on purpose.
    static void dropOverwritten(Json::Object& members) {
        std::vector<const Json::Member*> sorted;
        for (const Json::Member& member : members) {
            sorted.push_back(&member);
        }
        std::ranges::stable_sort(sorted, {}, &Json::Member::first);
        std::vector<bool> isOverwritten(members.size(), false);
        for (std::size_t i = 1; i < sorted.size(); ++i) {
            if (sorted[i]->first == sorted[i - 1]->first) {
                isOverwritten[static_cast<std::size_t>(sorted[i - 1] - members.data())] = true;
            }
        }
        std::size_t at = 0;
        std::erase_if(members, [&](const Json::Member&) { return isOverwritten[at++]; });
    }

    Json root_;
    std::vector<Open> open_;
    std::string problem_;
};

/// Appends values as text; nlohmann prints the strings and the shortest numbers.
class Writer {
public:
    explicit Writer(bool pretty) : pretty_(pretty) {}
    std::string take() { return std::move(text_); }

    void write(const Json& value, std::size_t level) {
        if (value.isObject()) {
            writeAll('{', value.members(), '}', level);
        } else if (value.isArray()) {
            writeAll('[', value.items(), ']', level);
        } else {
            writeScalar(value);
        }
    }

private:
    template <typename Parts>
    void writeAll(char begin, const Parts& parts, char end, std::size_t level) {
        text_ += begin;
        bool isFirst = true;
        for (const auto& part : parts) {
            text_ += isFirst ? "" : ",";
            isFirst = false;
            startLine(level + 1);
            writePart(part, level + 1);
        }
        if (!isFirst) {
            startLine(level);
        }
        text_ += end;
    }

    void writePart(const Json& item, std::size_t level) { write(item, level); }
    void writePart(const Json::Member& member, std::size_t level) {
        writeForeign(member.first);
        text_ += pretty_ ? ": " : ":";
        write(member.second, level);
    }

    void writeScalar(const Json& value) {
        if (value.isString()) {
            writeForeign(value.stringOr(""));
        } else if (value.isBool()) {
            writeForeign(value.boolOr(false));
        } else if (value.isInteger()) {
            writeForeign(value.integerOr(0));
        } else if (value.isNumber()) {
            writeForeign(value.numberOr(0.0));
        } else {
            text_ += "null";
        }
    }

    void writeForeign(const nlohmann::json& scalar) {
        constexpr int kCompact = -1;
        text_ += scalar.dump(kCompact, ' ', false, nlohmann::json::error_handler_t::replace);
    }

    void startLine(std::size_t level) {
        constexpr std::size_t kIndent = 2;
        if (pretty_) {
            text_ += '\n';
            text_.append(level * kIndent, ' ');
        }
    }

    bool pretty_ = false;
    std::string text_;
};

} // namespace

Json Json::object(Object members) {
    Json value;
    value.value_ = std::move(members);
    return value;
}

bool Json::isNumber() const {
    return std::holds_alternative<double>(value_) || isInteger();
}

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
    Writer writer(pretty);
    writer.write(*this, 0);
    return writer.take();
}

Result<Json> parseJson(std::string_view text) {
    Builder builder;
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
        return Error{builder.problem()};
    }
    return builder.take();
}

} // namespace tiles3d::base
