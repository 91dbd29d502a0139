#include "viewer/app/dialogs.h"

#include "viewer/app/translate.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QSpinBox>
#include <array>

namespace viewer::app {

namespace {

constexpr int kFewestPixels = 16;
constexpr int kMostPixels = 16384;

/// Two boxes and some usual sizes.
class SizeFields {
public:
    SizeFields(QFormLayout& form, const QSize& first, int step) {
        for (QSpinBox* box : {width_, height_}) {
            box->setRange(kFewestPixels, kMostPixels);
            box->setSingleStep(step);
        }
        width_->setObjectName("width");
        height_->setObjectName("height");
        static constexpr std::array kUsual = {
            QSize(1920, 1080), QSize(3840, 2160), QSize(7680, 4320), QSize(16384, 9216)};
        add(first);
        for (const QSize& size : kUsual) {
            add(size);
        }
        QObject::connect(usual_, &QComboBox::currentIndexChanged, usual_, [this] { take(); });
        take();
        form.addRow(QCoreApplication::translate("viewer::app", "Usual sizes"), usual_);
        form.addRow(QCoreApplication::translate("viewer::app", "Width, pixels"), width_);
        form.addRow(QCoreApplication::translate("viewer::app", "Height, pixels"), height_);
    }

    QSize size() const { return {width_->value(), height_->value()}; }

private:
    void add(const QSize& size) {
        usual_->addItem(QString("%1 × %2").arg(size.width()).arg(size.height()), size);
    }
    void take() {
        const QSize size = usual_->currentData().toSize();
        width_->setValue(size.width());
        height_->setValue(size.height());
    }

    QComboBox* usual_ = new QComboBox;
    QSpinBox* width_ = new QSpinBox;
    QSpinBox* height_ = new QSpinBox;
};

void addButtons(QDialog& dialog, QFormLayout& form) {
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    form.addRow(buttons);
    QObject::connect(buttons, &QDialogButtonBox::accepted, &dialog, &QDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
}

QString withEnding(const QString& file, const QString& ending) {
    return file.endsWith(ending, Qt::CaseInsensitive) ? file : file + ending;
}

} // namespace

std::optional<PictureOrder> askForPicture(QWidget* parent, const QSize& window) {
    QDialog dialog(parent);
    dialog.setWindowTitle(tr("Picture in any size"));
    QFormLayout form(&dialog);
    const SizeFields fields(form, window, 1);
    addButtons(dialog, form);
    if (dialog.exec() != QDialog::Accepted) {
        return std::nullopt;
    }
    const QString file = QFileDialog::getSaveFileName(
        parent, tr("Save the picture"), "city.png", tr("PNG picture (*.png)"));
    if (file.isEmpty()) {
        return std::nullopt;
    }
    return PictureOrder{withEnding(file, ".png"), fields.size()};
}

std::optional<VideoOrder> askForVideo(QWidget* parent, bool hasFfmpeg) {
    constexpr int kUsualRate = 30;
    constexpr int kHighestRate = 120;
    QDialog dialog(parent);
    dialog.setWindowTitle(tr("Video of the flight"));
    QFormLayout form(&dialog);
    const SizeFields fields(form, QSize(1280, 720), 2);
    auto* rate = new QSpinBox;
    rate->setRange(1, kHighestRate);
    rate->setValue(kUsualRate);
    form.addRow(tr("Frames per second"), rate);
    auto* frames = new QCheckBox(tr("PNG frames in a folder instead of an MP4 file"));
    frames->setChecked(!hasFfmpeg);
    frames->setEnabled(hasFfmpeg);
    form.addRow(frames);
    if (!hasFfmpeg) {
        form.addRow(new QLabel(tr("MP4 needs the program ffmpeg: sudo apt install ffmpeg")));
    }
    addButtons(dialog, form);
    if (dialog.exec() != QDialog::Accepted) {
        return std::nullopt;
    }
    VideoOrder order{.isFrames = frames->isChecked(), .framesPerSecond = rate->value()};
    order.size = {fields.size().width() & ~1, fields.size().height() & ~1};
    const QString target =
        order.isFrames ? QFileDialog::getExistingDirectory(parent, tr("Folder for the frames"))
                       : QFileDialog::getSaveFileName(
                             parent, tr("Save the video"), "flight.mp4", tr("MP4 video (*.mp4)"));
    if (target.isEmpty()) {
        return std::nullopt;
    }
    order.target = order.isFrames ? target : withEnding(target, ".mp4");
    return order;
}

std::optional<QString> askForSun(QWidget* parent, const QString& date, int cityOffsetSeconds) {
    QDialog dialog(parent);
    dialog.setWindowTitle(tr("Sun by date and time"));
    QFormLayout form(&dialog);
    auto* isOn = new QCheckBox(tr("The sun stands as on this day and hour"));
    isOn->setChecked(!date.isEmpty());
    const QDateTime known = QDateTime::fromString(date, Qt::ISODate);
    const QDateTime first = known.isValid() ? known : QDateTime::currentDateTimeUtc();
    auto* time = new QDateTimeEdit(first.toOffsetFromUtc(cityOffsetSeconds));
    time->setTimeSpec(Qt::OffsetFromUTC);
    time->setDateTime(first.toOffsetFromUtc(cityOffsetSeconds));
    time->setDisplayFormat("yyyy-MM-dd HH:mm");
    time->setCalendarPopup(true);
    form.addRow(isOn);
    form.addRow(tr("Time of the city"), time);
    addButtons(dialog, form);
    if (dialog.exec() != QDialog::Accepted) {
        return std::nullopt;
    }
    if (!isOn->isChecked()) {
        return QString();
    }
    QDateTime chosen = time->dateTime();
    chosen = QDateTime(chosen.date(), chosen.time(), Qt::OffsetFromUTC, cityOffsetSeconds);
    return chosen.toString(Qt::ISODate);
}

int offsetOfLongitude(double degrees) {
    constexpr double kDegreesPerHour = 15.0;
    constexpr int kSecondsPerHour = 3600;
    return qRound(degrees / kDegreesPerHour) * kSecondsPerHour;
}

QString keysText() {
    struct Row {
        const char* keys;
        const char* text;
    };
    static constexpr std::array kRows = {
        Row{QT_TRANSLATE_NOOP("viewer::app", "Left drag"),
            QT_TRANSLATE_NOOP("viewer::app", "move the ground under the cursor")},
        Row{QT_TRANSLATE_NOOP("viewer::app", "Right drag, Ctrl + left drag"),
            QT_TRANSLATE_NOOP("viewer::app", "orbit about the point under the cursor")},
        Row{QT_TRANSLATE_NOOP("viewer::app", "Wheel, middle drag"),
            QT_TRANSLATE_NOOP("viewer::app", "zoom to the cursor")},
        Row{QT_TRANSLATE_NOOP("viewer::app", "Double click"),
            QT_TRANSLATE_NOOP("viewer::app", "fly there")},
        Row{QT_TRANSLATE_NOOP("viewer::app", "Click"),
            QT_TRANSLATE_NOOP("viewer::app", "what is here? or the next point of a measure")},
        Row{"W A S D, ↑ ← ↓ →", QT_TRANSLATE_NOOP("viewer::app", "move; with Shift faster")},
        Row{"Q E, PgDn PgUp", QT_TRANSLATE_NOOP("viewer::app", "down and up")},
        Row{"Ctrl + ↑ ← ↓ →", QT_TRANSLATE_NOOP("viewer::app", "look up, down, turn")},
        Row{"G", QT_TRANSLATE_NOOP("viewer::app", "walk in the middle of the picture; again: fly")},
        Row{"F, N, T", QT_TRANSLATE_NOOP("viewer::app", "whole city, north up, top down")},
        Row{QT_TRANSLATE_NOOP("viewer::app", "Return, Backspace, Esc"),
            QT_TRANSLATE_NOOP("viewer::app", "a measure: finish, one point less, no more")},
        Row{"Ctrl+1 … 4",
            QT_TRANSLATE_NOOP("viewer::app", "measure a distance, an area, a height, a point")},
        Row{"Ctrl+5",
            QT_TRANSLATE_NOOP("viewer::app", "draw a site and check it against all layers")},
        Row{"Ctrl+F", QT_TRANSLATE_NOOP("viewer::app", "search the layers; Return, then Space")},
        Row{"Ctrl+B, Ctrl+Return",
            QT_TRANSLATE_NOOP("viewer::app", "bookmark this view; fly through the bookmarks")},
        Row{"P", QT_TRANSLATE_NOOP("viewer::app", "screenshot")},
    };
    QString text = "<table cellpadding='4'>";
    for (const Row& row : kRows) {
        text += QString("<tr><td><b>%1</b></td><td>%2</td></tr>")
                    .arg(tr(row.keys).toHtmlEscaped(), tr(row.text).toHtmlEscaped());
    }
    return text + "</table>";
}

} // namespace viewer::app
