#include "pipeline/emit/emit.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/uri.h"
#include "tiles3d/tileset/tileset_io.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace pipeline::emit {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
namespace fs = std::filesystem;
namespace ts = tiles3d::tileset;

namespace {

double diagonal(const ts::Box& box) {
    return 2.0 * glm::length(box.halfAxes[0] + box.halfAxes[1] + box.halfAxes[2]);
}

ts::Limits roundedOutward(const ts::Limits& limits) {
    constexpr double kPerMetre = 100.0;
    return {.minimum = glm::floor(limits.minimum * kPerMetre) / kPerMetre,
            .maximum = glm::ceil(limits.maximum * kPerMetre) / kPerMetre};
}

/// A frame's matrix to a tenth of a millimetre on the Earth, in half the digits.
glm::dmat4 rounded(glm::dmat4 matrix) {
    constexpr double kPerUnit = 1e12; // a rotation moves what is an Earth's radius away
    constexpr double kPerMetre = 1e4;
    for (int column = 0; column < 4; ++column) {
        const double digits = column == 3 ? kPerMetre : kPerUnit;
        matrix[column] = glm::round(matrix[column] * digits) / digits;
    }
    return matrix;
}

/// The box with fewer digits, its half axes longer by what rounding may take.
ts::Box roundedOutward(const ts::Box& box) {
    constexpr double kPerMetre = 100.0;
    constexpr double kRoundingMetres = 0.02;
    ts::Box result{.centre = glm::round(box.centre * kPerMetre) / kPerMetre};
    for (int axis = 0; axis < 3; ++axis) {
        const double length = glm::length(box.halfAxes[axis]);
        const double scale = length > 0.0 ? (length + kRoundingMetres) / length : 1.0;
        // Eight digits whatever the length: the axes stay at right angles.
        constexpr double kDigits = 8.0;
        const double unit =
            length > 0.0 ? std::pow(10.0, kDigits - std::floor(std::log10(length))) : 1.0;
        result.halfAxes[axis] = glm::round(box.halfAxes[axis] * scale * unit) / unit;
    }
    return result;
}

class Emission {
public:
    Emission(const City& city, const fs::path& out)
        : city_(city), out_(out), fromEcef_(rounded(city.frame.fromEcefMatrix())),
          startsFile_(city.nodes.size()) {
        for (const PlacedNode& node : city.nodes) {
            ts::Limits limits = node.limits;
            for (const std::size_t part : node.parts) {
                limits.include(ts::limitsOf(roundedOutward(city.parts[part].boxEcef), fromEcef_));
            }
            for (const std::size_t child : node.nodes) {
                limits.include(limits_[child]);
            }
            limits_.push_back(roundedOutward(limits));
        }
    }

    Result<std::set<fs::path>> run() {
        ts::Tileset tileset;
        if (!city_.nodes.empty()) {
            fill(city_.nodes.size() - 1, kMostTilesInFirstFile);
        }
        std::vector<ts::Tile> tops = topTiles();
        const bool isAlone = tops.size() == 1;
        tileset.root = isAlone ? std::move(tops.front()) : rootOver(std::move(tops));
        // A tileset that is all there is stands in ECEF already.
        tileset.root.transform =
            isAlone && city_.nodes.empty() ? glm::dmat4(1.0) : city_.frame.toEcefMatrix();
        tileset.schema = schema();
        const double error = tileset.root.geometricErrorMetres;
        tileset.geometricErrorMetres =
            std::max(2.0 * error, diagonal(std::get<ts::Box>(tileset.root.boundingVolume)));
        write(tileset, "tileset.json");
        if (!failure_) {
            return failure_.error();
        }
        return std::move(written_);
    }

private:
    /// URI of a file of the city, seen from a JSON in `folder`.
    static std::string uriFrom(const fs::path& folder, const fs::path& file) {
        return tiles3d::base::encodeUriPath(folder.empty() ? file
                                                           : file.lexically_relative(folder));
    }

    /// What hangs from the city's root, or is it: the pyramid's root, or all parts; and the others.
    /// In the city's frame.
    std::vector<ts::Tile> topTiles() {
        std::vector<ts::Tile> tiles;
        if (!city_.nodes.empty()) {
            tiles.push_back(tileOf(city_.nodes.size() - 1, ""));
        }
        for (const std::vector<PlacedTileset>* parts : {&city_.parts, &city_.others}) {
            for (const PlacedTileset& part : *parts) {
                if (parts == &city_.others || city_.nodes.empty()) {
                    tiles.push_back(pointerTo(part, ""));
                }
            }
        }
        return tiles;
    }

    /// A root without content, whose error has it refined at any distance.
    static ts::Tile rootOver(std::vector<ts::Tile> children) {
        ts::Tile root;
        ts::Limits limits;
        for (const ts::Tile& child : children) {
            const ts::BoundingVolume box = ts::transformed(child.boundingVolume, child.transform);
            limits.include(ts::limitsOf(std::get<ts::Box>(box)));
            root.geometricErrorMetres =
                std::max(root.geometricErrorMetres, 2.0 * child.geometricErrorMetres);
        }
        const ts::Box box = ts::boxAround(roundedOutward(limits));
        root.boundingVolume = box;
        root.geometricErrorMetres = std::max(root.geometricErrorMetres, diagonal(box));
        root.children = std::move(children);
        return root;
    }

    /// The classes of all others' schemas; of two with one name the first. Null without any.
    tiles3d::base::Json schema() const {
        tiles3d::base::Json classes;
        for (const PlacedTileset& other : city_.others) {
            for (const auto& [name, definition] : other.schema["classes"].members()) {
                if (!classes.has(name)) {
                    classes.set(name, definition);
                }
            }
        }
        return classes.isNull()
                   ? classes
                   : tiles3d::base::Json::object().set("id", "city3d").set("classes", classes);
    }

    /// Decides what the file that starts below `root` holds: whole levels as long as they are at
    /// most `mostTiles`, one level at least. What lies below the last of them starts files.
    void fill(std::size_t root, std::size_t mostTiles) {
        std::vector<std::size_t> level{root};
        std::size_t tiles = 1;
        while (!level.empty()) {
            std::vector<std::size_t> next;
            std::size_t added = 0;
            for (const std::size_t node : level) {
                added += city_.nodes[node].parts.size() + city_.nodes[node].nodes.size();
                next.insert(
                    next.end(), city_.nodes[node].nodes.begin(), city_.nodes[node].nodes.end());
            }
            if (tiles + added > mostTiles && level.front() != root) {
                for (const std::size_t node : level) {
                    startsFile_[node] = true;
                }
                return;
            }
            tiles += added;
            level = std::move(next);
        }
    }

    ts::Tile pointerTo(const PlacedTileset& part, const fs::path& folder) const {
        ts::Tile tile;
        tile.boundingVolume = roundedOutward(part.boxEcef);
        tile.geometricErrorMetres = part.geometricErrorMetres;
        tile.transform = fromEcef_;
        tile.contents.push_back({.uri = uriFrom(folder, part.file)});
        return tile;
    }

    ts::Tile tileOf(std::size_t index, const fs::path& folder) {
        const PlacedNode& node = city_.nodes[index];
        ts::Tile tile;
        tile.boundingVolume = ts::boxAround(limits_[index]);
        tile.geometricErrorMetres = node.geometricErrorMetres;
        tile.contents.push_back({.uri = uriFrom(folder, node.content)});
        tile.children = startsFile_[index] ? std::vector<ts::Tile>{fileBelow(index, folder)}
                                           : childrenOf(index, folder);
        return tile;
    }

    std::vector<ts::Tile> childrenOf(std::size_t index, const fs::path& folder) {
        std::vector<ts::Tile> children;
        for (const std::size_t child : city_.nodes[index].nodes) {
            children.push_back(tileOf(child, folder));
        }
        for (const std::size_t part : city_.nodes[index].parts) {
            children.push_back(pointerTo(city_.parts[part], folder));
        }
        return children;
    }

    /// What lies below a node in a file of its own, and the tile that points at it. Its root has no
    /// content and the box and error of the node: wherever the node is refined, so is this.
    ts::Tile fileBelow(std::size_t index, const fs::path& folder) {
        const fs::path file = fs::path(city_.nodes[index].content).replace_extension(".json");
        fill(index, kMostTilesInFile);
        ts::Tileset tileset;
        tileset.root.boundingVolume = ts::boxAround(limits_[index]);
        tileset.root.geometricErrorMetres = city_.nodes[index].geometricErrorMetres;
        tileset.root.children = childrenOf(index, file.parent_path());
        tileset.geometricErrorMetres = tileset.root.geometricErrorMetres;
        write(tileset, file);
        ts::Tile pointer;
        pointer.boundingVolume = tileset.root.boundingVolume;
        pointer.geometricErrorMetres = tileset.geometricErrorMetres;
        pointer.contents.push_back({.uri = uriFrom(folder, file)});
        return pointer;
    }

    void write(const ts::Tileset& tileset, const fs::path& file) {
        const Result<std::string> json = ts::toJson(tileset);
        const Status done = json ? tiles3d::base::writeFile(out_ / file, std::string_view(*json))
                                 : Status(json.error());
        failure_ = failure_ ? done : failure_;
        written_.insert(file);
    }

    const City& city_;
    const fs::path& out_;
    glm::dmat4 fromEcef_;
    std::vector<bool> startsFile_;   ///< Its children lie in a file of their own.
    std::vector<ts::Limits> limits_; ///< Per node, children included.
    Status failure_ = ok();
    std::set<fs::path> written_;
};

} // namespace

Result<std::set<fs::path>> emitTileset(const City& city, const fs::path& out) {
    if (city.parts.empty() && city.others.empty()) {
        return Error{"no block could be converted: there is no city to write"};
    }
    return Emission(city, out).run();
}

} // namespace pipeline::emit
