#include "pipeline/planning/style/filter_text.h"

#include "pipeline/planning/style/legend_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace pipeline::planning::style {

using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

constexpr std::size_t kMostBytes = 65536;
constexpr int kMostLevels = 32;

enum class Kind { Name, QuotedName, Text, Number, Sign, End };

struct Token {
    Kind kind = Kind::End;
    std::string text;
};

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

bool isNameByte(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

class Tokens {
public:
    explicit Tokens(std::string_view text) : rest_(text) { next(); }

    const Token& now() const { return token_; }
    bool isWord(std::string_view word) const {
        return token_.kind == Kind::Name && isSameName(token_.text, word);
    }
    bool isSign(std::string_view sign) const {
        return token_.kind == Kind::Sign && token_.text == sign;
    }
    bool take(std::string_view word) {
        const bool isIt = isWord(word) || isSign(word);
        if (isIt) {
            next();
        }
        return isIt;
    }
    Token takeAny() {
        Token token = token_;
        next();
        return token;
    }

private:
    void next() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
        if (rest_.empty()) {
            token_ = {};
        } else if (rest_.front() == '\'' || rest_.front() == '"') {
            const bool isText = rest_.front() == '\'';
            token_ = {isText ? Kind::Text : Kind::QuotedName, quoted(rest_.front())};
        } else if (isDigit(rest_.front()) || isSignedNumber()) {
            token_ = {Kind::Number, taken([](char c) {
                          return isDigit(c) || c == '.' || c == 'e' || c == 'E' || c == '-' ||
                                 c == '+';
                      })};
        } else if (isNameByte(rest_.front())) {
            token_ = {Kind::Name, taken(isNameByte)};
        } else {
            const std::size_t length = rest_.starts_with("<=") || rest_.starts_with(">=") ||
                                               rest_.starts_with("<>") || rest_.starts_with("!=")
                                           ? 2
                                           : 1;
            token_ = {Kind::Sign, std::string(rest_.substr(0, length))};
            rest_.remove_prefix(length);
        }
    }

    bool isSignedNumber() const {
        return rest_.size() > 1 && (rest_.front() == '-' || rest_.front() == '+') &&
               isDigit(rest_[1]);
    }

    template <typename Belongs>
    std::string taken(const Belongs& belongs) {
        const auto end = std::find_if_not(rest_.begin() + 1, rest_.end(), belongs);
        std::string text(rest_.begin(), end);
        rest_.remove_prefix(text.size());
        return text;
    }

    /// A quote within is written twice.
    std::string quoted(char quote) {
        std::string text;
        rest_.remove_prefix(1);
        while (!rest_.empty()) {
            const char c = rest_.front();
            rest_.remove_prefix(1);
            if (c == quote && (rest_.empty() || rest_.front() != quote)) {
                break;
            }
            if (c == quote) {
                rest_.remove_prefix(1);
            }
            text.push_back(c);
        }
        return text;
    }

    std::string_view rest_;
    Token token_;
};

/// The number as toText() writes values: 5 for "5.0".
std::string plainNumber(const std::string& text) {
    double number = 0.0;
    const char* first = text.data() + (text.starts_with('+') ? 1 : 0);
    const auto [end, problem] = std::from_chars(first, text.data() + text.size(), number);
    return problem == std::errc() && end == text.data() + text.size() ? fmt::format("{}", number)
                                                                      : text;
}

class Parser {
public:
    explicit Parser(std::string_view text) : tokens_(text) {}

    Result<ClassCondition> all() {
        Result<ClassCondition> condition = alternatives(0);
        if (condition && tokens_.now().kind != Kind::End) {
            return notUnderstood();
        }
        return condition;
    }

private:
    Error notUnderstood() const {
        return Error{tokens_.now().kind == Kind::End
                         ? std::string("ends too early")
                         : fmt::format("'{}' is not understood", tokens_.now().text)};
    }

    Result<ClassCondition> alternatives(int level) {
        Result<ClassCondition> left = conjunction(level);
        while (left && tokens_.take("OR")) {
            const Result<ClassCondition> right = conjunction(level);
            left = right ? either(*left, *right) : right;
        }
        return left;
    }

    Result<ClassCondition> conjunction(int level) {
        Result<ClassCondition> left = condition(level);
        while (left && tokens_.take("AND")) {
            const Result<ClassCondition> right = condition(level);
            left = right ? both(*left, *right) : right;
        }
        return left;
    }

    Result<ClassCondition> condition(int level) {
        if (level > kMostLevels) {
            return Error{"has more than 32 brackets within each other"};
        }
        if (tokens_.take("NOT")) {
            const Result<ClassCondition> inner = condition(level + 1);
            return inner ? opposite(*inner) : inner;
        }
        if (tokens_.take("(")) {
            Result<ClassCondition> inner = alternatives(level + 1);
            if (inner && !tokens_.take(")")) {
                return notUnderstood();
            }
            return inner;
        }
        return ofField();
    }

    Result<ClassCondition> ofField() {
        const bool isName =
            tokens_.now().kind == Kind::Name || tokens_.now().kind == Kind::QuotedName;
        if (!isName) {
            return notUnderstood();
        }
        const std::string field = tokens_.takeAny().text;
        if (tokens_.take("NOT")) {
            const Result<ClassCondition> said = byWord(field);
            return said ? opposite(*said) : said;
        }
        if (tokens_.now().kind == Kind::Name) {
            return byWord(field);
        }
        return bySign(field);
    }

    Result<ClassCondition> byWord(const std::string& field) {
        if (tokens_.take("IN")) {
            return list(field);
        }
        if (tokens_.take("BETWEEN")) {
            const auto low = value();
            if (!low || !tokens_.take("AND")) {
                return notUnderstood();
            }
            const auto high = value();
            if (!high) {
                return notUnderstood();
            }
            return between(field, *low, *high);
        }
        if (tokens_.take("LIKE") || tokens_.take("ILIKE")) {
            return like(field);
        }
        return notUnderstood();
    }

    Result<ClassCondition> bySign(const std::string& field) {
        const std::string sign = tokens_.now().text;
        const bool isKnown = tokens_.now().kind == Kind::Sign &&
                             (sign == "=" || sign == "<>" || sign == "!=" || sign == "<" ||
                              sign == "<=" || sign == ">" || sign == ">=");
        if (!isKnown) {
            return notUnderstood();
        }
        tokens_.takeAny();
        const std::optional<std::string> right = value();
        return right ? comparison(field, sign == "!=" ? "<>" : sign, *right)
                     : Result<ClassCondition>(notUnderstood());
    }

    Result<ClassCondition> list(const std::string& field) {
        ClassCondition condition;
        condition.field = field;
        if (!tokens_.take("(")) {
            return notUnderstood();
        }
        do {
            const std::optional<std::string> item = value();
            if (!item) {
                return notUnderstood();
            }
            condition.values.push_back(*item);
        } while (tokens_.take(","));
        if (!tokens_.take(")")) {
            return notUnderstood();
        }
        return condition;
    }

    Result<ClassCondition> like(const std::string& field) {
        const Token pattern = tokens_.takeAny();
        const std::size_t wild = pattern.text.find_first_of("%_");
        const bool isPrefix = pattern.kind == Kind::Text && wild != std::string::npos && wild > 0 &&
                              wild + 1 == pattern.text.size() && pattern.text[wild] == '%';
        if (!isPrefix) {
            return Error{fmt::format("LIKE '{}' is more than a beginning", pattern.text)};
        }
        ClassCondition condition;
        condition.field = field;
        condition.prefixes = {pattern.text.substr(0, wild)};
        return condition;
    }

    static Result<ClassCondition>
    between(const std::string& field, const std::string& low, const std::string& high) {
        const Result<ClassCondition> from = comparison(field, ">=", low);
        const Result<ClassCondition> to = comparison(field, "<=", high);
        if (!from || !to) {
            return from ? to : from;
        }
        return both(*from, *to);
    }

    std::optional<std::string> value() {
        if (tokens_.now().kind == Kind::Text) {
            return tokens_.takeAny().text;
        }
        if (tokens_.now().kind == Kind::Number) {
            return plainNumber(tokens_.takeAny().text);
        }
        return std::nullopt;
    }

    Tokens tokens_;
};

} // namespace

Result<ClassCondition> parseFilter(std::string_view text) {
    Result<ClassCondition> condition =
        text.size() <= kMostBytes ? Parser(text).all() : Error{"is longer than 64 KiB"};
    if (!condition) {
        constexpr std::size_t kMostQuoted = 80;
        return within(fmt::format("filter {}", text.substr(0, kMostQuoted)), condition.error());
    }
    return condition;
}

std::string fieldIn(std::string_view text) {
    Tokens tokens(text);
    const Token first = tokens.takeAny();
    const bool isName = first.kind == Kind::Name || first.kind == Kind::QuotedName;
    return isName && tokens.now().kind == Kind::End ? first.text : "";
}

} // namespace pipeline::planning::style
