#pragma once

#include <QCoreApplication>
#include <QObject>
#include <QPointer>
#include <QThreadPool>
#include <memory>
#include <utility>

namespace viewer::app {

/// Runs `work` in the pool, then `done(result)` in the receiver's thread, unless the receiver has
/// gone. `work` must not touch widgets.
template <typename Work, typename Done>
void inBackground(QThreadPool& pool, QObject* receiver, Work work, Done done) {
    const QPointer<QObject> guard(receiver);
    pool.start([guard, work = std::move(work), done = std::move(done)]() mutable {
        auto result = std::make_shared<decltype(work())>(work());
        QMetaObject::invokeMethod(
            qApp,
            [guard, result, done = std::move(done)]() mutable {
                if (guard) {
                    done(std::move(*result));
                }
            },
            Qt::QueuedConnection);
    });
}

} // namespace viewer::app
