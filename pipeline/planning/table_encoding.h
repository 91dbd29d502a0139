#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace pipeline::planning {

/// How the bytes of a Shapefile's table become UTF-8. For every other format: they are UTF-8
/// already.
class TableEncoding {
public:
    TableEncoding() = default;
    TableEncoding(std::string charset, std::string note)
        : charset_(std::move(charset)), note_(std::move(note)), isShapefile_(true) {}

    bool isShapefile() const { return isShapefile_; }
    /// What OGR is told: "" = raw bytes, ours to convert.
    std::string openAs() const { return ""; }
    /// What was found out, for people; empty if the file itself says it.
    const std::string& note() const { return note_; }

    /// Valid UTF-8 whatever the bytes: a name cut inside a character loses that character only.
    std::string toUtf8(std::string_view bytes) const;

private:
    std::string charset_ = "UTF-8"; ///< As iconv knows it.
    std::string note_;
    bool isShapefile_ = false;
};

/// Reads the declaration (.cpg, language byte of the .dbf) or, without one, the bytes themselves:
/// valid UTF-8 is UTF-8, anything else GB18030. `given` overrides both.
TableEncoding tableEncodingOf(const std::filesystem::path& file, const std::string& given);

} // namespace pipeline::planning
