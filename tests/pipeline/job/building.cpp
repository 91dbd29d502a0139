#include "building.h"

#include "pipeline/engine/local_engine.h"

namespace pipeline::job {

namespace {

namespace fs = std::filesystem;

class Listener : public IJobListener {
public:
    void onMessage(const std::string& text) override { messages.push_back(text); }
    void onWarning(const std::string& text) override { warnings.push_back(text); }
    void onProgress(const Progress& /*progress*/) override {}

    std::vector<std::string> messages;
    std::vector<std::string> warnings;
};

} // namespace

Build build(const fs::path& delivery, const fs::path& out, const BuildSettings& settings) {
    return build(scan::projectForDelivery(delivery), out, settings);
}

Build build(scan::CityProject project, const fs::path& out, const BuildSettings& settings) {
    Listener listener;
    project.output.geometry = settings.geometry;
    project.output.chains = settings.chains;
    JobOptions options{.out = out};
    if (!settings.heightDatum.empty()) {
        options.scan.heightDatum = settings.heightDatum;
    }
    engine::LocalEngine engine({.jobs = settings.jobs});
    auto report = runJob(project, options, engine, listener);
    return {std::move(report), listener.messages, listener.warnings};
}

std::map<std::string, std::string> contentsOf(const fs::path& folder) {
    std::map<std::string, std::string> contents;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const std::string name = entry.path().lexically_relative(folder).string();
        if (entry.is_regular_file() && !name.starts_with("report.")) {
            contents[name] = *tiles3d::base::readTextFile(entry.path());
        }
    }
    return contents;
}

} // namespace pipeline::job
