#include "viewer/app/quality_menu.h"

#include "viewer/render/viewport.h"

#include <QActionGroup>
#include <array>

namespace viewer::app {

namespace {

constexpr const char* kQualityKey = "quality";

struct Quality {
    double pixels; ///< Largest error on the screen.
    const char* name;
};
constexpr std::array kQualities = {
    Quality{4.0, QT_TRANSLATE_NOOP("viewer::app::QualityMenu", "Finest (4 pixels)")},
    Quality{8.0, QT_TRANSLATE_NOOP("viewer::app::QualityMenu", "Fine (8 pixels)")},
    Quality{16.0, QT_TRANSLATE_NOOP("viewer::app::QualityMenu", "Normal (16 pixels)")},
    Quality{32.0, QT_TRANSLATE_NOOP("viewer::app::QualityMenu", "Fast (32 pixels)")}};

} // namespace

QualityMenu::QualityMenu(QMenu& menu, QSettings& settings, QObject* parent)
    : QObject(parent), menu_(menu), settings_(settings) {
    auto* group = new QActionGroup(this);
    for (const Quality& quality : kQualities) {
        QAction* action = menu.addAction(QString(), this, [this, &quality] {
            settings_.setValue(kQualityKey, quality.pixels);
            choose(quality.pixels);
        });
        action->setCheckable(true);
        group->addAction(action);
    }
    retranslate();
}

void QualityMenu::start(std::optional<double> pixels) {
    const double usual = render::ViewportOptions().maxScreenSpaceErrorPixels;
    choose(pixels.value_or(settings_.value(kQualityKey, usual).toDouble()));
}

void QualityMenu::choose(double pixels) {
    for (std::size_t i = 0; i < kQualities.size(); ++i) {
        menu_.actions()[static_cast<qsizetype>(i)]->setChecked(kQualities.at(i).pixels == pixels);
    }
    emit chosen(pixels);
}

void QualityMenu::retranslate() {
    for (std::size_t i = 0; i < kQualities.size(); ++i) {
        menu_.actions()[static_cast<qsizetype>(i)]->setText(tr(kQualities.at(i).name));
    }
}

} // namespace viewer::app
