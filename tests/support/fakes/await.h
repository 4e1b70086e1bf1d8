// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"

#include <QTest>

namespace tramontane::test {

/// Lets the event loop run until the answer is there. A timeout is an Internal failure, so that no test hangs.
template <class T>
[[nodiscard]] Result<T> await(const QFuture<Result<T>> &future, int timeoutMs = 10'000)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, timeoutMs) || future.resultCount() == 0)
        return Error{ErrorCode::Internal, "no answer within the time that the test allows", {}};
    return future.result();
}

} // namespace tramontane::test
