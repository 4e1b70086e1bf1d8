// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"

#include <QFutureWatcher>
#include <QObject>

#include <memory>
#include <utility>

// Continuations that may outlive nothing: QFuture::then(context, …) of Qt 6.4 asserts when its context has died in
// the meantime, and leaves whoever waits for the chain waiting for ever. These always run in the context's thread,
// never before the call has returned, and never after the context is gone.
namespace tramontane {

/// An answer that is given later, once. Copies share it. When the last copy goes without an answer, whoever waits gets
/// Cancelled. Any thread.
template <class T>
class Deferred {
public:
    [[nodiscard]] Async<T> future() const { return m_state->promise.future(); }
    /// The first call counts, later ones are ignored.
    void resolve(Result<T> result) const { m_state->resolve(std::move(result)); }

private:
    struct State {
        State() { promise.start(); }
        ~State() { resolve(Error{ErrorCode::Cancelled, "Not finished: this part of the program was closed.", {}}); }
        void resolve(Result<T> result)
        {
            if (std::exchange(resolved, true))
                return;
            promise.addResult(std::move(result));
            promise.finish();
        }
        QPromise<Result<T>> promise;
        bool resolved = false;
    };
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

/// Calls `handler(Result<T>)` in `context`'s thread when `future` is ready; never when `context` is destroyed before.
/// Call in the context's thread.
template <class T, class Handler>
void whenReady(QObject *context, const QFuture<Result<T>> &future, Handler handler)
{
    auto *watcher = new QFutureWatcher<Result<T>>(context);
    QObject::connect(
        watcher, &QFutureWatcherBase::finished, context, [watcher, handler = std::move(handler)]() mutable {
            watcher->deleteLater();
            const QFuture<Result<T>> done = watcher->future();
            handler(done.resultCount() > 0 ? done.result()
                                           : Result<T>(Error{ErrorCode::Cancelled, "Not finished: cancelled.", {}}));
        });
    watcher->setFuture(future);
}

namespace detail {

template <class Future>
struct AsyncValue;
template <class T>
struct AsyncValue<QFuture<Result<T>>> {
    using Type = T;
};

} // namespace detail

/// `next(value)` in `context`'s thread, once `first` has succeeded; `next` answers with an Async. A failure of either
/// is the failure of the whole. When `context` dies in between, the answer is Cancelled.
template <class T, class Next>
[[nodiscard]] auto andThen(QObject *context, const QFuture<Result<T>> &first, Next next)
{
    using Future = std::invoke_result_t<Next, T>;
    using U = typename detail::AsyncValue<Future>::Type;
    Deferred<U> answer;
    whenReady(context, first, [context, answer, next = std::move(next)](Result<T> result) mutable {
        if (!result)
            return answer.resolve(result.error());
        whenReady(context, next(std::move(*result)), [answer](Result<U> last) { answer.resolve(std::move(last)); });
    });
    return answer.future();
}

template <class Next>
[[nodiscard]] auto andThen(QObject *context, const QFuture<Result<void>> &first, Next next)
{
    using Future = std::invoke_result_t<Next>;
    using U = typename detail::AsyncValue<Future>::Type;
    Deferred<U> answer;
    whenReady(context, first, [context, answer, next = std::move(next)](Result<void> result) mutable {
        if (!result)
            return answer.resolve(result.error());
        whenReady(context, next(), [answer](Result<U> last) { answer.resolve(std::move(last)); });
    });
    return answer.future();
}

} // namespace tramontane
