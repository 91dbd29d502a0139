#pragma once

#include "tiles3d/base/result.h"

#include <QCoreApplication>
#include <QObject>
#include <QPointer>
#include <QThreadPool>
#include <exception>
#include <memory>
#include <utility>

namespace viewer::app {

/// The Result of `work`; what it throws (memory that ran out, say) as an Error.
template <typename Work>
auto resultOf(Work& work) -> decltype(work()) {
    try {
        return work();
    } catch (const std::exception& exception) {
        return tiles3d::base::Error{exception.what()};
    }
}

/// Runs `work`, which returns a Result, in the pool, then `done(result)` in the receiver's thread,
/// unless the receiver has gone. `work` must not touch widgets.
template <typename Work, typename Done>
void inBackground(QThreadPool& pool, QObject* receiver, Work work, Done done) {
    const QPointer<QObject> guard(receiver);
    pool.start([guard, work = std::move(work), done = std::move(done)]() mutable {
        auto result = std::make_shared<decltype(work())>(resultOf(work));
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
