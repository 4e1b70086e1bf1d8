// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "storage/tasks/work_threads.h"

#include <exception>
#include <memory>
#include <utility>

namespace tramontane::vault {

[[nodiscard]] inline Error vaultLocked()
{
    return Error{ErrorCode::VaultLocked, "The vault is locked. Unlock it and try again.", ""};
}

/// Queues `work` (no arguments, answers with a Result<T>) in `line`. Its answer is VaultLocked when the threads are
/// closed by then; what it holds is gone before the answer is given.
template <class T, class Work>
[[nodiscard]] Async<T> postTask(WorkThreads::Line &line, Work work)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    auto held = std::make_shared<Work>(std::move(work));
    auto future = promise->future();
    line.post([promise = std::move(promise), held = std::move(held)](bool open) mutable {
        Result<T> answer = vaultLocked();
        try {
            if (open)
                answer = (*held)();
        } catch (const std::exception &) { // no (locked) memory, or a path that the system's functions cannot take
            answer = Error{ErrorCode::Internal, "There is not enough memory. Close other programs and try again.", ""};
        }
        held.reset();
        promise->addResult(std::move(answer));
        promise->finish();
    });
    return future;
}

} // namespace tramontane::vault
