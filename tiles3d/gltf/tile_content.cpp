#include "tiles3d/gltf/tile_content.h"

#include "tiles3d/base/file.h"
#include "tiles3d/gltf/feature_table.h"
#include "tiles3d/gltf/little_endian.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tiles3d::gltf {

using base::ByteView;
using base::Error;
using base::Result;

namespace {

using Pieces = Result<std::vector<ContentPiece>>;

/// Of the headers: magic, version, length.
constexpr std::size_t kStartBytes = 12;
constexpr std::size_t kMagicBytes = 4;

/// The bytes from `at` on start like a table's JSON or a GLB.
bool startsBody(ByteView bytes, std::size_t at) {
    const std::string_view text = base::asText(bytes.subspan(std::min(at, bytes.size())));
    return text.starts_with('{') || text.starts_with("glTF");
}

/// Bytes of the tables behind a header.
struct TableLengths {
    std::uint64_t header = 0;
    std::uint64_t featureJson = 0;
    std::uint64_t featureBinary = 0;
    std::uint64_t batches = 0;

    std::uint64_t end() const { return header + featureJson + featureBinary + batches; }
};

/// Before version 1.0 a header was shorter; then a table starts where today's has a length, and
/// as a length it is beyond everything.
TableLengths tableLengths(ByteView bytes, std::uint64_t header) {
    constexpr std::size_t kOldest = 20; // number of batches, length of their table
    constexpr std::size_t kOld = 24;    // lengths of the batches' JSON and binary, their number
    if (startsBody(bytes, kOldest) && number32(bytes, kOldest) > bytes.size()) {
        return {.header = kOldest, .batches = number32(bytes, 16)};
    }
    if (startsBody(bytes, kOld) && number32(bytes, kOld) > bytes.size()) {
        return {.header = kOld, .batches = number32(bytes, 12) + number32(bytes, 16)};
    }
    return {.header = header,
            .featureJson = number32(bytes, 12),
            .featureBinary = number32(bytes, 16),
            .batches = number32(bytes, 20) + number32(bytes, 24)};
}

/// What both kinds of tile with tables consist of.
struct Parts {
    FeatureTable features;
    ByteView body; ///< Behind all tables.
};

Result<Parts> partsOf(ByteView bytes, std::uint64_t header) {
    if (bytes.size() < header) {
        return Error{"a tile shorter than its header"};
    }
    const TableLengths lengths = tableLengths(bytes, header);
    if (lengths.end() > bytes.size()) {
        return Error{"a tile whose tables are longer than itself"};
    }
    Parts parts{.features = {.binary = bytes.subspan(lengths.header + lengths.featureJson,
                                                     lengths.featureBinary)},
                .body = bytes.subspan(lengths.end())};
    const ByteView text = bytes.subspan(lengths.header, lengths.featureJson);
    if (auto json = base::parseJson(base::asText(text.first(textBytes(text))))) {
        parts.features.json = *std::move(json);
    }
    return parts;
}

Pieces unwrapBatched(ByteView bytes) {
    constexpr std::uint64_t kHeader = 28;
    const auto parts = partsOf(bytes, kHeader);
    if (!parts) {
        return base::within("b3dm", parts.error());
    }
    ContentPiece piece;
    piece.gltf = parts->body;
    piece.rtcCentre = rtcCentreOf(parts->features);
    return std::vector{std::move(piece)};
}

Pieces unwrapInstanced(ByteView bytes) {
    constexpr std::uint64_t kHeader = 32;
    constexpr std::size_t kFormatAt = 28;
    const auto parts = partsOf(bytes, kHeader);
    if (!parts) {
        return base::within("i3dm", parts.error());
    }
    ContentPiece piece;
    piece.rtcCentre = rtcCentreOf(parts->features);
    auto instances = instancesOf(parts->features, piece.rtcCentre);
    if (!instances) {
        return base::within("i3dm", instances.error());
    }
    piece.instances = *std::move(instances);
    if (piece.instances.empty()) {
        return std::vector<ContentPiece>{}; // and not the model once
    }
    if (number32(bytes, kFormatAt) == 0) {
        piece.uri = base::asText(parts->body.first(textBytes(parts->body)));
    } else {
        piece.gltf = parts->body;
    }
    return std::vector{std::move(piece)};
}

Pieces unwrap(ByteView bytes, int depth);

Pieces unwrapComposite(ByteView bytes, int depth) {
    constexpr int kMostDepth = 4;
    constexpr std::size_t kHeader = 16;
    constexpr std::size_t kCountAt = 12;
    if (bytes.size() < kHeader || depth >= kMostDepth) {
        return Error{"a cmpt shorter than its header, or one of many in each other"};
    }
    std::vector<ContentPiece> all;
    std::size_t at = kHeader;
    for (std::uint64_t left = number32(bytes, kCountAt); left > 0; --left) {
        const ByteView rest = bytes.subspan(at);
        if (rest.size() < kStartBytes || number32(rest, 8) < kStartBytes) {
            return Error{"a cmpt that ends before its last tile"};
        }
        const std::size_t length = std::min<std::uint64_t>(number32(rest, 8), rest.size());
        auto pieces = unwrap(rest.first(length), depth + 1);
        if (!pieces) {
            return base::within("cmpt", pieces.error());
        }
        std::ranges::move(*pieces, std::back_inserter(all));
        at += length;
    }
    return all;
}

Pieces unwrap(ByteView bytes, int depth) {
    const std::string magic(base::asText(bytes.first(std::min(kMagicBytes, bytes.size()))));
    if (magic == "glTF" || isJson(bytes)) {
        ContentPiece piece;
        piece.gltf = bytes;
        return std::vector{std::move(piece)};
    }
    if (magic == "b3dm") {
        return unwrapBatched(bytes);
    }
    if (magic == "i3dm") {
        return unwrapInstanced(bytes);
    }
    if (magic == "cmpt") {
        return unwrapComposite(bytes, depth);
    }
    if (magic == "pnts") {
        return Error{"a point cloud (pnts); triangles alone are drawn here"};
    }
    if (magic.starts_with("PK")) {
        return Error{"an archive as content of a tile; open the archive itself"};
    }
    return Error{"content \"" + base::validUtf8(magic) +
                 "\" is neither glTF nor b3dm, i3dm or cmpt"};
}

} // namespace

Pieces unwrapContent(ByteView bytes) {
    return unwrap(bytes, 0);
}

} // namespace tiles3d::gltf
