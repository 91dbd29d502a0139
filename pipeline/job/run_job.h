#pragma once

#include "pipeline/engine/engine.h"
#include "pipeline/job/report.h"
#include "pipeline/scan/city_project.h"
#include "pipeline/scan/scan.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace pipeline::job {

struct Progress {
    std::string what = "blocks"; ///< What the units are.
    std::uint64_t doneUnits = 0;
    std::uint64_t allUnits = 0;
    /// Of the inputs of this run; units done before do not count. Both 0 where units weigh alike.
    std::uint64_t doneBytes = 0;
    std::uint64_t allBytes = 0;
};

/// Where a job tells what it is doing; called from the job's own thread.
class IJobListener {
public:
    IJobListener() = default;
    IJobListener(const IJobListener&) = delete;
    IJobListener& operator=(const IJobListener&) = delete;
    virtual ~IJobListener() = default;

    virtual void onMessage(const std::string& text) = 0; ///< Worth a line of the log.
    virtual void onWarning(const std::string& text) = 0;
    /// The output is hardly what was meant: to be shown in red.
    virtual void onAlert(const std::string& text) { onWarning(text); }
    virtual void onProgress(const Progress& progress) = 0;
};

struct JobOptions {
    std::filesystem::path out;
    scan::ScanOptions scan;
    bool isFresh = false; ///< Forget what was built before.
};

/// Builds a city: scan, convert block by block, the pyramid above them, the
/// terrain under them, emit, report. Units whose
/// inputs and options have not changed since an earlier build into the same folder are kept;
/// outputs of units that are gone are removed. Fails on what makes the whole impossible: nothing
/// found, no place, a failed output, the folder in use by another build. A bad input is in the
/// report's losses instead.
tiles3d::base::Result<BuildReport> runJob(const scan::CityProject& project,
                                          const JobOptions& options,
                                          engine::IEngine& engine,
                                          IJobListener& listener);

} // namespace pipeline::job
