#pragma once

#include "pipeline/emit/emit.h"
#include "pipeline/engine/engine.h"
#include "pipeline/job/ledger.h"
#include "pipeline/job/run_job.h"
#include "pipeline/scan/city_project.h"
#include "pipeline/scan/scan.h"

#include <cstddef>
#include <vector>

namespace pipeline::job {

/// What the design models are called in the ledger: this and the model's id.
inline constexpr const char* kModelUnit = "/model/";

struct Models {
    std::vector<emit::PlacedTileset> tilesets; ///< In the order of the project; without the lost.
    std::size_t doneNow = 0;                   ///< The others were up to date.
};

/// Places all design models into OUT/models and keeps the results in the ledger. Models whose
/// files, placement and codec have not changed are kept, except those that could not be read;
/// outputs of models that are gone are removed. Throws JobFailure.
Models buildModels(const scan::CityProject& project,
                   const scan::SourceCatalogue& catalogue,
                   const JobOptions& options,
                   Ledger& ledger,
                   engine::IEngine& engine,
                   IJobListener& listener);

} // namespace pipeline::job
