#include "pipeline/planning/table_encoding.h"

#include "tiles3d/base/file.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

namespace pipeline::planning {

namespace {

namespace fs = std::filesystem;

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    std::erase_if(text, [](char c) { return c == ' ' || c == '\r' || c == '\n' || c == '\t'; });
    return text;
}

/// GB18030 holds GBK and GB2312; declarations name all three, and by Windows' number.
std::string charsetOf(const std::string& declared) {
    const std::string name = upper(declared);
    constexpr std::array<std::string_view, 7> kChinese{
        "936", "CP936", "GBK", "GB2312", "GB18030", "ANSI936", "OEM936"};
    if (std::ranges::find(kChinese, name) != kChinese.end()) {
        return "GB18030";
    }
    if (name.empty() || name == "UTF8" || name == "UTF-8" || name == "65001") {
        return "UTF-8";
    }
    return name;
}

class Converter {
public:
    explicit Converter(const std::string& from)
        : handle_(iconv_open("UTF-8", from.c_str()), [](iconv_t handle) {
              if (handle != iconv_t(-1)) {
                  iconv_close(handle);
              }
          }) {}

    bool isOpen() const { return handle_.get() != iconv_t(-1); }

    std::string convert(std::string_view text) const {
        std::string bytes(text);
        std::string out;
        char* from = bytes.data();
        std::size_t left = bytes.size();
        while (left > 0) {
            std::array<char, 256> chunk{};
            char* to = chunk.data();
            std::size_t room = chunk.size();
            const std::size_t done = iconv(handle_.get(), &from, &left, &to, &room);
            out.append(chunk.data(), chunk.size() - room);
            if (done == static_cast<std::size_t>(-1) && errno != E2BIG) {
                if (errno == EINVAL) {
                    break; // cut inside the last character
                }
                out += "\xEF\xBF\xBD";
                ++from;
                --left;
            }
        }
        return out;
    }

private:
    std::unique_ptr<std::remove_pointer_t<iconv_t>, void (*)(iconv_t)> handle_;
};

bool isValidUtf8(std::string_view bytes) {
    return tiles3d::base::validUtf8(bytes) == bytes;
}

/// The language byte's Chinese values (dBASE: 0x4D = 936, 0x7A and 0x77 as well).
bool isChineseByte(std::byte language) {
    const auto value = std::to_integer<unsigned>(language);
    return value == 0x4DU || value == 0x7AU;
}

} // namespace

std::string TableEncoding::toUtf8(std::string_view bytes) const {
    if (charset_ != "UTF-8") {
        const Converter converter(charset_);
        if (converter.isOpen()) {
            return tiles3d::base::validUtf8(converter.convert(bytes));
        }
    }
    return tiles3d::base::validUtf8(bytes);
}

TableEncoding tableEncodingOf(const fs::path& file, const std::string& given) {
    if (upper(file.extension().string()) != ".SHP" && upper(file.extension().string()) != ".DBF") {
        return {};
    }
    if (!given.empty()) {
        return {charsetOf(given), ""};
    }
    for (const char* extension : {".cpg", ".CPG"}) {
        fs::path declaration = file;
        const auto text =
            tiles3d::base::readTextFile(declaration.replace_extension(extension), 100);
        if (text) {
            return {charsetOf(*text), ""};
        }
    }
    constexpr std::uint64_t kMostBytes = std::uint64_t{4} << 30U;
    constexpr std::size_t kLanguageByte = 29;
    constexpr std::size_t kFirstName = 32;
    fs::path table = file;
    auto bytes = tiles3d::base::readFile(table.replace_extension(".dbf"), kMostBytes);
    if (!bytes || bytes->size() <= kFirstName) {
        return {"UTF-8", ""};
    }
    if (isChineseByte((*bytes)[kLanguageByte])) {
        return {"GB18030", ""};
    }
    // The fixed header is binary; names and values follow.
    const auto text = tiles3d::base::asText(tiles3d::base::ByteView(*bytes)).substr(kFirstName);
    const bool isAscii =
        std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80U; });
    if (isAscii) {
        return {"UTF-8", ""};
    }
    return isValidUtf8(text)
               ? TableEncoding("UTF-8", "no .cpg file; its text is valid UTF-8 and is read as that")
               : TableEncoding("GB18030", "no .cpg file; its text is read as GBK (GB18030)");
}

} // namespace pipeline::planning
