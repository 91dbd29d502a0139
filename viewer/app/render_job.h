#pragma once

#include "viewer/render/view_file.h"

#include <QObject>
#include <QProcess>
#include <QProgressDialog>
#include <QTemporaryDir>
#include <memory>

namespace viewer::app {

/// A picture or video of a view, made by this program itself without a window, as a process of its
/// own: the window goes on, a failure there is a message here, and the picture is the one that the
/// command line gives. Shows its progress, and can be cancelled. Deletes itself at the end.
class RenderJob final : public QObject {
    Q_OBJECT

public:
    /// `arguments` follow the view's own (--view FILE).
    RenderJob(QWidget* window, const render::ViewFile& view, const QStringList& arguments);
    /// Ends what is still at work.
    ~RenderJob() override;

signals:
    void done();
    void failed(const QString& reason);

private:
    void start(const render::ViewFile& view, QStringList arguments);
    void readOutput();
    void finish(int exitCode, QProcess::ExitStatus status);

    QTemporaryDir folder_; // holds the view
    QProcess process_;
    std::unique_ptr<QProgressDialog> progress_;
    QStringList lastLines_;
    bool isCancelled_ = false;
};

} // namespace viewer::app
