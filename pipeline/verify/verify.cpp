#include "pipeline/verify/verify.h"

#include "pipeline/verify/tile_check.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/parallel.h"
#include "tiles3d/base/uri.h"
#include "tiles3d/tileset/tileset_io.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <set>
#include <system_error>

#include <fmt/format.h>

namespace pipeline::verify {

using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::Result;
using tiles3d::base::toUtf8;
namespace ts = tiles3d::tileset;

namespace {

namespace fs = std::filesystem;

/// A tileset file still to be read, with what stands above it.
struct Pending {
    fs::path file;
    glm::dmat4 toEcef{1.0};
    std::vector<ts::BoundingVolume> volumes;
    double parentError = 0.0;
    bool isCity = false; ///< The root file: its own tiles only point at the parts.
};

/// What one tileset file gave.
struct FileResult {
    std::vector<Finding> findings;
    std::vector<Pending> externals;
    std::vector<fs::path> contents;
    Totals totals;
};

class FileCheck {
public:
    FileCheck(const fs::path& out, const Pending& pending)
        : out_(out), pending_(pending), name_(toUtf8(pending.file.lexically_relative(out))) {}

    FileResult run() {
        const auto text = tiles3d::base::readTextFile(pending_.file);
        const auto read =
            text ? ts::readTileset(*text) : Result<ts::ReadResult>(text.error());
        if (!read) {
            note(Severity::Error, "", read.error().message);
            return std::move(result_);
        }
        ++result_.totals.tilesets;
        for (const std::string& warning : read->warnings) {
            note(Severity::Error, "", warning); // our own output needs no lenience
        }
        for (const std::string& problem : ts::validate(read->tileset)) {
            note(Severity::Error, "", problem);
        }
        if (read->tileset.asset.version != "1.1") {
            note(Severity::Error, "asset", "version is not 1.1");
        }
        TilePath root{.tile = &read->tileset.root,
                      .where = "root",
                      .toEcef = pending_.toEcef,
                      .volumes = pending_.volumes};
        visit(root, pending_.isCity ? HUGE_VAL : pending_.parentError, true);
        return std::move(result_);
    }

private:
    void note(Severity severity, const std::string& where, const std::string& message) {
        result_.findings.push_back({severity, name_, where, message});
    }

    void visit(TilePath path, double parentError, bool isRoot) {
        const ts::Tile& tile = *path.tile;
        path.toEcef = path.toEcef * tile.transform;
        path.volumes.push_back(ts::transformed(tile.boundingVolume, path.toEcef));
        const Note noteHere = [this](Severity severity,
                                     const std::string& where,
                                     const std::string& message) { note(severity, where, message); };
        checkTile(path, parentError, isRoot, noteHere);
        result_.totals.tiles += pending_.isCity ? 0 : 1;
        for (const ts::Content& content : tile.contents) {
            visitContent(content, path, noteHere);
        }
        for (std::size_t i = 0; i < tile.children.size(); ++i) {
            TilePath child = path;
            child.tile = &tile.children[i];
            child.where = fmt::format("{}/children[{}]", path.where, i);
            visit(std::move(child), tile.geometricErrorMetres, false);
        }
    }

    void visitContent(const ts::Content& content, const TilePath& path, const Note& noteHere) {
        const auto file = tiles3d::base::localPath(pending_.file.parent_path(), content.uri);
        if (!file) {
            note(Severity::Error, path.where, file.error().message);
            return;
        }
        const fs::path relative = file->lexically_relative(out_);
        if (relative.empty() || *relative.begin() == "..") {
            note(Severity::Error, path.where, content.uri + " leads out of the city's folder");
            return;
        }
        if (ts::isExternalTileset(content.uri)) {
            result_.externals.push_back({.file = *file,
                                         .toEcef = path.toEcef,
                                         .volumes = path.volumes,
                                         .parentError = path.tile->geometricErrorMetres});
            return;
        }
        result_.contents.push_back(*file);
        checkContent(*file, path, noteHere, result_.totals);
    }

    const fs::path& out_;
    const Pending& pending_;
    std::string name_;
    FileResult result_;
};

/// Collects the results of all files, bounded in memory.
class City {
public:
    City(const fs::path& out, const VerifyOptions& options) : out_(out), options_(options) {}

    VerifyReport run() {
        std::vector<Pending> level{{.file = out_ / "tileset.json", .isCity = true}};
        constexpr int kMostNested = 32;
        for (int depth = 0; !level.empty(); ++depth) {
            if (depth == kMostNested) {
                note({Severity::Error, "tileset.json", "", "external tilesets nested too deep"});
                break;
            }
            level = checkLevel(level);
        }
        checkLeftOvers();
        checkTotals();
        std::ranges::sort(report_.findings);
        return std::move(report_);
    }

private:
    std::vector<Pending> checkLevel(const std::vector<Pending>& level) {
        std::vector<std::vector<Pending>> next(level.size());
        tiles3d::base::parallelFor(level.size(), options_.threads, [&](std::size_t i) {
            FileResult result = FileCheck(out_, level[i]).run();
            const std::scoped_lock lock(mutex_);
            used_.insert(level[i].file);
            used_.insert(result.contents.begin(), result.contents.end());
            for (Finding& finding : result.findings) {
                note(std::move(finding));
            }
            add(result.totals);
            next[i] = std::move(result.externals);
        });
        std::vector<Pending> all;
        for (std::vector<Pending>& some : next) {
            for (Pending& one : some) {
                if (queued_.insert(one.file).second) {
                    all.push_back(std::move(one));
                } else {
                    note({Severity::Error,
                          toUtf8(one.file.lexically_relative(out_)),
                          "",
                          "two tiles point at this tileset, or it points at itself"});
                }
            }
        }
        return all;
    }

    void add(const Totals& totals) {
        Totals& sum = report_.totals;
        sum.tilesets += totals.tilesets;
        sum.tiles += totals.tiles;
        sum.contents += totals.contents;
        sum.triangles += totals.triangles;
        sum.contentBytes += totals.contentBytes;
        sum.images += totals.images;
    }

    void note(Finding finding) {
        report_.errors += finding.severity == Severity::Error ? 1 : 0;
        report_.warnings += finding.severity == Severity::Warning ? 1 : 0;
        if (report_.findings.size() < options_.maxFindings) {
            report_.findings.push_back(std::move(finding));
        }
    }

    void checkLeftOvers() {
        for (const char* part : {"oblique", "terrain", "models"}) {
            std::error_code error;
            for (fs::recursive_directory_iterator entries(out_ / part, error), end;
                 !error && entries != end;
                 entries.increment(error)) {
                if (entries->is_regular_file() && !used_.contains(entries->path())) {
                    note({Severity::Error,
                          toUtf8(entries->path().lexically_relative(out_)),
                          "",
                          "no tile points at this file"});
                }
            }
        }
        std::error_code error;
        for (fs::directory_iterator entries(out_, error), end; !error && entries != end;
             entries.increment(error)) {
            if (entries->path().extension() == ".part") {
                note({Severity::Error, toUtf8(entries->path().filename()), "", "an unfinished file"});
            }
        }
    }

    void checkTotals() {
        if (!options_.expected) {
            note({Severity::Warning, "", "", "no ledger: the totals could not be compared"});
            return;
        }
        const auto compare = [&](const char* what, std::uint64_t found, std::uint64_t expected) {
            if (found != expected) {
                note({Severity::Error,
                      "",
                      "",
                      fmt::format("{} {}, the ledger says {}", found, what, expected)});
            }
        };
        const ExpectedTotals& expected = *options_.expected;
        compare("tiles", report_.totals.tiles, expected.tiles);
        compare("contents", report_.totals.contents, expected.contents);
        compare("triangles", report_.totals.triangles, expected.triangles);
        compare("bytes of content", report_.totals.contentBytes, expected.contentBytes);
    }

    const fs::path& out_;
    const VerifyOptions& options_;
    std::mutex mutex_;
    std::set<fs::path> used_;
    std::set<fs::path> queued_;
    VerifyReport report_;
};

} // namespace

Result<VerifyReport> verifyOutput(const fs::path& out, const VerifyOptions& options) {
    const fs::path folder = fs::absolute(out).lexically_normal();
    const fs::path clean = folder.has_filename() ? folder : folder.parent_path();
    if (!fs::is_regular_file(clean / "tileset.json")) {
        return Error{toUtf8(clean / "tileset.json") + ": not there; is this a city's folder?"};
    }
    return City(clean, options).run();
}

} // namespace pipeline::verify
