#include "pipeline/planning/shape_index.h"

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/file.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <optional>
#include <system_error>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::Status;

namespace {

namespace fs = std::filesystem;

// Both files begin with 100 bytes whose words at 0 and 24 are 9994 and the length, big-endian in
// units of 2 bytes. A record of the .shx is the place and length of one of the .shp, in these
// units; a record of the .shp begins with its number and that length.
constexpr std::size_t kHeaderBytes = 100;
constexpr std::size_t kRecordHeaderBytes = 8;
constexpr std::size_t kLengthPlace = 24;
constexpr std::uint32_t kMagic = 9994;

using RecordHeader = std::array<char, kRecordHeaderBytes>;

std::uint32_t bigEndian(const char* bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i) {
        value = value << 8U | static_cast<unsigned char>(bytes[i]);
    }
    return value;
}

void putBigEndian(char* bytes, std::uint32_t value) {
    for (std::size_t i = 0; i < sizeof value; ++i) {
        bytes[i] = static_cast<char>(value >> (8U * (sizeof value - 1 - i)));
    }
}

std::uint64_t bytesOf(std::uint32_t words) {
    return std::uint64_t{words} * 2;
}

std::uint64_t sizeOf(const fs::path& file) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    return error ? 0 : size;
}

/// Whether a .shx record points at a .shp record of that length.
bool pointsRight(std::ifstream& shapes, std::uint64_t size, const RecordHeader& record) {
    const std::uint64_t place = bytesOf(bigEndian(record.data()));
    const std::uint32_t length = bigEndian(record.data() + sizeof(std::uint32_t));
    if (place < kHeaderBytes || place + kRecordHeaderBytes + bytesOf(length) > size) {
        return false;
    }
    RecordHeader there{};
    if (static_cast<std::uint64_t>(shapes.tellg()) != place) {
        shapes.seekg(static_cast<std::streamoff>(place));
    }
    shapes.read(there.data(), there.size());
    const bool isThere = shapes && bigEndian(there.data() + sizeof(std::uint32_t)) == length;
    shapes.ignore(static_cast<std::streamsize>(bytesOf(length)));
    return isThere;
}

} // namespace

std::string flawOfShapeIndex(const fs::path& shp) {
    fs::path shx = shp;
    for (const char* extension : {".shx", ".SHX", ".Shx"}) {
        if (fs::exists(shx.replace_extension(extension))) {
            break;
        }
    }
    std::ifstream index(shx, std::ios::binary);
    if (!index) {
        return "its .shx file is missing";
    }
    std::array<char, kHeaderBytes> header{};
    const std::uint64_t size = sizeOf(shx);
    if (!index.read(header.data(), header.size()) || bigEndian(header.data()) != kMagic ||
        bytesOf(bigEndian(header.data() + kLengthPlace)) != size ||
        (size - kHeaderBytes) % kRecordHeaderBytes != 0) {
        return "its .shx file is cut or damaged";
    }
    std::ifstream shapes(shp, std::ios::binary);
    const std::uint64_t shapesSize = sizeOf(shp);
    for (RecordHeader record{}; index.read(record.data(), record.size());) {
        if (!pointsRight(shapes, shapesSize, record)) {
            return "its .shx file points beside the shapes";
        }
    }
    return "";
}

Status writeShapeIndex(const fs::path& shp) {
    std::ifstream shapes(shp, std::ios::binary);
    std::string index(kHeaderBytes, '\0');
    if (!shapes.read(index.data(), kHeaderBytes) || bigEndian(index.data()) != kMagic) {
        return Error{"its .shp file is damaged as well"};
    }
    const std::uint64_t size = sizeOf(shp);
    std::uint64_t place = kHeaderBytes;
    for (RecordHeader record{}; shapes.read(record.data(), record.size());) {
        const std::uint32_t length = bigEndian(record.data() + sizeof(std::uint32_t));
        const std::uint64_t next = place + kRecordHeaderBytes + bytesOf(length);
        if (next > size) {
            break;
        }
        RecordHeader entry{};
        putBigEndian(entry.data(), static_cast<std::uint32_t>(place / 2));
        putBigEndian(entry.data() + sizeof(std::uint32_t), length);
        index.append(entry.data(), entry.size());
        shapes.ignore(static_cast<std::streamsize>(bytesOf(length)));
        place = next;
    }
    putBigEndian(index.data() + kLengthPlace, static_cast<std::uint32_t>(index.size() / 2));
    fs::path shx = shp;
    return tiles3d::base::writeFile(shx.replace_extension(".shx"), std::string_view(index));
}

} // namespace pipeline::planning
