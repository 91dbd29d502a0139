#include "viewer/app/feature_text.h"

#include "viewer/app/translate.h"

#include <QRegularExpression>
#include <algorithm>
#include <array>
#include <vector>

namespace viewer::app {

namespace {

namespace planning = pipeline::planning;
using tiles3d::base::Result;

constexpr std::size_t kRowsAtOnce = 1000;

/// SQLite's words, and ours for them.
struct Fault {
    const char* pattern;
    const char* text;
};
constexpr std::array kFaults = {
    Fault{
        "no such column: (.+)$",
        QT_TRANSLATE_NOOP("viewer::app", "There is no field named “%1”. Texts stand in 'quotes'.")},
    Fault{"near \"(.+)\": syntax error",
          QT_TRANSLATE_NOOP("viewer::app", "The condition cannot be understood at “%1”.")},
    Fault{"unrecognized token: \"(.+)\"",
          QT_TRANSLATE_NOOP("viewer::app", "The condition cannot be understood at “%1”.")},
    Fault{"no such function: (.+)$",
          QT_TRANSLATE_NOOP("viewer::app", "There is no function named “%1”.")},
    Fault{"incomplete input", QT_TRANSLATE_NOOP("viewer::app", "The condition is not finished.")}};

std::string quoted(const std::string& text, char separator) {
    if (text.find_first_of(std::string("\"\r\n") + separator) == std::string::npos) {
        return text;
    }
    std::string result = "\"";
    for (const char letter : text) {
        result.append(letter == '"' ? 2 : 1, letter);
    }
    return result + '"';
}

void append(std::string& text,
            const std::vector<std::string>& cells,
            const FeatureTextOptions& options) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) {
            text += options.separator;
        }
        text += quoted(cells[i], options.separator);
    }
    text += options.lineEnd;
}

} // namespace

Result<std::string> featureText(const planning::LayerStore& store,
                                std::uint32_t layer,
                                std::span<const std::int64_t> ids,
                                const FeatureTextOptions& options) {
    std::string text = options.hasByteOrderMark ? "\xEF\xBB\xBF" : "";
    std::vector<std::string> cells;
    for (const planning::Field& field : store.layers()[layer].fields) {
        cells.push_back(field.name);
    }
    append(text, cells, options);
    for (std::size_t first = 0; first < ids.size(); first += kRowsAtOnce) {
        std::vector<planning::FeatureRef> refs;
        for (const std::int64_t id :
             ids.subspan(first, std::min(kRowsAtOnce, ids.size() - first))) {
            refs.push_back({layer, id});
        }
        const auto features = store.read(refs, planning::Parts::Attributes);
        if (!features) {
            return features.error();
        }
        for (const planning::StoredFeature& feature : *features) {
            cells.resize(feature.values.size());
            std::ranges::transform(feature.values, cells.begin(), planning::toText);
            append(text, cells, options);
        }
    }
    return text;
}

QString conditionFault(const QString& sqliteMessage) {
    for (const Fault& fault : kFaults) {
        const auto match = QRegularExpression(fault.pattern).match(sqliteMessage);
        if (match.hasMatch()) {
            const QString text = tr(fault.text);
            return text.contains("%1") ? text.arg(match.captured(1)) : text;
        }
    }
    return sqliteMessage;
}

} // namespace viewer::app
