#include "pipeline/scan/scan.h"

#include "pipeline/scan/metadata.h"
#include "pipeline/scan/osgb_files.h"
#include "tiles3d/base/file.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <system_error>

namespace pipeline::scan {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;
using tiles3d::base::within;

namespace {

namespace fs = std::filesystem;

/// The folder is there and says no: its contents would be lost without a word.
bool isClosed(const fs::path& folder) {
    std::error_code error;
    const fs::directory_iterator entries(folder, error);
    return error == std::errc::permission_denied;
}

/// The block in a folder; nothing if the folder holds no .osgb file of its own.
std::optional<Block> blockIn(const fs::path& folder) {
    const OsgbFiles files = osgbFilesBelow(folder);
    if (!files.isAnyDirect() && !isClosed(folder)) {
        return std::nullopt;
    }
    Block block;
    block.name = folder.filename().string();
    block.folder = folder.native();
    block.root = (folder / (block.name + ".osgb")).native();
    std::error_code unreachable;
    block.hasRoot = fs::is_regular_file(block.root, unreachable);
    block.files = files.names.size();
    block.bytes = files.bytes;
    block.fingerprint = files.fingerprint;
    return block;
}

std::vector<Block> blocksBelow(const fs::path& folder) {
    std::vector<Block> blocks;
    for (const fs::path& candidate : foldersIn(folder)) {
        if (fs::is_directory(candidate / "Data")) { // a whole delivery; the file is its top
            continue;
        }
        if (std::optional<Block> block = blockIn(candidate)) {
            blocks.push_back(*std::move(block));
        }
    }
    return blocks;
}

struct Layout {
    fs::path metadata;
    std::vector<Block> blocks;
    FoundTop top; ///< Not among the blocks.
};

/// The delivery whose tile folders lie in `tiles`: it, or its Data folder.
Layout layoutIn(const fs::path& tiles) {
    const fs::path delivery = tiles.filename() == "Data" ? tiles.parent_path() : tiles;
    Layout layout{delivery / "metadata.xml", blocksBelow(tiles), {}};
    TopSearch search{delivery, tiles, {}};
    for (const Block& block : layout.blocks) {
        search.tileFolders.push_back(block.folder);
    }
    if (layout.blocks.empty()) {
        return layout;
    }
    layout.top = findTop(search);
    const FoundTop& found = layout.top;
    std::erase_if(layout.blocks, [&found](const Block& block) {
        return (found.top && block.folder == found.top->folder) ||
               std::ranges::find(found.others, fs::path(block.folder)) != found.others.end();
    });
    return layout;
}

/// A tile folder lies in the delivery or in its Data folder; metadata.xml is in the delivery.
fs::path metadataNear(const fs::path& tileFolder) {
    const fs::path beside = tileFolder.parent_path() / "metadata.xml";
    return fs::exists(beside) ? beside : tileFolder.parent_path().parent_path() / "metadata.xml";
}

/// A folder round one delivery, as archives unpack to; nothing if there are several.
Layout deliveryInside(const fs::path& path) {
    Layout found;
    for (const fs::path& folder : foldersIn(path)) {
        Layout layout = layoutIn(folder / "Data");
        if (layout.blocks.empty()) {
            continue;
        }
        if (!found.blocks.empty()) {
            return {};
        }
        found = std::move(layout);
    }
    return found;
}

Layout layoutOf(const fs::path& path) {
    if (isOsgb(path)) {
        std::optional<Block> block = blockIn(path.parent_path());
        if (!block) {
            return {};
        }
        block->root = path.native();
        block->hasRoot = fs::is_regular_file(path);
        return {metadataNear(path.parent_path()), {*std::move(block)}, {}};
    }
    for (const fs::path& tiles : {path / "Data", path / "terra_osgbs", path}) {
        Layout layout = layoutIn(tiles);
        if (!layout.blocks.empty()) {
            return layout;
        }
    }
    if (std::optional<Block> block = blockIn(path)) {
        return {metadataNear(path), {*std::move(block)}, {}};
    }
    return deliveryInside(path);
}

/// The first of them that is set.
std::optional<std::string> firstOf(std::initializer_list<std::optional<std::string>> texts) {
    for (const auto& text : texts) {
        if (text) {
            return text;
        }
    }
    return std::nullopt;
}

Status resolveCrs(Production& production,
                  const std::string& srs,
                  const std::optional<std::string>& datum,
                  const CityProject& project) {
    const auto crs = tiles3d::crs::understandSrs(srs, datum.has_value());
    if (!crs) {
        return crs.error();
    }
    production.crs = *crs;
    production.warnings.insert(
        production.warnings.end(), crs->warnings.begin(), crs->warnings.end());
    if (datum) {
        const auto heights = tiles3d::crs::parseHeightDatum(*datum, project.folder);
        if (!heights) {
            return heights.error();
        }
        production.heights = *heights;
        return ok();
    }
    if (!crs->heights) {
        return Error{
            "nobody says what its heights refer to. Give --height-datum ellipsoidal, egm96, "
            "a geoid grid file or a number of metres, or \"vertical\" in city.json"};
    }
    production.heights = *crs->heights;
    return ok();
}

Status place(Production& production,
             const ObliqueSource& source,
             const Metadata& metadata,
             const CityProject& project,
             const ScanOptions& options) {
    const std::string srs = firstOf({options.srs, source.srs}).value_or(metadata.srs);
    const std::string origin = firstOf({options.origin, source.origin}).value_or(metadata.origin);
    const auto datum = firstOf({options.heightDatum, source.heightDatum, project.heightDatum});
    const auto parsedOrigin = tiles3d::crs::parseOrigin(origin);
    if (!parsedOrigin) {
        return within("SRSOrigin", parsedOrigin.error());
    }
    production.origin = *parsedOrigin;
    return resolveCrs(production, srs, datum, project);
}

/// The top and what is to be said of it.
void addTop(Production& production, FoundTop found, Tops tops) {
    production.tops = tops;
    production.top = std::move(found.top);
    if (production.top && tops == Tops::Ignore) {
        production.warnings.push_back("it has its own top, " + toUtf8(production.top->root) +
                                      ", which is ignored (--tops use)");
    }
    std::ranges::move(found.warnings, std::back_inserter(production.warnings));
}

Result<Production>
scanDelivery(const ObliqueSource& source, const CityProject& project, const ScanOptions& options) {
    Layout layout = layoutOf(source.path);
    if (layout.blocks.empty()) {
        return Error{
            fs::exists(source.path)
                ? "no OSGB tiles: expected folders like Data/Tile_+000_+000 with .osgb files"
                : "no such file or folder"};
    }
    Production production;
    production.path = source.path;
    production.vintage = source.vintage;
    production.blocks = std::move(layout.blocks);
    const Result<Metadata> metadata = readMetadata(layout.metadata);
    if (!metadata && options.needsPlacement && !options.srs && !source.srs) {
        return metadata.error();
    }
    production.warnings =
        metadata ? metadata->warnings : std::vector<std::string>{metadata.error().message};
    addTop(production, std::move(layout.top), source.tops);
    const Status placed =
        place(production, source, metadata ? *metadata : Metadata{}, project, options);
    production.isPlaced = static_cast<bool>(placed);
    if (!placed && options.needsPlacement) {
        return placed.error();
    }
    if (!placed) {
        production.warnings.push_back("not placed: " + placed.error().message);
    }
    return production;
}

std::string uniqueName(const fs::path& path, const std::set<std::string>& taken) {
    const fs::path plain = fs::absolute(path).lexically_normal(); // "." and ".." are no names
    const fs::path folder = isOsgb(plain) || !plain.has_filename() ? plain.parent_path() : plain;
    const std::string base = folder.filename().empty() ? "city" : folder.filename().string();
    std::string name = base;
    for (int number = 2; taken.contains(name); ++number) {
        name = base + "_" + std::to_string(number);
    }
    return name;
}

} // namespace

Result<SourceCatalogue> scanSources(const CityProject& project, const ScanOptions& options) {
    if (project.oblique.empty() && project.terrain.isEmpty()) {
        return Error{"the project names no oblique delivery and no terrain: nothing to do"};
    }
    SourceCatalogue catalogue;
    std::set<std::string> names;
    for (const ObliqueSource& source : project.oblique) {
        Result<Production> production = scanDelivery(source, project, options);
        if (!production) {
            return within(toUtf8(source.path), production.error());
        }
        production->name = uniqueName(source.path, names);
        names.insert(production->name);
        for (Block& block : production->blocks) {
            block.name = production->name + "/" + block.name;
        }
        catalogue.productions.push_back(*std::move(production));
    }
    if (options.needsPlacement) {
        Result<std::vector<PlacedModel>> models = placeModels(project, options.heightDatum);
        if (!models) {
            return models.error();
        }
        catalogue.models = *std::move(models);
    }
    return catalogue;
}

} // namespace pipeline::scan
