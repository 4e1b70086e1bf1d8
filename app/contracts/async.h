// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <QFuture>
#include <QPromise>

namespace tramontane {

/// The answer of every call that leaves the calling thread. Never holds an exception: failures are in the Result.
/// Continue with `.then(context, …)` so that the continuation runs in the context's thread and dies with it.
template <class T>
using Async = QFuture<Result<T>>;

/// An answer that is there at once.
template <class T>
[[nodiscard]] Async<T> ready(Result<T> result)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(std::move(result));
    promise.finish();
    return promise.future();
}

} // namespace tramontane
