#include "building.h"

#include "pipeline/engine/local_engine.h"
#include "pipeline/job/ledger.h"
#include "pipeline/verify/verify.h"

#include <gtest/gtest.h>

namespace pipeline::job {

namespace {

namespace fs = std::filesystem;

class Listener : public IJobListener {
public:
    void onMessage(const std::string& text) override { messages.push_back(text); }
    void onWarning(const std::string& text) override { warnings.push_back(text); }
    void onAlert(const std::string& text) override {
        alerts.push_back(text);
        onWarning(text);
    }
    void onProgress(const Progress& /*progress*/) override {}

    std::vector<std::string> messages;
    std::vector<std::string> warnings;
    std::vector<std::string> alerts;
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
    return {std::move(report), listener.messages, listener.warnings, listener.alerts};
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

void expectSound(const fs::path& out) {
    const auto ledger = Ledger::open(out / ".city3d" / "ledger.sqlite");
    ASSERT_TRUE(ledger) << ledger.error().message;
    const auto totals = reportFromLedger(*ledger);
    ASSERT_TRUE(totals) << totals.error().message;
    const auto report = verify::verifyOutput(
        out,
        {.threads = 2,
         .expected = verify::ExpectedTotals{.tiles = totals->tiles,
                                            .contents = totals->contents,
                                            .triangles = totals->triangles,
                                            .contentBytes = totals->contentBytes}});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->errors, 0U);
    for (const verify::Finding& finding : report->findings) {
        EXPECT_NE(finding.severity, verify::Severity::Error)
            << finding.file << " " << finding.where << ": " << finding.message;
    }
}

void expectSameBytes(const fs::path& one, const fs::path& two) {
    const auto first = contentsOf(one);
    const auto second = contentsOf(two);
    for (const auto& [name, bytes] : first) {
        EXPECT_TRUE(second.contains(name) && second.at(name) == bytes) << name;
    }
    for (const auto& [name, bytes] : second) {
        EXPECT_TRUE(first.contains(name)) << name;
    }
}

} // namespace pipeline::job
