#include "pipeline/sample/defects.h"
#include "tiles3d/image/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

namespace pipeline::sample {

namespace {

using Files = std::vector<BlockFile>;

constexpr std::size_t kRoot = 0;
constexpr std::size_t kMiddle = 1;
constexpr std::size_t kFirstLeaf = 2;
constexpr std::uint32_t kCells = kFixtureGrid - 1;

/// The n-th file name that ends as given; the fixture's names differ only in the block's name.
std::string nameEnding(const FileSet& files, std::string_view ending) {
    for (const auto& [name, bytes] : files) {
        if (name.ends_with(ending)) {
            return name;
        }
    }
    return files.begin()->first;
}

std::string leafName(const FileSet& files, int index) {
    return nameEnding(files, fmt::format("_L16_0u{}.osgb", index));
}

std::string rootName(const FileSet& files) {
    std::string shortest = files.begin()->first;
    for (const auto& [name, bytes] : files) {
        shortest = name.size() < shortest.size() ? name : shortest;
    }
    return shortest;
}

/// Replaces the triangles of the first leaf; vertices stay.
void setPrimitives(Files& files, std::vector<OsgPrimitives> primitives) {
    geometryOf(files[kFirstLeaf]).primitives = std::move(primitives);
}

OsgPrimitives onePer(OsgPrimitives::Mode mode, std::vector<std::uint32_t> indices) {
    return {OsgPrimitives::Kind::UIntIndices, mode, 0, std::move(indices)};
}

/// Vertex pairs of one row of cells, upper vertex first: a strip as triangles or as quads.
std::vector<std::uint32_t> rowPairs(std::uint32_t row) {
    std::vector<std::uint32_t> indices;
    for (std::uint32_t column = 0; column < kFixtureGrid; ++column) {
        indices.push_back((row + 1) * kFixtureGrid + column);
        indices.push_back(row * kFixtureGrid + column);
    }
    return indices;
}

void makeStrips(Files& files, OsgPrimitives::Mode mode) {
    std::vector<OsgPrimitives> rows;
    for (std::uint32_t row = 0; row < kCells; ++row) {
        rows.push_back(onePer(mode, rowPairs(row)));
    }
    setPrimitives(files, std::move(rows));
}

/// Corners of every cell, counter-clockwise.
std::vector<std::uint32_t> cellCorners() {
    std::vector<std::uint32_t> corners;
    for (std::uint32_t row = 0; row < kCells; ++row) {
        for (std::uint32_t column = 0; column < kCells; ++column) {
            const std::uint32_t low = row * kFixtureGrid + column;
            for (const std::uint32_t index :
                 {low, low + 1, low + 1 + kFixtureGrid, low + kFixtureGrid}) {
                corners.push_back(index);
            }
        }
    }
    return corners;
}

void makeFans(Files& files) {
    const std::vector<std::uint32_t> corners = cellCorners();
    std::vector<OsgPrimitives> fans;
    for (std::size_t i = 0; i < corners.size(); i += 4) {
        fans.push_back(onePer(OsgPrimitives::Mode::TriangleFan,
                              {corners[i], corners[i + 1], corners[i + 2], corners[i + 3]}));
    }
    setPrimitives(files, std::move(fans));
}

/// Gives every index its own vertex, in order.
void unroll(OsgGeometry& geometry, const std::vector<std::uint32_t>& indices) {
    OsgGeometry rolled = geometry;
    geometry.positions.clear();
    geometry.uvs.clear();
    for (const std::uint32_t index : indices) {
        geometry.positions.push_back(rolled.positions[index]);
        geometry.uvs.push_back(rolled.uvs[index]);
    }
}

void makeDrawArrays(Files& files) {
    OsgGeometry& geometry = geometryOf(files[kFirstLeaf]);
    unroll(geometry, std::vector<std::uint32_t>(geometry.primitives.front().numbers));
    const auto count = static_cast<std::uint32_t>(geometry.positions.size());
    geometry.primitives = {
        {OsgPrimitives::Kind::DrawArrays, OsgPrimitives::Mode::Triangles, 0, {count}}};
}

void makeDrawArrayLengths(Files& files) {
    OsgGeometry& geometry = geometryOf(files[kFirstLeaf]);
    std::vector<std::uint32_t> all;
    std::vector<std::uint32_t> lengths;
    for (std::uint32_t row = 0; row < kCells; ++row) {
        const std::vector<std::uint32_t> pairs = rowPairs(row);
        all.insert(all.end(), pairs.begin(), pairs.end());
        lengths.push_back(static_cast<std::uint32_t>(pairs.size()));
    }
    unroll(geometry, all);
    geometry.primitives = {
        {OsgPrimitives::Kind::DrawArrayLengths, OsgPrimitives::Mode::TriangleStrip, 0, lengths}};
}

void useIndices(Files& files, OsgPrimitives::Kind kind) {
    for (OsgPrimitives& set : geometryOf(files[kFirstLeaf]).primitives) {
        set.kind = kind;
    }
}

void makeOneTriangle(Files& files) {
    OsgGeometry& geometry = geometryOf(files[kFirstLeaf]);
    geometry.positions.resize(3);
    geometry.positions[2] = geometry.positions[0] + glm::vec3(0.0F, 1.0F, 0.0F);
    geometry.uvs.resize(3);
    geometry.primitives = {onePer(OsgPrimitives::Mode::Triangles, {0, 1, 2})};
    tiles3d::image::Raster tiny{
        4, 8, 3, tiles3d::base::Bytes(std::size_t{4} * 8 * 3, std::byte{0x80})};
    if (auto image = tiles3d::image::encode(tiny)) {
        geometry.texture->bytes = std::move(image->bytes);
    }
}

void addEmptySets(Files& files) {
    std::vector<OsgPrimitives>& sets = geometryOf(files[kFirstLeaf]).primitives;
    sets.insert(sets.begin(), onePer(OsgPrimitives::Mode::Triangles, {}));
    sets.push_back({OsgPrimitives::Kind::DrawArrays, OsgPrimitives::Mode::Triangles, 0, {0}});
    sets.push_back({OsgPrimitives::Kind::UShortIndices, OsgPrimitives::Mode::TriangleStrip, 0, {}});
}

void addDegenerates(Files& files) {
    std::vector<std::uint32_t>& indices = geometryOf(files[kFirstLeaf]).primitives.front().numbers;
    for (const std::uint32_t index : {0U, 0U, 1U, 2U, 3U, 3U, 5U, 5U, 5U}) {
        indices.push_back(index);
    }
}

/// Moves a leaf's vertices away and a MatrixTransform above it moves them back.
void addTransform(Files& files) {
    constexpr glm::dvec3 kShift{1000.0, -500.0, 20.0};
    OsgNode geode = files[kFirstLeaf].root;
    for (glm::vec3& position : geode.geometries.front().positions) {
        position -= glm::vec3(kShift);
    }
    OsgNode transform;
    transform.kind = OsgNode::Kind::MatrixTransform;
    transform.matrix[3] = glm::dvec4(kShift, 1.0);
    transform.children.push_back(std::move(geode));
    files[kFirstLeaf].root = std::move(transform);
}

/// Ranges by distance, the finer file nearer than 200 m, and listed first.
void useDistances(Files& files) {
    for (OsgNode& lod : files[kMiddle].root.children) {
        lod.byDistance = true;
        const std::string child = lod.ranges.back().file;
        lod.ranges = {{200.0, 1e30, ""}, {0.0, 200.0, child}};
    }
}

/// A second Geode beside the PagedLODs of a file.
void addBesides(Files& files) {
    OsgNode geode = files[kFirstLeaf].root;
    for (glm::vec3& position : geode.geometries.front().positions) {
        position.z += 30.0F;
    }
    files[kMiddle].root.children.push_back(std::move(geode));
}

void usePng(Files& files) {
    OsgTexture& texture = *geometryOf(files[kFirstLeaf]).texture;
    const auto raster = tiles3d::image::decode(texture.bytes);
    if (!raster) {
        return;
    }
    if (auto png = tiles3d::image::encode(*raster, {.format = tiles3d::image::ImageFormat::Png})) {
        texture.bytes = std::move(png->bytes);
        texture.fileName.replace(texture.fileName.size() - 3, 3, "png");
    }
}

BlockDefect onTrees(std::string name, std::string description, std::function<void(Files&)> change) {
    return {std::move(name), std::move(description), Outcome::Converted, {}, std::move(change), {}};
}

BlockDefect losing(BlockDefect defect, Outcome outcome, std::vector<std::string> losses) {
    defect.outcome = outcome;
    defect.losses = std::move(losses);
    return defect;
}

BlockDefect onBytes(std::string name,
                    std::string description,
                    Outcome outcome,
                    std::vector<std::string> losses,
                    std::function<void(FileSet&)> change) {
    return {
        std::move(name), std::move(description), outcome, std::move(losses), {}, std::move(change)};
}

void addPrimitiveDefects(std::vector<BlockDefect>& all) {
    using Mode = OsgPrimitives::Mode;
    using Kind = OsgPrimitives::Kind;
    all.push_back(onTrees("triangle_strips", "A leaf as one strip per row.", [](Files& f) {
        makeStrips(f, Mode::TriangleStrip);
    }));
    all.push_back(onTrees("triangle_fans", "A leaf as one fan per cell.", makeFans));
    all.push_back(onTrees("quads", "A leaf as quads.", [](Files& f) {
        setPrimitives(f, {onePer(Mode::Quads, cellCorners())});
    }));
    all.push_back(onTrees("quad_strips", "A leaf as one quad strip per row.", [](Files& f) {
        makeStrips(f, Mode::QuadStrip);
    }));
    all.push_back(onTrees("draw_arrays", "A leaf without indices.", makeDrawArrays));
    all.push_back(onTrees(
        "draw_array_lengths", "A leaf as strips by DrawArrayLengths.", makeDrawArrayLengths));
    all.push_back(onTrees("ubyte_indices", "A leaf with 8-bit indices.", [](Files& f) {
        useIndices(f, Kind::UByteIndices);
    }));
    all.push_back(onTrees("ushort_indices", "A leaf with 16-bit indices.", [](Files& f) {
        useIndices(f, Kind::UShortIndices);
    }));
    all.push_back(onTrees(
        "empty_primitive_sets", "Primitive sets without indices beside a good one.", addEmptySets));
    all.push_back(
        onTrees("degenerate_triangles", "Triangles that use a vertex twice.", addDegenerates));
    all.push_back(
        onTrees("one_triangle", "A leaf of one triangle with a 4 x 8 texture.", makeOneTriangle));
}

void addGeometryDefects(std::vector<BlockDefect>& all) {
    all.push_back(losing(
        onTrees("index_out_of_range",
                "An index beyond the last vertex.",
                [](Files& f) { geometryOf(f[kFirstLeaf]).primitives.front().numbers[4] = 100000; }),
        Outcome::Substituted,
        {"geometry"}));
    all.push_back(losing(onTrees("nan_vertex",
                                 "A vertex that is not a number.",
                                 [](Files& f) {
                                     geometryOf(f[kFirstLeaf]).positions[3].x =
                                         std::numeric_limits<float>::quiet_NaN();
                                 }),
                         Outcome::Substituted,
                         {"geometry"}));
    all.push_back(
        onTrees("untextured", "A leaf without texture and texture coordinates.", [](Files& f) {
            geometryOf(f[kFirstLeaf]).texture.reset();
            geometryOf(f[kFirstLeaf]).uvs.clear();
        }));
    all.push_back(onTrees("no_uv",
                          "A leaf with a texture but without texture coordinates.",
                          [](Files& f) { geometryOf(f[kFirstLeaf]).uvs.clear(); }));
    all.push_back(
        onTrees("matrix_transform", "A MatrixTransform above a leaf's Geode.", addTransform));
    all.push_back(onTrees(
        "distance_ranges", "DISTANCE_FROM_EYE_POINT, the finer child listed first.", useDistances));
    all.push_back(
        onTrees("lod_and_geode", "A Geode beside the PagedLODs of one file.", addBesides));
}

void addImageDefects(std::vector<BlockDefect>& all) {
    all.push_back(onTrees("png_image", "A leaf with an inline PNG.", usePng));
    BlockDefect external = onTrees("external_image", "A leaf's JPEG lies beside it.", {});
    external.changeTrees = [](Files& f) { geometryOf(f[kFirstLeaf]).texture->bytes.clear(); };
    external.changeBytes =
        [](FileSet& files) { // every node's picture has the same size: the second leaf's will do
            const tiles3d::base::Bytes& other = files[leafName(files, 1)];
            const std::string_view text = tiles3d::base::asText(other);
            const std::size_t begin = text.find("\xFF\xD8\xFF");
            const std::size_t end = text.rfind("\xFF\xD9") + 2;
            std::string name = leafName(files, 0);
            name.replace(name.size() - 5, 5, "_0_1.jpg");
            files[name].assign(other.begin() + static_cast<std::ptrdiff_t>(begin),
                               other.begin() + static_cast<std::ptrdiff_t>(end));
        };
    all.push_back(external);
    all.push_back(
        losing(onTrees("missing_image",
                       "A leaf names a JPEG that is not there.",
                       [](Files& f) { geometryOf(f[kFirstLeaf]).texture->bytes.clear(); }),
               Outcome::Converted,
               {"image"}));
    all.push_back(losing(onTrees("garbage_image",
                                 "A leaf's inline image is noise.",
                                 [](Files& f) {
                                     std::ranges::fill(geometryOf(f[kFirstLeaf]).texture->bytes,
                                                       std::byte{0x5A});
                                 }),
                         Outcome::Converted,
                         {"image"}));
}

void addReferenceDefects(std::vector<BlockDefect>& all) {
    all.push_back(losing(onTrees("self_reference",
                                 "A leaf names its own file as child.",
                                 [](Files& f) {
                                     OsgNode lod = f[kMiddle].root.children.front();
                                     lod.children = {f[kFirstLeaf].root};
                                     f[kFirstLeaf].root = std::move(lod);
                                 }),
                         Outcome::Substituted,
                         {"cycle"}));
    all.push_back(losing(onTrees("cycle",
                                 "A leaf names the block's root as child.",
                                 [](Files& f) {
                                     OsgNode lod = f[kMiddle].root.children.front();
                                     lod.ranges.back().file = f[kRoot].name;
                                     lod.children = {f[kFirstLeaf].root};
                                     f[kFirstLeaf].root = std::move(lod);
                                 }),
                         Outcome::Substituted,
                         {"cycle"}));
    all.push_back(losing(onTrees("child_outside",
                                 "A node names a file outside the block's folder.",
                                 [](Files& f) {
                                     f[kMiddle].root.children.front().ranges.back().file =
                                         "../../../../etc/passwd";
                                 }),
                         Outcome::Substituted,
                         {"unreadable", "orphan"}));
    all.push_back(onBytes("missing_all_children",
                          "None of the eight leaf files exists.",
                          Outcome::Substituted,
                          {"missing"},
                          [](FileSet& files) {
                              for (int i = 0; i < 8; ++i) {
                                  files.erase(leafName(files, i));
                              }
                          }));
    all.push_back(onBytes("missing_one_of_eight",
                          "One of eight leaf files is missing.",
                          Outcome::Substituted,
                          {"missing"},
                          [](FileSet& files) { files.erase(leafName(files, 3)); }));
    all.push_back(onBytes("missing_middle",
                          "The only file between root and leaves is missing.",
                          Outcome::Substituted,
                          {"missing", "orphan"},
                          [](FileSet& files) { files.erase(nameEnding(files, "_L15_0u.osgb")); }));
    all.push_back(onBytes("missing_root",
                          "The folder has no root file.",
                          Outcome::Quarantined,
                          {"missing", "orphan"},
                          [](FileSet& files) { files.erase(rootName(files)); }));
    all.push_back(onBytes("orphan_file",
                          "A file that no node names.",
                          Outcome::Converted,
                          {"orphan"},
                          [](FileSet& files) { files["stray.osgb"] = files[leafName(files, 2)]; }));
}

void truncateTo(FileSet& files, const std::string& name, double share) {
    tiles3d::base::Bytes& bytes = files[name];
    bytes.resize(static_cast<std::size_t>(std::floor(static_cast<double>(bytes.size()) * share)));
}

void addTruncations(std::vector<BlockDefect>& all) {
    int number = 0;
    for (const double share : {0.0, 0.001, 0.02, 0.15, 0.5, 0.9, 0.9999}) {
        all.push_back(
            onBytes(fmt::format("truncated_leaf_{}", number++),
                    fmt::format("A leaf file ends after {:.2f} % of its bytes.", share * 100.0),
                    Outcome::Substituted,
                    {"unreadable"},
                    [share](FileSet& files) { truncateTo(files, leafName(files, 3), share); }));
    }
    all.push_back(onBytes("truncated_root",
                          "The root file ends in its middle.",
                          Outcome::Quarantined,
                          {"unreadable", "orphan"},
                          [](FileSet& files) { truncateTo(files, rootName(files), 0.5); }));
}

/// Turns over one byte in `every`, starting after the header.
void flipBytes(tiles3d::base::Bytes& bytes, std::size_t every) {
    for (std::size_t i = 40; i < bytes.size(); i += every) {
        bytes[i] ^= std::byte{0xFF};
    }
}

/// Replaces text by other text of the same length, wherever it stands.
void replaceText(tiles3d::base::Bytes& bytes, std::string_view from, std::string_view to) {
    const auto needle = tiles3d::base::asBytes(from);
    const auto with = tiles3d::base::asBytes(to);
    auto at = std::ranges::search(bytes, needle).begin();
    while (at != bytes.end()) {
        at = std::ranges::copy(with, at).out;
        at = std::search(at, bytes.end(), needle.begin(), needle.end());
    }
}

tiles3d::base::Bytes emptyRoot() {
    OsgNode nothing;
    nothing.kind = OsgNode::Kind::Node;
    return writeOsgb(nothing);
}

void addByteDefects(std::vector<BlockDefect>& all) {
    all.push_back(onBytes("empty_root",
                          "The root is an osg::Node with nothing in it (62 bytes).",
                          Outcome::Quarantined,
                          {"empty", "orphan"},
                          [](FileSet& files) { files[rootName(files)] = emptyRoot(); }));
    all.push_back(onBytes("empty_leaf",
                          "A leaf is an osg::Node with nothing in it.",
                          Outcome::Substituted,
                          {"empty"},
                          [](FileSet& files) { files[leafName(files, 3)] = emptyRoot(); }));
    all.push_back(onBytes(
        "garbage",
        "A leaf file holds no OSGB at all.",
        Outcome::Substituted,
        {"unreadable"},
        [](FileSet& files) { std::ranges::fill(files[leafName(files, 3)], std::byte{0x37}); }));
    all.push_back(onBytes("flipped_bytes",
                          "Every 97th byte of a leaf is turned over.",
                          Outcome::Substituted,
                          {"unreadable"},
                          [](FileSet& files) { flipBytes(files[leafName(files, 3)], 97); }));
    all.push_back(onBytes("unknown_class",
                          "A leaf's Geode has a class name that does not exist.",
                          Outcome::Substituted,
                          {"unreadable"},
                          [](FileSet& files) {
                              replaceText(files[leafName(files, 3)], "osg::Geode", "oqg::Geode");
                          }));
    all.push_back(onBytes("newer_version",
                          "A leaf states a file version from the future.",
                          Outcome::Substituted,
                          {"unreadable"},
                          [](FileSet& files) {
                              constexpr std::size_t kVersionAt = 12;
                              files[leafName(files, 3)][kVersionAt + 2] = std::byte{0x01}; // 65 616
                          }));
}

} // namespace

std::vector<BlockDefect> blockDefects() {
    std::vector<BlockDefect> all;
    all.push_back(onTrees("intact", "Nothing is wrong.", {}));
    addPrimitiveDefects(all);
    addGeometryDefects(all);
    addImageDefects(all);
    addReferenceDefects(all);
    addTruncations(all);
    addByteDefects(all);
    return all;
}

tiles3d::base::Result<FileSet> makeDefectBlock(const BlockDefect& defect,
                                               std::int64_t column,
                                               std::int64_t row,
                                               std::uint64_t seed) {
    auto files = makeFixtureBlock("Tile_" + defect.name, column, row, seed);
    if (!files) {
        return files.error();
    }
    if (defect.changeTrees) {
        defect.changeTrees(*files);
    }
    FileSet set = serialise(*files);
    if (defect.changeBytes) {
        defect.changeBytes(set);
    }
    return set;
}

} // namespace pipeline::sample
