// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"

#include <QtConcurrent/QtConcurrentRun>

#include <new>
#include <type_traits>

namespace tramontane::vault {

/// Runs `work` (no arguments, returns a Result) in Qt's pool. Key derivation and file work never stop the GUI thread.
template <class Work>
[[nodiscard]] QFuture<std::invoke_result_t<Work &>> inBackground(Work work)
{
    return QtConcurrent::run([work = std::move(work)]() mutable -> std::invoke_result_t<Work &> {
        try {
            return work();
        } catch (const std::bad_alloc &) { // locked memory may run out
            return Error{ErrorCode::Internal, "There is not enough memory. Close other programs and try again.", ""};
        } catch (const std::exception &) { // a path that the system's own functions cannot take
            return Error{ErrorCode::IoFailed, "The folder of the vault cannot be used. Choose another one.", ""};
        }
    });
}

} // namespace tramontane::vault
