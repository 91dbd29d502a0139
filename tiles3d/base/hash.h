#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tiles3d::base {

/// A 64-bit fingerprint of what was added, in order; the same on every machine. Tells changes
/// apart, no protection against forgery. Source: Fowler, Noll, Vo, FNV-1a.
class Fingerprint {
public:
    /// Adds the text and its length, so that ("ab", "c") and ("a", "bc") differ.
    void add(std::string_view text) {
        for (const char c : text) {
            addByte(static_cast<unsigned char>(c));
        }
        add(std::uint64_t{text.size()});
    }
    void add(std::uint64_t number) {
        for (unsigned shift = 0; shift < 64; shift += 8) {
            addByte(static_cast<unsigned char>(number >> shift));
        }
    }

    /// 16 hexadecimal digits.
    std::string hex() const {
        constexpr std::string_view kDigits = "0123456789abcdef";
        std::string text;
        for (int shift = 60; shift >= 0; shift -= 4) {
            text += kDigits[(state_ >> static_cast<unsigned>(shift)) & 15U];
        }
        return text;
    }

private:
    void addByte(unsigned char byte) {
        constexpr std::uint64_t kPrime = 1099511628211ULL;
        state_ = (state_ ^ byte) * kPrime;
    }

    std::uint64_t state_ = 14695981039346656037ULL;
};

} // namespace tiles3d::base
