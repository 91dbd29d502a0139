#include "tiles3d/tileset/subtree.h"
#include "tiles3d/tileset/subtree_layout.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <utility>

namespace tiles3d::tileset {

using base::ByteView;
using base::Error;
using base::Json;
using base::Result;

namespace {

std::uint64_t unsignedAt(ByteView bytes, std::size_t offset, std::size_t byteCount) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < byteCount; ++i) {
        value |= std::to_integer<std::uint64_t>(bytes[offset + i]) << (8 * i);
    }
    return value;
}

/// The two parts of a subtree file; a JSON subtree has no buffer.
struct Chunks {
    ByteView json;
    ByteView buffer;
};

Result<Chunks> chunksOf(ByteView bytes) {
    constexpr std::size_t kWord = 4;
    const bool isBinary = bytes.size() >= kWord && unsignedAt(bytes, 0, kWord) == kSubtreeMagic;
    if (!isBinary) {
        return Chunks{bytes, {}};
    }
    if (bytes.size() < kSubtreeHeaderBytes) {
        return Error{fmt::format(
            "a subtree of {} bytes; its header has {}", bytes.size(), kSubtreeHeaderBytes)};
    }
    const std::uint64_t version = unsignedAt(bytes, kWord, kWord);
    if (version != kSubtreeVersion) {
        return Error{fmt::format("a subtree of version {}, not {}", version, kSubtreeVersion)};
    }
    const std::uint64_t jsonBytes = unsignedAt(bytes, 2 * kWord, 2 * kWord);
    const std::uint64_t bufferBytes = unsignedAt(bytes, 4 * kWord, 2 * kWord);
    const std::uint64_t bodyBytes = bytes.size() - kSubtreeHeaderBytes;
    if (jsonBytes > bodyBytes || bufferBytes > bodyBytes - jsonBytes) {
        return Error{fmt::format("a subtree of {} bytes that names {} of JSON and {} of buffer",
                                 bytes.size(),
                                 jsonBytes,
                                 bufferBytes)};
    }
    const ByteView body = bytes.subspan(kSubtreeHeaderBytes);
    return Chunks{body.first(jsonBytes), body.subspan(jsonBytes, bufferBytes)};
}

/// A column of TileMetadata and what fills it.
struct Column {
    const char* semantic = nullptr;
    std::size_t numbers = 0; ///< Of a row.
    std::vector<double> TileMetadata::*values = nullptr;
};

constexpr std::array<Column, 6> kColumns{
    {{"TILE_MINIMUM_HEIGHT", 1, &TileMetadata::minimumHeights},
     {"TILE_MAXIMUM_HEIGHT", 1, &TileMetadata::maximumHeights},
     {"TILE_GEOMETRIC_ERROR", 1, &TileMetadata::geometricErrors},
     {"TILE_BOUNDING_BOX", 12, &TileMetadata::boxes},
     {"TILE_BOUNDING_REGION", 6, &TileMetadata::regions},
     {"TILE_BOUNDING_SPHERE", 4, &TileMetadata::spheres}}};

double numberAt(ByteView bytes, std::size_t index, std::size_t byteCount) {
    const std::uint64_t bits = unsignedAt(bytes, index * byteCount, byteCount);
    return byteCount == sizeof(double)
               ? std::bit_cast<double>(bits)
               : static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
}

/// Bytes of a component that is read, 0 for one that is not.
std::size_t componentBytes(const Json& property, std::size_t numbers) {
    const std::string component = property["componentType"].stringOr("");
    const bool isArray = property["array"].boolOr(false);
    const bool hasCount = numbers == 1 ? !isArray
                                       : isArray && property["count"].integerOr(0) ==
                                                        static_cast<std::int64_t>(numbers);
    const bool isPlain = property["type"].stringOr("") == "SCALAR" && hasCount &&
                         !property.has("offset") && !property.has("scale") &&
                         !property.has("noData");
    if (!isPlain) {
        return 0;
    }
    if (component == "FLOAT64") {
        return sizeof(double);
    }
    return component == "FLOAT32" ? sizeof(float) : 0;
}

/// Reads one subtree. Fails through `failure_`, which holds the first reason.
class Reader {
public:
    Reader(const Json& json,
           ByteView internal,
           const ImplicitTiling& tiling,
           const ReadBuffer& readBuffer)
        : json_(json), internal_(internal), tiling_(tiling), readBuffer_(readBuffer) {}

    Result<Subtree> run() {
        const std::uint64_t tileCount = tilesAbove(tiling_.subdivision, tiling_.subtreeLevels);
        subtree_.tiles = availability(json_["tileAvailability"], tileCount, "tileAvailability");
        for (const Json& content : json_["contentAvailability"].items()) {
            constexpr std::size_t kMostContents = 64;
            if (subtree_.contents.size() == kMostContents) {
                return Error{fmt::format("more than {} contents a tile", kMostContents)};
            }
            subtree_.contents.push_back(availability(content, tileCount, "contentAvailability"));
        }
        subtree_.childSubtrees =
            availability(json_["childSubtreeAvailability"],
                         tilesOfLevel(tiling_.subdivision, tiling_.subtreeLevels),
                         "childSubtreeAvailability");
        if (!failure_.empty()) {
            return Error{std::move(failure_)};
        }
        noteOrphans();
        readMetadata();
        return std::move(subtree_);
    }

private:
    void fail(std::string reason) {
        if (failure_.empty()) {
            failure_ = std::move(reason);
        }
    }

    void note(std::string problem) {
        constexpr std::size_t kMostProblems = 100;
        if (subtree_.problems.size() < kMostProblems) {
            subtree_.problems.push_back(std::move(problem));
        }
    }

    /// The bytes of a buffer; those outside of the file are read once.
    Result<ByteView> bufferBytes(std::int64_t index) {
        const auto& buffers = json_["buffers"].items();
        if (index < 0 || static_cast<std::size_t>(index) >= buffers.size()) {
            return Error{fmt::format("there is no buffer {}", index)};
        }
        const Json& buffer = buffers[static_cast<std::size_t>(index)];
        const std::string uri = buffer["uri"].stringOr("");
        ByteView bytes = internal_;
        if (!uri.empty()) {
            const auto read = external(uri);
            if (!read) {
                return read.error();
            }
            bytes = *read;
        }
        const std::int64_t length = buffer["byteLength"].integerOr(-1);
        if (length < 0 || static_cast<std::uint64_t>(length) > bytes.size()) {
            return Error{
                fmt::format("buffer {} of {} bytes, where {} are", index, length, bytes.size())};
        }
        return bytes.first(static_cast<std::size_t>(length));
    }

    Result<ByteView> external(const std::string& uri) {
        for (const auto& [name, bytes] : externals_) {
            if (name == uri) {
                return ByteView(bytes);
            }
        }
        auto bytes = readBuffer_ ? readBuffer_(uri)
                                 : Result<base::Bytes>(Error{"buffers outside are not read"});
        if (!bytes) {
            return base::within("buffer " + uri, bytes.error());
        }
        externals_.emplace_back(uri, *std::move(bytes)); // moving keeps the bytes in their place
        return ByteView(externals_.back().second);
    }

    Result<ByteView> viewBytes(const Json& number) {
        const std::int64_t index = number.integerOr(-1);
        const auto& views = json_["bufferViews"].items();
        if (index < 0 || static_cast<std::size_t>(index) >= views.size()) {
            return Error{fmt::format("there is no buffer view {}", index)};
        }
        const Json& view = views[static_cast<std::size_t>(index)];
        const auto buffer = bufferBytes(view["buffer"].integerOr(-1));
        if (!buffer) {
            return buffer.error();
        }
        const std::int64_t offset = view["byteOffset"].integerOr(-1);
        const std::int64_t length = view["byteLength"].integerOr(-1);
        if (offset < 0 || length < 0 || static_cast<std::uint64_t>(offset) > buffer->size() ||
            static_cast<std::uint64_t>(length) >
                buffer->size() - static_cast<std::uint64_t>(offset)) {
            return Error{fmt::format("buffer view {} of {} bytes from {} on, in a buffer of {}",
                                     index,
                                     length,
                                     offset,
                                     buffer->size())};
        }
        return buffer->subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
    }

    Availability availability(const Json& json, std::uint64_t bitCount, const std::string& name) {
        if (json["constant"].isInteger()) {
            return Availability::constant(json["constant"].integerOr(0) == 1);
        }
        if (!json.has("bitstream")) {
            fail(name + " has neither a constant nor a bitstream");
            return {};
        }
        const auto bits = viewBytes(json["bitstream"]);
        if (!bits) {
            fail(name + ": " + bits.error().message);
            return {};
        }
        if (bits->size() != bytesOfBits(bitCount)) {
            fail(fmt::format("{} has {} bytes, {} tiles need {}",
                             name,
                             bits->size(),
                             bitCount,
                             bytesOfBits(bitCount)));
            return {};
        }
        auto read = Availability::bitstream({bits->begin(), bits->end()});
        if (json.has("availableCount")) {
            checkCount(read, bitCount, json["availableCount"], name);
        }
        return read;
    }

    void checkCount(const Availability& bits,
                    std::uint64_t bitCount,
                    const Json& stated,
                    const std::string& name) {
        const std::uint64_t count = countOf(bits, bitCount);
        if (stated.integerOr(-1) != static_cast<std::int64_t>(count)) {
            note(fmt::format(
                "{}: availableCount is {}, but {} bits are set", name, stated.dump(), count));
        }
    }

    static std::uint64_t countOf(const Availability& bits, std::uint64_t bitCount) {
        std::uint64_t count = 0;
        for (std::uint64_t i = 0; i < bitCount; ++i) {
            count += bits[i] ? 1U : 0U;
        }
        return count;
    }

    /// Whatever is available where no tile is, or no parent.
    void noteOrphans() {
        const std::uint64_t children = childrenPerTile(tiling_.subdivision);
        for (int level = 0; level <= tiling_.subtreeLevels; ++level) {
            const std::uint64_t above = tilesAbove(tiling_.subdivision, level);
            const std::uint64_t count = tilesOfLevel(tiling_.subdivision, level);
            for (std::uint64_t i = 0; i < count; ++i) {
                const bool hasParent =
                    level == 0 || subtree_.tiles[above - count / children + i / children];
                noteOrphan(level, above + i, hasParent);
            }
        }
    }

    void noteOrphan(int level, std::uint64_t index, bool hasParent) {
        if (level == tiling_.subtreeLevels) {
            const std::uint64_t child = index - tilesAbove(tiling_.subdivision, level);
            if (subtree_.childSubtrees[child] && !hasParent) {
                note(fmt::format("child subtree {} is available, its parent tile is not", child));
            }
            return;
        }
        if (subtree_.tiles[index] && !hasParent) {
            note(fmt::format("tile {} is available, its parent is not", index));
        }
        for (const Availability& content : subtree_.contents) {
            if (content[index] && !subtree_.tiles[index]) {
                note(fmt::format("content {} is available, its tile is not", index));
            }
        }
    }

    void readMetadata() {
        if (!json_.has("tileMetadata")) {
            return;
        }
        const std::int64_t index = json_["tileMetadata"].integerOr(-1);
        const auto& tables = json_["propertyTables"].items();
        if (index < 0 || static_cast<std::size_t>(index) >= tables.size()) {
            note(fmt::format("there is no property table {}", index));
            return;
        }
        if (tiling_.schema == nullptr) {
            note("tiles have metadata, but the tileset has no schema");
            return;
        }
        const Json& table = tables[static_cast<std::size_t>(index)];
        const Json& classJson = (*tiling_.schema)["classes"][table["class"].stringOr("")];
        for (const Json::Member& property : classJson["properties"].members()) {
            for (const Column& column : kColumns) {
                if (property.second["semantic"].stringOr("") == column.semantic &&
                    table["properties"].has(property.first)) {
                    readColumn(column, property.second, table["properties"][property.first]);
                }
            }
        }
    }

    void readColumn(const Column& column, const Json& property, const Json& tableProperty) {
        const std::size_t bytes = componentBytes(property, column.numbers);
        if (bytes == 0 || tableProperty.has("offset") || tableProperty.has("scale")) {
            note(fmt::format("metadata {} are not {} plain FLOAT32 or FLOAT64",
                             column.semantic,
                             column.numbers));
            return;
        }
        const auto values = viewBytes(tableProperty["values"]);
        if (!values) {
            note(fmt::format("metadata {}: {}", column.semantic, values.error().message));
            return;
        }
        const std::uint64_t rows =
            countOf(subtree_.tiles, tilesAbove(tiling_.subdivision, tiling_.subtreeLevels));
        if (values->size() != rows * column.numbers * bytes) {
            note(fmt::format("metadata {} have {} bytes, {} tiles need {}",
                             column.semantic,
                             values->size(),
                             rows,
                             rows * column.numbers * bytes));
            return;
        }
        std::vector<double>& numbers = subtree_.metadata.*column.values;
        numbers.resize(rows * column.numbers);
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            numbers[i] = numberAt(*values, i, bytes);
        }
    }

    const Json& json_;
    ByteView internal_;
    const ImplicitTiling& tiling_;
    const ReadBuffer& readBuffer_;
    std::vector<std::pair<std::string, base::Bytes>> externals_;
    Subtree subtree_;
    std::string failure_;
};

} // namespace

Availability Availability::constant(bool isAvailable) {
    Availability made;
    made.constant_ = isAvailable;
    return made;
}

Availability Availability::bitstream(base::Bytes bits) {
    Availability made;
    made.bits_ = std::move(bits);
    return made;
}

Result<Subtree>
readSubtree(ByteView bytes, const ImplicitTiling& tiling, const ReadBuffer& readBuffer) {
    const auto chunks = chunksOf(bytes);
    if (!chunks) {
        return chunks.error();
    }
    const auto json = base::parseJson(base::asText(chunks->json));
    if (!json) {
        return base::within("subtree", json.error());
    }
    auto read = Reader(*json, chunks->buffer, tiling, readBuffer).run();
    if (!read) {
        return base::within("subtree", read.error());
    }
    return read;
}

} // namespace tiles3d::tileset
