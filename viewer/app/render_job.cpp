#include "viewer/app/render_job.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace viewer::app {

namespace {

constexpr int kPermille = 1000;
constexpr qsizetype kLinesKept = 5;

} // namespace

RenderJob::RenderJob(QWidget* window, const render::ViewFile& view, const QStringList& arguments)
    : QObject(window) {
    progress_ = std::make_unique<QProgressDialog>(
        tr("Drawing with all tiles loaded…"), tr("Cancel"), 0, kPermille, window);
    progress_->setMinimumDuration(0);
    progress_->setAutoClose(false);
    progress_->setValue(0);
    connect(progress_.get(), &QProgressDialog::canceled, this, [this] {
        isCancelled_ = true;
        process_.terminate();
    });
    process_.setProcessChannelMode(QProcess::MergedChannels);
    connect(&process_, &QProcess::readyRead, this, &RenderJob::readOutput);
    connect(&process_, &QProcess::finished, this, &RenderJob::finish);
    connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) {
            emit failed(process_.errorString());
            deleteLater();
        }
    });
    start(view, arguments);
}

RenderJob::~RenderJob() {
    process_.disconnect(this);
    if (process_.state() != QProcess::NotRunning) {
        process_.terminate();
        process_.waitForFinished(); // half a minute at most
    }
}

void RenderJob::start(const render::ViewFile& view, QStringList arguments) {
    const QString file = folder_.filePath("view.json");
    const auto written = render::writeViewFile(file.toStdString(), view);
    if (!written) {
        QMetaObject::invokeMethod(
            this,
            [this, reason = QString::fromStdString(written.error().message)] {
                emit failed(reason);
                deleteLater();
            },
            Qt::QueuedConnection);
        return;
    }
    arguments.prepend(file);
    arguments.prepend("--view");
    arguments.append("--progress");
    process_.start(QCoreApplication::applicationFilePath(), arguments);
}

/// Lines of progress are "progress 0.25"; all others are for people.
void RenderJob::readOutput() {
    static const QRegularExpression kProgress("^progress ([0-9.]+)$");
    while (process_.canReadLine()) {
        const QString line = QString::fromUtf8(process_.readLine()).trimmed();
        const auto match = kProgress.match(line);
        if (match.hasMatch()) {
            progress_->setValue(qRound(match.captured(1).toDouble() * kPermille));
        } else if (!line.isEmpty()) {
            lastLines_.append(line);
            lastLines_ = lastLines_.mid(std::max<qsizetype>(lastLines_.size() - kLinesKept, 0));
        }
    }
}

void RenderJob::finish(int exitCode, QProcess::ExitStatus status) {
    readOutput();
    progress_->reset();
    if (status == QProcess::NormalExit && exitCode == 0) {
        emit done();
    } else if (!isCancelled_) {
        emit failed(lastLines_.join('\n'));
    }
    deleteLater();
}

} // namespace viewer::app
