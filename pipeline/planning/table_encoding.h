#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace pipeline::planning {

/// How the bytes of a Shapefile's table or of a CSV file become UTF-8. For every other format: they
/// are UTF-8 already.
class TableEncoding {
public:
    TableEncoding() = default;
    TableEncoding(std::string charset, std::string note)
        : charset_(std::move(charset)), note_(std::move(note)) {}

    /// As iconv knows it.
    const std::string& charset() const { return charset_; }
    /// What was found out, for people; empty if the file itself says it.
    const std::string& note() const { return note_; }

    /// Valid UTF-8 whatever the bytes: a name cut inside a character loses that character only.
    std::string toUtf8(std::string_view bytes) const;

private:
    std::string charset_ = "UTF-8";
    std::string note_;
};

/// Makes UTF-8 of many texts: the table of characters is looked up once. For one thread at a time.
class Utf8Decoder {
public:
    /// REQUIRES: `encoding` outlives it.
    explicit Utf8Decoder(const TableEncoding& encoding);
    Utf8Decoder(const Utf8Decoder&) = delete;
    Utf8Decoder& operator=(const Utf8Decoder&) = delete;
    ~Utf8Decoder();

    /// As TableEncoding::toUtf8().
    std::string decode(std::string_view bytes) const;

private:
    void* converter_ = nullptr; ///< iconv's; null: the bytes are meant to be UTF-8.
};

/// Reads the declaration (.cpg, language byte of the .dbf) or, without one, the bytes of a .dbf or
/// a .csv themselves: valid UTF-8 is UTF-8, anything else GB18030. `given` overrides both.
TableEncoding tableEncodingOf(const std::filesystem::path& file, const std::string& given);

} // namespace pipeline::planning
