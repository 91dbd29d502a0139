#include "pipeline/verify/verify.h"

#include "pipeline/planning/layer_store.h"
#include "pipeline/verify/file_check.h"
#include "pipeline/verify/findings.h"
#include "pipeline/verify/globe_check.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/parallel.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>
#include <system_error>
#include <unordered_set>
#include <utility>

namespace pipeline::verify {

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::toUtf8;

namespace {

namespace fs = std::filesystem;

/// What one content gave.
struct ContentResult {
    Findings findings;
    Totals totals;
};

/// Goes down the tilesets level by level. A bounded number of files is held at a time, and what
/// they give is taken over in their order, so that threads leave no trace in the report.
class City {
public:
    City(const fs::path& out, const VerifyOptions& options)
        : out_(out), options_(options), findings_(options.maxFindings) {}

    VerifyReport run() {
        std::vector<Pending> level{{.file = out_ / "tileset.json"}};
        use(level.front().file);
        constexpr int kMostNested = 32;
        for (int depth = 0; !level.empty(); ++depth) {
            if (depth == kMostNested) {
                note({Severity::Error, "tileset.json", "", "external tilesets nested too deep"});
                break;
            }
            level = checkLevel(level);
        }
        checkGlobeTiles();
        checkLeftOvers();
        checkLayers();
        checkTotals();
        return {.findings = findings_.takeSorted(),
                .errors = findings_.errors(),
                .warnings = findings_.warnings(),
                .totals = totals_};
    }

private:
    std::vector<Pending> checkLevel(const std::vector<Pending>& level) {
        constexpr std::size_t kBatch = 64;
        std::vector<Pending> next;
        for (std::size_t start = 0; start < level.size(); start += kBatch) {
            const std::size_t count = std::min(kBatch, level.size() - start);
            std::vector<FileResult> results(count,
                                            FileResult{.findings = Findings(options_.maxFindings)});
            tiles3d::base::parallelFor(count, options_.threads, [&](std::size_t i) {
                results[i] = checkFile(out_, level[start + i], options_.maxFindings);
            });
            for (FileResult& result : results) {
                takeOver(result, next);
            }
            checkContents(results);
        }
        return next;
    }

    void takeOver(FileResult& result, std::vector<Pending>& next) {
        findings_.append(std::move(result.findings));
        add(result.totals);
        for (const fs::path& buffer : result.buffers) {
            use(buffer);
        }
        for (Pending& external : result.externals) {
            if (use(external.file)) {
                next.push_back(std::move(external));
            } else {
                note({Severity::Error,
                      nameIn(out_, external.file),
                      "",
                      "two tiles point at this file, or it points at itself"});
            }
        }
    }

    void checkContents(const std::vector<FileResult>& files) {
        std::vector<const ContentJob*> jobs;
        for (const FileResult& file : files) {
            for (const ContentJob& job : file.contents) {
                jobs.push_back(&job);
                use(job.file);
            }
        }
        std::vector<ContentResult> results(
            jobs.size(), ContentResult{.findings = Findings(options_.maxFindings)});
        tiles3d::base::parallelFor(jobs.size(), options_.threads, [&](std::size_t i) {
            const std::string name = nameIn(out_, jobs[i]->file);
            ContentResult& result = results[i];
            const Note noteHere =
                [&](Severity severity, const std::string& where, const std::string& message) {
                    result.findings.add({severity, name, where, message});
                };
            checkContent(*jobs[i], noteHere, result.totals);
        });
        for (ContentResult& result : results) {
            findings_.append(std::move(result.findings));
            add(result.totals);
        }
    }

    void checkGlobeTiles() {
        GlobeResult globe = checkGlobe(out_, options_.maxFindings);
        findings_.append(std::move(globe.findings));
        for (const fs::path& file : globe.files) {
            use(file);
        }
    }

    /// False if the file was in use before. A hash of its name is kept, not the name: a city has
    /// millions of files, and two of them share a hash once in a million cities.
    bool use(const fs::path& file) { return used_.insert(keyOf(file)).second; }

    std::size_t keyOf(const fs::path& file) const {
        return std::hash<std::string>()(file.lexically_relative(out_).native());
    }

    void add(const Totals& totals) {
        Totals& sum = totals_;
        sum.tilesets += totals.tilesets;
        sum.tiles += totals.tiles;
        sum.contents += totals.contents;
        sum.triangles += totals.triangles;
        sum.contentBytes += totals.contentBytes;
        sum.images += totals.images;
        sum.imageBytes += totals.imageBytes;
    }

    void note(Finding finding) { findings_.add(std::move(finding)); }

    /// Of the parts nothing is left over; elsewhere lie the ledger, logs and the user's own files.
    bool isLeftOver(const fs::path& file) const {
        constexpr std::array<std::string_view, 4> kParts{
            "oblique", "overview", "terrain", "models"};
        const std::string part = file.lexically_relative(out_).begin()->string();
        return file.extension() == ".part" ||
               (std::ranges::find(kParts, part) != kParts.end() && !used_.contains(keyOf(file)));
    }

    void checkLeftOvers() {
        std::vector<fs::path> left;
        std::error_code failed;
        fs::recursive_directory_iterator entries(out_, failed);
        while (!failed && entries != fs::end(entries)) {
            std::error_code odd;
            if (!entries->is_directory(odd) && isLeftOver(entries->path())) {
                left.push_back(entries->path());
            }
            entries.increment(failed);
        }
        if (failed) {
            note({Severity::Error, "", "", "its folders cannot be listed: " + failed.message()});
        }
        std::ranges::sort(left); // the order of a folder is the file system's
        for (const fs::path& file : left) {
            note({Severity::Error,
                  nameIn(out_, file),
                  "",
                  file.extension() == ".part" ? "an unfinished file"
                                              : "no tile points at this file"});
        }
    }

    /// A city need not have any.
    void checkLayers() {
        constexpr const char* kFile = "planning.gpkg";
        std::error_code failed;
        if (!fs::exists(out_ / kFile, failed)) {
            return;
        }
        const auto store = planning::LayerStore::open({out_ / kFile});
        if (!store) {
            note({Severity::Error, kFile, "", store.error().message});
            return;
        }
        std::size_t features = 0;
        for (const planning::LayerInfo& layer : (*store)->layers()) {
            features += layer.features;
        }
        note({Severity::Info,
              kFile,
              "",
              fmt::format("{} layers, {} features", (*store)->layers().size(), features)});
    }

    void checkTotals() {
        if (!options_.expected) {
            note({Severity::Warning, "", "", "no ledger: the totals could not be compared"});
            return;
        }
        const ExpectedTotals& expected = *options_.expected;
        const Totals& found = totals_;
        compare("tiles", found.tiles, expected.tiles);
        compare("contents", found.contents, expected.contents);
        compare("triangles", found.triangles, expected.triangles);
        compare("bytes of content", found.contentBytes, expected.contentBytes);
    }

    void compare(const char* what, std::uint64_t found, std::uint64_t expected) {
        if (found != expected) {
            note({Severity::Error,
                  "",
                  "",
                  fmt::format("{} {}, the ledger says {}", found, what, expected)});
        }
    }

    const fs::path& out_;
    const VerifyOptions& options_;
    std::unordered_set<std::size_t> used_;
    Findings findings_;
    Totals totals_;
};

} // namespace

Result<VerifyReport> verifyOutput(const fs::path& out, const VerifyOptions& options) {
    std::error_code failed;
    const fs::path folder = fs::canonical(out, failed);
    if (failed || !fs::is_regular_file(folder / "tileset.json", failed)) {
        return Error{toUtf8(out / "tileset.json") + ": not there; is this a city's folder?"};
    }
    return City(folder, options).run();
}

} // namespace pipeline::verify
