#include "viewer/app/style_file.h"

#include "pipeline/planning/style/qml_style.h"
#include "pipeline/planning/style/sld_style.h"
#include "pipeline/planning/style/style_json.h"
#include "tiles3d/base/file.h"
#include "viewer/app/translate.h"

#include <algorithm>

namespace viewer::app {

namespace {

namespace base = tiles3d::base;
namespace style = pipeline::planning::style;
using Imported = base::Result<style::ImportedStyle>;

Imported fromOurs(const std::string& text, const std::string& table) {
    const auto styles = style::readStyles(text);
    if (!styles) {
        return styles.error();
    }
    const auto found = std::ranges::find(*styles, table, &style::NamedStyle::table);
    if (found == styles->end() && styles->size() != 1) {
        return base::Error{tr("no style for the table %1 is in it")
                               .arg(QString::fromStdString(table))
                               .toStdString()};
    }
    return style::ImportedStyle{.style =
                                    found == styles->end() ? styles->front().style : found->style};
}

} // namespace

Imported readStyleFile(const std::filesystem::path& file, const std::string& table) {
    constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 20U;
    const auto text = base::readTextFile(file, kMostBytes);
    if (!text) {
        return text.error();
    }
    const QString ending = QString::fromStdString(file.extension().string()).toLower();
    Imported imported = ending == ".qml"    ? style::readQml(*text)
                        : ending == ".json" ? fromOurs(*text, table)
                                            : style::readSld(*text);
    return imported ? imported : base::within(base::toUtf8(file), imported.error());
}

} // namespace viewer::app
