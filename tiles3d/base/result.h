#pragma once

#include <string>
#include <utility>
#include <variant>

namespace tiles3d::base {

/// Why there is no value: one sentence with what, where, value and limit, and the remedy if known.
struct Error {
    std::string message;
    bool mayPass = false; ///< The same may succeed later: a server was busy, a line was down.
};

/// The value, or the Error that says why there is none.
/// REQUIRES: operator* only where operator bool is true, error() only where it is false.
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::move(value)) {}
    Result(Error error) : state_(std::move(error)) {}

    explicit operator bool() const { return std::holds_alternative<T>(state_); }
    const T& operator*() const& { return std::get<T>(state_); }
    T& operator*() & { return std::get<T>(state_); }
    T&& operator*() && { return std::get<T>(std::move(state_)); }
    const T* operator->() const { return &std::get<T>(state_); }
    T* operator->() { return &std::get<T>(state_); }
    const Error& error() const { return std::get<Error>(state_); }

private:
    std::variant<T, Error> state_;
};

/// Success without a value: `return ok();`
using Status = Result<std::monostate>;

inline Status ok() {
    return std::monostate{};
}

/// `error` with "context: " in front: callers only ever add where they were.
inline Error within(const std::string& context, const Error& error) {
    return {context + ": " + error.message, error.mayPass};
}

} // namespace tiles3d::base
