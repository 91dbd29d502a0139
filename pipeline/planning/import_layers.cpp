#include "pipeline/planning/import_layers.h"

#include "pipeline/planning/gcj02_suspicion.h"
#include "pipeline/planning/import_walk.h"
#include "pipeline/planning/import_writer.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/hash.h"
#include "tiles3d/base/parallel.h"

#include <fmt/format.h>

#include <set>
#include <system_error>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::Fingerprint;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

namespace fs = std::filesystem;

/// Changes whenever the same sources and options would give other bytes.
constexpr const char* kOutputVersion = "city3d layers 1";

struct Plan {
    std::vector<PlannedSource> sources;
    std::vector<std::string> warnings;
    std::string fingerprint; ///< Of everything; "" if a connection is among it.
};

std::string fingerprintOf(const LayerSource& source, const ImportOptions& options) {
    const std::string bytes = planning::fingerprintOf(source);
    if (bytes.empty()) {
        return {};
    }
    Fingerprint print;
    print.add(kOutputVersion);
    print.add(options.planeCrs);
    print.add(options.fallbackCrs);
    if (const auto& box = options.cityBox) {
        print.add(fmt::format("{},{},{},{}", box->low.x, box->low.y, box->high.x, box->high.y));
    }
    print.add(bytes);
    return print.hex();
}

bool isSameFile(const std::string& path, const fs::path& file) {
    std::error_code error;
    return !isConnection(path) && fs::equivalent(path, file, error) && !error;
}

/// Every file and connection, folders unfolded but for the file that is written; with
/// fingerprints.
std::vector<PlannedSource> allSources(const std::vector<LayerSource>& sources,
                                      const fs::path& written,
                                      const ImportOptions& options) {
    std::vector<PlannedSource> all;
    for (const LayerSource& given : sources) {
        const Result<std::vector<LayerSource>> files = filesOf(given);
        if (!files) {
            all.push_back({.source = given, .lost = files.error().message});
            continue;
        }
        for (const LayerSource& file : *files) {
            if (!isSameFile(file.path, written)) {
                all.push_back({.source = file});
            }
        }
    }
    tiles3d::base::parallelFor(all.size(), options.threads, [&](std::size_t i) {
        if (all[i].lost.empty()) {
            all[i].fingerprint = fingerprintOf(all[i].source, options);
        }
    });
    return all;
}

/// Every source once, and whether it has changed.
Plan planFor(const std::vector<LayerSource>& sources,
             const fs::path& written,
             const ImportOptions& options,
             const EarlierImport& earlier) {
    Plan plan;
    Fingerprint whole;
    bool isKnown = true;
    std::set<std::string> seen;
    for (PlannedSource& planned : allSources(sources, written, options)) {
        const std::string& print = planned.fingerprint;
        if (!print.empty() && !seen.insert(print).second) {
            plan.warnings.push_back(withoutPassword(planned.source.path) + " is given twice");
            continue;
        }
        planned.isKept = earlier.find(print) != nullptr;
        whole.add(planned.lost.empty() ? print : planned.lost);
        isKnown = isKnown && !(print.empty() && planned.lost.empty());
        plan.sources.push_back(std::move(planned));
    }
    plan.fingerprint = isKnown ? whole.hex() : "";
    return plan;
}

/// REQUIRES: the fingerprints of the wholes are equal, so the sources are those of then.
ImportReport unchangedReport(const EarlierImport& earlier) {
    ImportReport report{.warnings = earlier.warnings, .isUnchanged = true};
    for (const EarlierSource& source : earlier.sources) {
        report.layers.insert(report.layers.end(), source.layers.begin(), source.layers.end());
    }
    return report;
}

/// What all threads do with a batch between reading and writing.
void convert(ImportBatch& batch, std::int32_t srsId) {
    if (batch.features.empty()) {
        return;
    }
    batch.converted = batch.layer->convert(batch.features);
    batch.features.clear();
    for (ConvertedFeature& one : batch.converted.features) {
        std::array<GeometryBlob, 3> blobs;
        for (const GeometryKind kind :
             {GeometryKind::Polygon, GeometryKind::Line, GeometryKind::Point}) {
            blobs[static_cast<std::size_t>(kind)] = blobOf(one.feature.geometry, kind, srsId);
        }
        one.feature.geometry = {};
        batch.blobs.push_back(std::move(blobs));
    }
}

/// Reads, converts and writes everything, batch by batch.
Status run(const Plan& plan, const ImportOptions& options, ImportWriter& writer) {
    constexpr std::size_t kBatchesPerThread = 4;
    SourceWalk walk(plan.sources, options);
    Status status = ok();
    std::vector<ImportBatch> batches(kBatchesPerThread * options.threads);
    const std::int32_t srsId = writer.file().srsId();
    tiles3d::base::pipelined(
        batches.size(),
        options.threads,
        {.read = [&](std::size_t slot) { return walk.next(batches[slot]); },
         .work = [&](std::size_t slot) { convert(batches[slot], srsId); },
         .write =
             [&](std::size_t slot) {
                 if (!status) {
                     return; // the disk is full: what is still on its way is for nothing
                 }
                 ImportBatch batch = std::move(batches[slot]);
                 status = writer.write(batch);
                 if (options.onProgress) {
                     options.onProgress({.features = writer.featuresWritten(),
                                         .layer = batch.layer ? batch.layer->name : ""});
                 }
             }});
    return status;
}

/// Removes what a failed import leaves.
class PartFile {
public:
    explicit PartFile(fs::path path) : path_(std::move(path)) {}
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;
    ~PartFile() {
        std::error_code error;
        fs::remove(path_, error);
    }
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

} // namespace

Result<ImportReport> importLayers(const std::vector<LayerSource>& sources,
                                  const fs::path& file,
                                  const ImportOptions& options) {
    const EarlierImport earlier = readEarlierImport(file);
    const Plan plan = planFor(sources, file, options, earlier);
    if (!plan.fingerprint.empty() && plan.fingerprint == earlier.fingerprint) {
        return unchangedReport(earlier);
    }
    const PartFile part(file.string() + ".part");
    Result<ImportWriter> writer =
        ImportWriter::create(part.path(), file, earlier, plan.sources, options);
    if (!writer) {
        return writer.error();
    }
    if (const Status done = run(plan, options, *writer); !done) {
        return done.error();
    }
    ImportReport report{.layers = writer->layers(), .warnings = plan.warnings};
    const std::vector<std::string> suspicions = suspectGcj02(writer->file().database(), options);
    report.warnings.insert(report.warnings.end(), suspicions.begin(), suspicions.end());
    if (const Status closed = writer->close(report.warnings, plan.fingerprint); !closed) {
        return closed.error();
    }
    if (const Status synced =
            tiles3d::base::syncFolder(file.has_parent_path() ? file.parent_path() : ".");
        !synced) {
        return synced.error();
    }
    std::error_code error;
    fs::rename(part.path(), file, error);
    return error ? Result<ImportReport>(Error{tiles3d::base::toUtf8(file) + ": " + error.message()})
                 : std::move(report);
}

ImportReport reportOfFailure(const std::vector<LayerSource>& sources,
                             const fs::path& file,
                             const std::string& reason) {
    const EarlierImport earlier = readEarlierImport(file);
    ImportReport report;
    for (const EarlierSource& source : earlier.sources) {
        for (ImportedLayer layer : source.layers) {
            layer.lost = reason;
            layer.keptFrom = layer.keptFrom.empty() ? earlier.time : layer.keptFrom;
            layer.isUnchanged = false;
            report.layers.push_back(std::move(layer));
        }
    }
    for (const LayerSource& source : sources) {
        if (earlier.sources.empty()) {
            report.layers.push_back({.source = withoutPassword(source.path), .lost = reason});
        }
    }
    return report;
}

} // namespace pipeline::planning
