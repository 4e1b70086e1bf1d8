// SPDX-License-Identifier: Apache-2.0
#include "app/services/disk_room.h"

#include "app/contracts/when_ready.h"

#include <algorithm>

namespace tramontane {
namespace {

constexpr std::uint64_t kMegabyte = 1'000'000;

Error noRoom(const ReserveStatus &reserve)
{
    return {ErrorCode::NoSpace,
            "Not sent: the disk is full. A new question needs " + megabytes(reserve.roomNeededBytes)
                + " more; delete something, then ask again. What is there can be read, exported and deleted.",
            "reserve: " + std::to_string(reserve.bytes) + " of " + std::to_string(reserve.wantedBytes) + " bytes"};
}

} // namespace

std::string megabytes(std::uint64_t bytes)
{
    return std::to_string(std::max<std::uint64_t>(1, (bytes + kMegabyte - 1) / kMegabyte)) + " MB";
}

Async<StoredQuestion> storeWhereRoom(QObject *context, OpenVault &vault, QuestionToStore question)
{
    return andThen(context, vault.reserve().restore(),
                   [context, &vault, question = std::move(question)](const ReserveStatus &reserve) {
                       if (!reserve.whole())
                           return ready<StoredQuestion>(noRoom(reserve));
                       Deferred<StoredQuestion> answer;
                       whenReady(context, vault.conversations().storeQuestion(question),
                                 [answer, reserve](const Result<StoredQuestion> &stored) {
                                     const bool full = !stored && stored.error().code == ErrorCode::NoSpace;
                                     answer.resolve(full ? Result<StoredQuestion>(noRoom(reserve)) : stored);
                                 });
                       return answer.future();
                   });
}

} // namespace tramontane
