#include "viewer/app/language.h"

#include "viewer/app/translate.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

namespace viewer::app {

Language::Language(QObject* parent) : QObject(parent) {}

void Language::use(const QString& name) {
    const bool isKnown = name == "en" || name == "zh_CN";
    const bool isChinese = QLocale::system().language() == QLocale::Chinese;
    name_ = isKnown ? name : (isChinese ? "zh_CN" : "en");
    QCoreApplication::removeTranslator(&ours_);
    QCoreApplication::removeTranslator(&qts_);
    // English has a file as well, for plurals.
    if (ours_.load(":/translations/city3d_" + name_ + ".qm")) {
        QCoreApplication::installTranslator(&ours_);
    }
    if (qts_.load("qtbase_" + name_, QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
        QCoreApplication::installTranslator(&qts_);
    }
}

/// The translations themselves say it, so that it holds in tests and for every widget alike.
bool isShownInChinese() {
    return tr("English") != "English";
}

QString nameShown(const std::string& chinese, const std::string& english) {
    return QString::fromStdString(isShownInChinese() || english.empty() ? chinese : english);
}

} // namespace viewer::app
