// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_store.h"

#include <QObject>

namespace tramontane {

/// "40 MB", rounded up, never less than 1. Any thread.
[[nodiscard]] std::string megabytes(std::uint64_t bytes);

/// Stores a question, but only while the vault has its reserve for a full disk: without it there would be no room for the
/// answer and its records. One that was given up is written again first if there is room. Calls: the thread of `context`.
/// Errors: NoSpace, with the space that is needed; those of ConversationRepository::storeQuestion.
[[nodiscard]] Async<StoredQuestion> storeWhereRoom(QObject *context, OpenVault &vault, QuestionToStore question);

} // namespace tramontane
