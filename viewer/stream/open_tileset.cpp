#include "viewer/stream/open_tileset.h"

#include "tiles3d/archive/archive.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/uri.h"
#include "tiles3d/tileset/tileset_io.h"
#include "viewer/stream/source_any.h"
#include "viewer/stream/source_archive.h"
#include "viewer/stream/tile_decoder.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

namespace viewer::stream {

namespace archive = tiles3d::archive;
namespace base = tiles3d::base;
namespace fs = std::filesystem;
namespace geo = tiles3d::geo;
namespace tileset = tiles3d::tileset;

namespace {

using Opened = base::Result<std::unique_ptr<TilesetSession>>;

constexpr const char* kRemedy = "give a folder with tileset.json, such a file, a .3tz archive, one "
                                ".glb or .b3dm, or an http(s) address";

Opened openAt(std::shared_ptr<const ISource> source,
              const std::string& rootUri,
              const SessionOptions& options,
              const std::string& shown) {
    auto session = TilesetSession::open(std::move(source), rootUri, options);
    return session ? std::move(session) : Opened(base::within(shown, session.error()));
}

/// The addresses that may be meant, likeliest first. Without an ending a name is a folder for most
/// people, but a tileset for some servers.
std::vector<std::string> addressesOf(const std::string& url) {
    const std::size_t pathEnd = std::min(url.find_first_of("?#"), url.size());
    const std::string query = url.substr(pathEnd);
    const std::string path = url.substr(0, pathEnd);
    const std::size_t slash = path.rfind('/');
    const bool isBareServer = slash < path.find("//") + 2;
    if (path.ends_with('/')) {
        return {path + "tileset.json" + query};
    }
    if (isBareServer || path.find('.', slash) == std::string::npos) {
        return {path + "/tileset.json" + query, url};
    }
    return {url};
}

Opened openOnWeb(const std::string& url, const SessionOptions& options) {
    const auto source = std::make_shared<const AnySource>(url);
    Opened opened = base::Error{};
    for (const std::string& address : addressesOf(url)) {
        opened = TilesetSession::open(source, base::encodeUnsafe(address), options);
        if (opened || opened.error().mayPass) {
            break;
        }
    }
    return opened;
}

Opened openArchive(const fs::path& file, const SessionOptions& options) {
    auto opened = archive::Archive::open(file);
    if (!opened) {
        return opened.error();
    }
    if (!opened->has("tileset.json")) {
        return base::Error{base::toUtf8(file) +
                           ": an archive without tileset.json at its top; it is no 3D Tiles "
                           "archive, or was packed together with the folder around it"};
    }
    auto files = std::make_unique<const ArchiveSource>(*std::move(opened));
    return openAt(std::make_shared<const AnySource>(std::move(files)),
                  "tileset.json",
                  options,
                  base::toUtf8(file));
}

/// Whether the file starts like a tile, not like a tileset.
bool looksLikeTile(const fs::path& file) {
    if (file.extension() == ".gltf") {
        return true;
    }
    std::array<char, 4> magic{};
    std::ifstream(file, std::ios::binary).read(magic.data(), magic.size());
    constexpr std::array<std::string_view, 5> kMagics{"glTF", "b3dm", "i3dm", "cmpt", "pnts"};
    return std::ranges::find(kMagics, std::string_view(magic.data(), magic.size())) !=
           kMagics.end();
}

/// A tileset around one content, which has to be read for it: its place is all that a tileset says.
base::Result<std::string> tilesetAround(const std::string& uri, const tileset::Limits& limits) {
    constexpr double kOnEarthMetres = 6.0e6; // from the Earth's centre: nothing local is so far off
    const glm::dvec3 centre = (limits.minimum + limits.maximum) * 0.5;
    tileset::Tileset made;
    made.root.contents.push_back({.uri = uri, .boundingVolume = {}});
    made.root.boundingVolume = tileset::boxAround(limits);
    if (glm::length(centre) < kOnEarthMetres) {
        made.root.transform = geo::EnuFrame(geo::Cartographic{}).toEcefMatrix();
    }
    return tileset::toJson(made);
}

Opened openTile(const fs::path& file, const SessionOptions& options) {
    const std::string uri = "file://" + base::encodeUriPath(fs::absolute(file));
    const auto source =
        std::make_shared<const AnySource>(std::make_unique<const FileSource>(file.parent_path()));
    const auto bytes = source->read(uri);
    if (!bytes) {
        return bytes.error();
    }
    const auto readResource = [&](const std::string& reference) {
        return source->read(base::resolveUri(uri, reference));
    };
    const auto pack = decodeTile(*bytes, glm::dmat4(1.0), {.readResource = readResource});
    if (!pack || pack->limits.isEmpty()) {
        return base::within(base::toUtf8(file),
                            pack ? base::Error{"nothing in it can be drawn"} : pack.error());
    }
    const auto json = tilesetAround(uri, pack->limits);
    if (!json) {
        return base::within(base::toUtf8(file), json.error());
    }
    const std::string rootUri = "data:application/json," + base::encodeUriPath(*json);
    return openAt(source, rootUri, options, base::toUtf8(file));
}

} // namespace

Opened openTileset(const std::string& location, const SessionOptions& options) {
    if (isWebUrl(location)) {
        return openOnWeb(location, options);
    }
    fs::path file(location);
    if (location.starts_with("file://")) {
        file = *base::localPath("", location);
    }
    std::error_code error;
    if (fs::is_directory(file, error)) {
        file /= "tileset.json";
    }
    if (!fs::is_regular_file(file, error)) {
        return base::Error{base::toUtf8(file) + ": no such tileset; " + kRemedy};
    }
    if (archive::looksLikeArchive(file)) {
        return openArchive(file, options);
    }
    if (looksLikeTile(file)) {
        return openTile(file, options);
    }
    auto files = std::make_unique<const FileSource>(file.parent_path());
    return openAt(std::make_shared<const AnySource>(std::move(files)),
                  base::encodeUriPath(file.filename()),
                  options,
                  base::toUtf8(file));
}

} // namespace viewer::stream
