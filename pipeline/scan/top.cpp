#include "pipeline/scan/top.h"

#include "pipeline/scan/osgb_files.h"
#include "tiles3d/base/file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>

namespace pipeline::scan {

using tiles3d::base::toUtf8;

namespace {

namespace fs = std::filesystem;

/// Roots by these names stand above everything; also, in this order, which of several files is the
/// root.
constexpr std::array<std::string_view, 6> kRootNames{
    "top", "root", "main", "block", "scene", "tile_top"};

std::string lowerCase(const fs::path& name) {
    std::string text = name.string();
    std::ranges::transform(text, text.begin(), [](unsigned char letter) {
        return static_cast<char>(std::tolower(letter));
    });
    return text;
}

bool isCalledTop(const fs::path& folder) {
    return lowerCase(folder.filename()) == "top";
}

/// Names that a top's folder may have, but a block's as well.
bool mayBeCalledTop(const fs::path& folder) {
    const std::string name = lowerCase(folder.filename());
    return std::ranges::find(kRootNames, name) != kRootNames.end() || name.ends_with("_top") ||
           name.starts_with("top_");
}

/// The path that ends at `end`, as far as it reads like one: a stored string follows its length,
/// four bytes of which the last are zero.
std::string_view pathEndingAt(std::string_view bytes, std::size_t end) {
    constexpr std::size_t kLongest = 512;
    std::size_t begin = end;
    while (begin > 0 && end - begin < kLongest &&
           static_cast<unsigned char>(bytes[begin - 1]) >= ' ') {
        --begin;
    }
    return bytes.substr(begin, end - begin);
}

/// "../Tile_1/Tile_1.osgb" -> "Tile_1"; nothing for a bare file name.
std::string_view folderInPath(std::string_view path) {
    const std::size_t slash = path.find_last_of("/\\");
    if (slash == std::string_view::npos) {
        return {};
    }
    const std::string_view folder = path.substr(0, slash);
    const std::size_t before = folder.find_last_of("/\\");
    return before == std::string_view::npos ? folder : folder.substr(before + 1);
}

bool namesAny(std::string_view bytes, const std::set<std::string, std::less<>>& folders) {
    constexpr std::string_view kExtension = ".osgb";
    for (std::size_t at = bytes.find(kExtension); at != std::string_view::npos;
         at = bytes.find(kExtension, at + 1)) {
        const std::string_view folder = folderInPath(pathEndingAt(bytes, at));
        if (folders.find(folder) != folders.end()) {
            return true;
        }
    }
    return false;
}

class Search {
public:
    explicit Search(const TopSearch& where) : where_(where) {
        for (const fs::path& folder : where.tileFolders) {
            tileNames_.insert(folder.filename().string());
        }
    }

    FoundTop run() {
        std::vector<fs::path> folders = where_.tileFolders;
        std::stable_partition(folders.begin(), folders.end(), isCalledTop);
        for (const fs::path& folder : folders) {
            considerFolder(folder);
        }
        if (where_.tiles != where_.delivery) {
            considerFoldersBesideData();
            considerLooseFiles(where_.delivery);
        }
        considerLooseFiles(where_.tiles);
        return std::move(found_);
    }

private:
    void considerFolder(const fs::path& folder) {
        if (!mayBeCalledTop(folder) || !isAnyOtherTile(folder)) {
            return;
        }
        const OsgbFiles files = osgbFilesBelow(folder);
        if (!files.names.empty() && (isCalledTop(folder) || namesTiles(folder, files))) {
            take(topOf(Top::Kind::Folder, folder, files));
        }
    }

    void considerFoldersBesideData() {
        for (const fs::path& folder : foldersIn(where_.delivery)) {
            if (folder != where_.tiles) {
                considerFolder(folder);
            }
        }
    }

    void considerLooseFiles(const fs::path& folder) {
        const OsgbFiles files = osgbFilesIn(folder);
        if (files.names.empty()) {
            return;
        }
        if (namesTiles(folder, files)) {
            take(topOf(Top::Kind::RootFile, folder, files));
            return;
        }
        found_.warnings.push_back(toUtf8(files.names.front()) +
                                  (files.names.size() > 1 ? " and others lie" : " lies") +
                                  " beside the tile folders and names none of them: left out");
    }

    bool isAnyOtherTile(const fs::path& folder) const {
        return std::ranges::any_of(where_.tileFolders,
                                   [&folder](const fs::path& other) { return other != folder; });
    }

    /// The files of the finest levels name the blocks; by name they come last.
    bool namesTiles(const fs::path& folder, const OsgbFiles& files) const {
        constexpr std::uint64_t kLookBytes = std::uint64_t{64} << 20U;
        std::set<std::string, std::less<>> others = tileNames_;
        others.erase(folder.filename().string());
        std::uint64_t left = kLookBytes;
        for (auto name = files.names.rbegin(); name != files.names.rend(); ++name) {
            const auto bytes = tiles3d::base::readTextFile(folder / *name, left);
            if (bytes && namesAny(*bytes, others)) {
                return true;
            }
            left -= bytes ? bytes->size() : 0;
        }
        return false;
    }

    Top topOf(Top::Kind kind, const fs::path& folder, const OsgbFiles& files) const {
        return {.kind = kind,
                .delivery = where_.delivery,
                .folder = folder,
                .root = rootOf(folder, files),
                .files = files.names.size(),
                .bytes = files.bytes,
                .fingerprint = files.fingerprint};
    }

    /// The file called like its folder, or by a usual name, or the only one in the folder.
    static fs::path rootOf(const fs::path& folder, const OsgbFiles& files) {
        std::vector<std::string> direct;
        for (const std::string& name : files.names) {
            if (name.find('/') == std::string::npos) {
                direct.push_back(name);
            }
        }
        const auto named = [&](std::string_view stem) {
            return std::ranges::find_if(direct, [stem](const std::string& name) {
                return lowerCase(fs::path(name).stem()) == stem;
            });
        };
        if (const auto same = named(lowerCase(folder.filename())); same != direct.end()) {
            return folder / *same;
        }
        for (const std::string_view name : kRootNames) {
            if (const auto usual = named(name); usual != direct.end()) {
                return folder / *usual;
            }
        }
        return folder /
               (direct.size() == 1 ? direct.front() : folder.filename().string() + ".osgb");
    }

    void take(Top top) {
        if (found_.top) {
            found_.warnings.push_back("besides its top " + toUtf8(found_.top->folder) +
                                      " it has another one in " + toUtf8(top.folder) +
                                      ": left out");
            found_.others.push_back(std::move(top.folder));
            return;
        }
        found_.top = std::move(top);
    }

    const TopSearch& where_;
    std::set<std::string, std::less<>> tileNames_;
    FoundTop found_;
};

} // namespace

std::string toWord(Top::Kind kind) {
    return kind == Top::Kind::Folder ? "folder" : "root file";
}

FoundTop findTop(const TopSearch& search) {
    return Search(search).run();
}

} // namespace pipeline::scan
