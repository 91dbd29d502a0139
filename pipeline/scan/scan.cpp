#include "pipeline/scan/scan.h"

#include "pipeline/scan/metadata.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/hash.h"

#include <sys/stat.h>

#include <algorithm>
#include <set>
#include <system_error>

namespace pipeline::scan {

using tiles3d::base::Error;
using tiles3d::base::Fingerprint;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;
using tiles3d::base::within;

namespace {

namespace fs = std::filesystem;

bool isOsgb(const fs::path& file) {
    const std::string extension = file.extension().string();
    return extension == ".osgb" || extension == ".OSGB";
}

struct Listed {
    std::string name;
    std::uint64_t bytes = 0;
    std::uint64_t modified = 0;
};

/// The .osgb files below a tile folder, by name; links are not followed into other folders.
std::vector<Listed> listFiles(const fs::path& folder) {
    std::vector<Listed> files;
    std::error_code error;
    fs::recursive_directory_iterator entries(
        folder, fs::directory_options::skip_permission_denied, error);
    for (const auto end = fs::recursive_directory_iterator(); !error && entries != end;
         entries.increment(error)) {
        struct stat info {};
        if (isOsgb(entries->path()) && ::stat(entries->path().c_str(), &info) == 0 &&
            S_ISREG(info.st_mode)) {
            constexpr std::uint64_t kNanoseconds = 1000000000;
            files.push_back({entries->path().lexically_relative(folder).string(),
                             static_cast<std::uint64_t>(info.st_size),
                             static_cast<std::uint64_t>(info.st_mtim.tv_sec) * kNanoseconds +
                                 static_cast<std::uint64_t>(info.st_mtim.tv_nsec)});
        }
    }
    std::ranges::sort(files, {}, &Listed::name);
    return files;
}

/// The block in a folder; nothing if the folder holds no .osgb file of its own.
std::optional<Block> blockIn(const fs::path& folder) {
    const std::vector<Listed> files = listFiles(folder);
    const bool isTile = std::ranges::any_of(
        files, [](const Listed& file) { return file.name.find('/') == std::string::npos; });
    if (!isTile) {
        return std::nullopt;
    }
    Block block;
    block.name = folder.filename().string();
    block.folder = folder.native();
    block.root = (folder / (block.name + ".osgb")).native();
    block.hasRoot = fs::is_regular_file(block.root);
    Fingerprint fingerprint;
    for (const Listed& file : files) {
        ++block.files;
        block.bytes += file.bytes;
        fingerprint.add(file.name);
        fingerprint.add(file.bytes);
        fingerprint.add(file.modified);
    }
    block.fingerprint = fingerprint.hex();
    return block;
}

std::vector<std::string> foldersIn(const fs::path& folder) {
    std::vector<std::string> folders;
    std::error_code error;
    for (fs::directory_iterator entries(folder, error), end; !error && entries != end;
         entries.increment(error)) {
        if (entries->is_directory(error)) {
            folders.push_back(entries->path().native());
        }
    }
    std::ranges::sort(folders);
    return folders;
}

std::vector<Block> blocksBelow(const fs::path& folder) {
    std::vector<Block> blocks;
    for (const std::string& candidate : foldersIn(folder)) {
        if (std::optional<Block> block = blockIn(candidate)) {
            blocks.push_back(*std::move(block));
        }
    }
    return blocks;
}

struct Layout {
    fs::path metadata;
    std::vector<Block> blocks;
};

/// A tile folder lies in the delivery or in its Data folder; metadata.xml is in the delivery.
fs::path metadataNear(const fs::path& tileFolder) {
    const fs::path beside = tileFolder.parent_path() / "metadata.xml";
    return fs::exists(beside) ? beside : tileFolder.parent_path().parent_path() / "metadata.xml";
}

/// A folder round one delivery, as archives unpack to; nothing if there are several.
Layout deliveryInside(const fs::path& path) {
    Layout found;
    for (const fs::path folder : foldersIn(path)) {
        std::vector<Block> blocks = blocksBelow(folder / "Data");
        if (blocks.empty()) {
            continue;
        }
        if (!found.blocks.empty()) {
            return {};
        }
        found = {folder / "metadata.xml", std::move(blocks)};
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
        return {metadataNear(path.parent_path()), {*std::move(block)}};
    }
    for (const fs::path& tiles : {path / "Data", path, path / "terra_osgbs"}) {
        std::vector<Block> blocks = blocksBelow(tiles);
        if (!blocks.empty()) {
            const fs::path owner = tiles.filename() == "Data" ? tiles.parent_path() : tiles;
            return {owner / "metadata.xml", std::move(blocks)};
        }
    }
    if (std::optional<Block> block = blockIn(path)) {
        return {metadataNear(path), {*std::move(block)}};
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
    const fs::path folder = isOsgb(path) ? path.parent_path() : path;
    const std::string base = folder.filename().empty() ? "city" : folder.filename().string();
    std::string name = base;
    for (int number = 2; taken.contains(name); ++number) {
        name = base + "_" + std::to_string(number);
    }
    return name;
}

} // namespace

Result<SourceCatalogue> scanSources(const CityProject& project, const ScanOptions& options) {
    if (project.oblique.empty()) {
        return Error{"the project names no oblique delivery: nothing to do"};
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
    return catalogue;
}

} // namespace pipeline::scan
