#include "pipeline/job/model_stage.h"

#include "pipeline/job/must.h"
#include "pipeline/job/run_units.h"
#include "pipeline/models/place_model.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/hash.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <system_error>

namespace pipeline::job {

using tiles3d::base::Fingerprint;
using tiles3d::base::Json;
using tiles3d::base::Result;
using tiles3d::base::toUtf8;
namespace fs = std::filesystem;

namespace {

/// Changes whenever the same inputs and options would give other output bytes.
constexpr std::string_view kOutputVersion = "city3d model 1";

std::string unitOf(const scan::PlacedModel& model) {
    return kModelUnit + model.source.id;
}

void add(Fingerprint& print, const fs::path& file) {
    std::error_code error;
    const auto bytes = fs::file_size(file, error);
    print.add(error ? UINT64_MAX : std::uint64_t{bytes}); // a file that was missing may appear
    const auto time = fs::last_write_time(file, error);
    print.add(error ? 0U : static_cast<std::uint64_t>(time.time_since_epoch().count()));
}

class Stage {
public:
    Stage(const scan::CityProject& project,
          const scan::SourceCatalogue& catalogue,
          const JobOptions& options,
          Ledger& ledger,
          IJobListener& listener)
        : project_(project), catalogue_(catalogue), options_(options), ledger_(ledger),
          listener_(listener) {}

    void removeStale() {
        std::set<std::string> units;
        std::set<std::string> ids;
        for (const scan::PlacedModel& model : catalogue_.models) {
            units.insert(unitOf(model));
            ids.insert(model.source.id);
        }
        must(forgetOthers(ledger_, kModelUnit, units), "ledger");
        std::vector<fs::path> stale;
        std::error_code error;
        for (fs::directory_iterator entry(folder(), error), end; !error && entry != end;
             entry.increment(error)) {
            if (!ids.contains(entry->path().filename().native())) {
                stale.push_back(entry->path());
            }
        }
        for (const fs::path& path : stale) {
            fs::remove_all(path, error);
        }
    }

    std::vector<const scan::PlacedModel*> dueModels() {
        std::vector<const scan::PlacedModel*> due;
        std::vector<std::string> stale;
        for (const scan::PlacedModel& model : catalogue_.models) {
            if (!isUpToDate(model)) {
                due.push_back(&model);
                stale.push_back(unitOf(model));
            }
        }
        must(ledger_.forget(stale), "ledger");
        return due;
    }

    void build(const std::vector<const scan::PlacedModel*>& due, engine::IEngine& engine) {
        std::vector<engine::Unit> units;
        for (const scan::PlacedModel* model : due) {
            std::error_code error;
            const auto bytes = fs::file_size(model->source.path, error);
            units.push_back({.name = "model " + model->source.id, .bytes = error ? 0U : bytes});
        }
        const engine::Work work = [&](std::size_t i, const engine::UnitContext& context) {
            return place(*due[i], context);
        };
        Progress progress{.what = "models", .allUnits = due.size()};
        runUnits({engine, ledger_, options_.out, "models"},
                 units,
                 work,
                 [&](std::size_t i, const Json& json) {
                     ++progress.doneUnits;
                     listener_.onProgress(progress);
                     const models::ModelResult result = models::modelResultFrom(json);
                     tell(*due[i], result);
                     return LedgerRow{.unit = unitOf(*due[i]),
                                      .fingerprint = fingerprintOf(*due[i], result),
                                      .result = json};
                 });
    }

    std::vector<emit::PlacedTileset> tilesets() const {
        std::vector<emit::PlacedTileset> tilesets;
        for (const scan::PlacedModel& model : catalogue_.models) {
            const auto row = must(ledger_.find(unitOf(model)), "ledger");
            const models::ModelResult result =
                row ? models::modelResultFrom(row->result) : models::ModelResult{};
            if (result.hasTiles) {
                tilesets.push_back({.file = fs::path("models") / model.source.id / "tileset.json",
                                    .boxEcef = result.boxEcef,
                                    .geometricErrorMetres = result.geometricErrorMetres,
                                    .schema = models::modelSchema()});
            }
        }
        return tilesets;
    }

private:
    fs::path folder() const { return options_.out / "models"; }

    /// Which files a model names is known only once it is read.
    std::string fingerprintOf(const scan::PlacedModel& model,
                              const models::ModelResult& result) const {
        const scan::ModelSource& source = model.source;
        Fingerprint print;
        print.add(kOutputVersion);
        print.add(scan::toWord(project_.output.geometry));
        print.add(source.path.native());
        print.add(source.name);
        const auto& position = model.position;
        print.add(fmt::format("{},{},{},{}",
                              position.longitude.radians(),
                              position.latitude.radians(),
                              position.heightMetres,
                              model.heading.radians()));
        print.add(fmt::format("{},{},{},{},{},{}",
                              source.scale,
                              source.metresPerUnit.value_or(0.0),
                              source.up ? static_cast<int>(*source.up) : -1,
                              source.origin.x,
                              source.origin.y,
                              source.origin.z));
        add(print, source.path);
        for (const std::string& file : result.files) {
            print.add(file);
            add(print, source.path.parent_path() / file);
        }
        return print.hex();
    }

    /// What could not be read is tried again: what it lacked is not known.
    bool isUpToDate(const scan::PlacedModel& model) const {
        const auto known = must(ledger_.find(unitOf(model)), "ledger");
        if (!known) {
            return false;
        }
        const models::ModelResult result = models::modelResultFrom(known->result);
        return result.hasTiles && known->fingerprint == fingerprintOf(model, result) &&
               fs::exists(folder() / model.source.id / "tileset.json");
    }

    /// Runs in a worker process.
    Result<std::string> place(const scan::PlacedModel& model,
                              const engine::UnitContext& context) const {
        const auto result = models::placeModel({.placed = model,
                                                .output = folder() / model.source.id,
                                                .geometry = project_.output.geometry},
                                               context);
        return result ? Result<std::string>(models::toJson(*result).dump())
                      : Result<std::string>(result.error());
    }

    void tell(const scan::PlacedModel& model, const models::ModelResult& result) {
        const std::string name = "model " + model.source.id;
        listener_.onMessage(fmt::format("{}: stands at longitude {:.6f}, latitude {:.6f}, "
                                        "ellipsoidal height {:.1f} m ({}); {} triangles",
                                        name,
                                        result.centreDegrees.x,
                                        result.centreDegrees.y,
                                        result.centreDegrees.z,
                                        model.understoodAs,
                                        result.triangles));
        for (const std::string& irregularity : result.irregularities) {
            listener_.onWarning(name + ": " + irregularity);
        }
        for (const oblique::Loss& loss : result.losses) {
            listener_.onWarning(fmt::format("{}: lost: {}: {}", name, loss.file, loss.reason));
        }
    }

    const scan::CityProject& project_;
    const scan::SourceCatalogue& catalogue_;
    const JobOptions& options_;
    Ledger& ledger_;
    IJobListener& listener_;
};

} // namespace

Models buildModels(const scan::CityProject& project,
                   const scan::SourceCatalogue& catalogue,
                   const JobOptions& options,
                   Ledger& ledger,
                   engine::IEngine& engine,
                   IJobListener& listener) {
    Stage stage(project, catalogue, options, ledger, listener);
    stage.removeStale();
    const auto due = stage.dueModels();
    if (!due.empty()) {
        stage.build(due, engine);
    }
    return {.tilesets = stage.tilesets(), .doneNow = due.size()};
}

} // namespace pipeline::job
