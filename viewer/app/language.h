#pragma once

#include <QObject>
#include <QString>
#include <QTranslator>
#include <string>

namespace viewer::app {

/// The language of the program's own texts: English, or one of the translations built into it.
/// Widgets learn of a change by QEvent::LanguageChange.
class Language final : public QObject {
public:
    explicit Language(QObject* parent = nullptr);

    /// "en" or "zh_CN"; anything else: what of these the system's language is nearest to.
    void use(const QString& name);
    const QString& name() const { return name_; }

private:
    QTranslator ours_;
    QTranslator qts_; ///< Of Qt's own dialogs, if installed.
    QString name_ = "en";
};

/// The language in use now, for texts that are not ours.
bool isShownInChinese();
/// A name of the data in that language, or in Chinese where it has no other.
QString nameShown(const std::string& chinese, const std::string& english);

} // namespace viewer::app
