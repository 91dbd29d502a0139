#include "viewer/main/iso_time.h"

#include <algorithm>
#include <optional>
#include <string>

namespace viewer::main {

namespace {

namespace base = tiles3d::base;

/// Takes a text apart from its beginning; after a failure everything fails.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool takes(char mark) {
        const bool isNext = !rest_.empty() && rest_.front() == mark;
        rest_.remove_prefix(isNext ? 1 : 0);
        return isNext;
    }
    /// Exactly that many digits.
    int number(std::size_t digits) {
        const std::string_view text = rest_.substr(0, digits);
        const bool areDigits = text.size() == digits && std::ranges::all_of(text, [](char c) {
                                   return c >= '0' && c <= '9';
                               });
        isFine_ = isFine_ && areDigits;
        if (!isFine_) {
            return 0;
        }
        rest_.remove_prefix(digits);
        return std::stoi(std::string(text));
    }
    void expect(char mark) { isFine_ = takes(mark) && isFine_; }
    bool isAtEnd() const { return rest_.empty(); }
    bool isFine() const { return isFine_; }

private:
    std::string_view rest_;
    bool isFine_ = true;
};

/// Hours and minutes, "15:00".
std::optional<std::chrono::seconds> hoursAndMinutes(Reader& reader) {
    const int hours = reader.number(2);
    reader.expect(':');
    const int minutes = reader.number(2);
    if (!reader.isFine() || hours > 23 || minutes > 59) {
        return std::nullopt;
    }
    return std::chrono::hours(hours) + std::chrono::minutes(minutes);
}

std::optional<std::chrono::sys_days> day(Reader& reader) {
    const int year = reader.number(4);
    reader.expect('-');
    const int month = reader.number(2);
    reader.expect('-');
    const std::chrono::year_month_day date{
        std::chrono::year(year),
        std::chrono::month(static_cast<unsigned>(month)),
        std::chrono::day(static_cast<unsigned>(reader.number(2)))};
    return reader.isFine() && date.ok() ? std::optional<std::chrono::sys_days>(date) : std::nullopt;
}

/// What local time is ahead of UTC.
std::optional<std::chrono::seconds> offset(Reader& reader) {
    if (reader.takes('Z')) {
        return std::chrono::seconds(0);
    }
    const bool isBehind = reader.takes('-');
    if (!isBehind) {
        reader.expect('+');
    }
    const auto amount = hoursAndMinutes(reader);
    return amount && isBehind ? std::optional(-*amount) : amount;
}

std::optional<std::chrono::sys_seconds> parse(Reader& reader) {
    const auto date = day(reader);
    reader.expect('T');
    const auto time = hoursAndMinutes(reader);
    const int seconds = reader.takes(':') ? reader.number(2) : 0;
    const auto ahead = offset(reader);
    if (!date || !time || !ahead || seconds > 59 || !reader.isFine() || !reader.isAtEnd()) {
        return std::nullopt;
    }
    return *date + *time + std::chrono::seconds(seconds) - *ahead;
}

} // namespace

base::Result<std::chrono::sys_seconds> parseIsoTime(std::string_view text) {
    Reader reader(text);
    if (const auto moment = parse(reader)) {
        return *moment;
    }
    return base::Error{std::string(text) +
                       ": expected a day, an hour and what it is ahead of UTC, like "
                       "2026-06-21T15:00+08:00"};
}

} // namespace viewer::main
