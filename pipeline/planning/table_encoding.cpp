#include "pipeline/planning/table_encoding.h"

#include "tiles3d/base/file.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>

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

std::string converted(iconv_t converter, std::string_view text) {
    iconv(converter, nullptr, nullptr, nullptr, nullptr); // back to the first state
    std::string bytes(text);
    std::string out;
    char* from = bytes.data();
    std::size_t left = bytes.size();
    while (left > 0) {
        std::array<char, 256> chunk{};
        char* to = chunk.data();
        std::size_t room = chunk.size();
        const std::size_t done = iconv(converter, &from, &left, &to, &room);
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

bool isAscii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80U; });
}

enum class Script { Ascii, Utf8, Other };

/// What the bytes of a file are from `start` on, a chunk in memory at a time.
Script scriptOf(const fs::path& file, std::size_t start) {
    constexpr std::size_t kChunk = std::size_t{1} << 20U;
    constexpr std::size_t kLongestCharacter = 4;
    std::ifstream stream(file, std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(start));
    std::string chunk;
    Script script = Script::Ascii;
    for (std::string rest; stream;) {
        chunk.resize(kChunk);
        stream.read(chunk.data(), static_cast<std::streamsize>(kChunk));
        chunk.resize(static_cast<std::size_t>(stream.gcount()));
        if (rest.empty() && isAscii(chunk)) {
            continue;
        }
        chunk.insert(0, rest);
        // The last character may be cut by the chunk's end: it waits for the next.
        std::size_t whole = chunk.size();
        for (std::size_t back = 1; stream && back < std::min(kLongestCharacter, whole); ++back) {
            if ((static_cast<unsigned char>(chunk[whole - back]) & 0xC0U) == 0xC0U) {
                whole -= back;
                break;
            }
        }
        const std::string_view text = std::string_view(chunk).substr(0, whole);
        if (tiles3d::base::validUtf8(text) != text) {
            return Script::Other;
        }
        script = isAscii(text) ? script : Script::Utf8;
        rest = chunk.substr(whole);
    }
    return script;
}

TableEncoding encodingOf(Script script, const std::string& where) {
    switch (script) {
    case Script::Utf8:
        return {"UTF-8", where + "its text is valid UTF-8 and is read as that"};
    case Script::Other:
        return {"GB18030", where + "its text is read as GBK (GB18030)"};
    case Script::Ascii:
        break;
    }
    return {};
}

/// The language byte's Chinese values (dBASE: 0x4D = 936, 0x7A and 0x77 as well).
bool isChineseByte(std::byte language) {
    const auto value = std::to_integer<unsigned>(language);
    return value == 0x4DU || value == 0x7AU;
}

} // namespace

std::string TableEncoding::toUtf8(std::string_view bytes) const {
    return Utf8Decoder(*this).decode(bytes);
}

Utf8Decoder::Utf8Decoder(const TableEncoding& encoding) {
    if (encoding.charset() != "UTF-8") {
        const iconv_t converter = iconv_open("UTF-8", encoding.charset().c_str());
        converter_ = converter == iconv_t(-1) ? nullptr : converter;
    }
}

Utf8Decoder::~Utf8Decoder() {
    if (converter_ != nullptr) {
        iconv_close(converter_);
    }
}

std::string Utf8Decoder::decode(std::string_view bytes) const {
    if (isAscii(bytes)) {
        return std::string(bytes);
    }
    return tiles3d::base::validUtf8(converter_ != nullptr ? converted(converter_, bytes)
                                                          : std::string(bytes));
}

TableEncoding tableEncodingOf(const fs::path& file, const std::string& given) {
    const std::string extension = upper(file.extension().string());
    const bool isTable = extension == ".SHP" || extension == ".DBF";
    if (!isTable && extension != ".CSV") {
        return {};
    }
    if (!given.empty()) {
        return {charsetOf(given), ""};
    }
    if (!isTable) {
        return encodingOf(scriptOf(file, 0), "");
    }
    for (const char* name : {".cpg", ".CPG"}) {
        fs::path declaration = file;
        const auto text = tiles3d::base::readTextFile(declaration.replace_extension(name), 100);
        if (text) {
            return {charsetOf(*text), ""};
        }
    }
    constexpr std::size_t kLanguageByte = 29;
    constexpr std::size_t kFirstName = 32; // the fixed header is binary; names and values follow
    fs::path table = file;
    std::array<char, kFirstName> header{};
    if (!std::ifstream(table.replace_extension(".dbf"), std::ios::binary)
             .read(header.data(), header.size())) {
        return {};
    }
    return isChineseByte(static_cast<std::byte>(header[kLanguageByte]))
               ? TableEncoding("GB18030", "")
               : encodingOf(scriptOf(table, kFirstName), "no .cpg file; ");
}

} // namespace pipeline::planning
