// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/id.h"

#include <QString>

#include <map>
#include <string>

namespace tramontane::ui {

/// Drafts as one text for the settings of the vault: a JSON object of conversation id (empty: not stored yet) and text.
[[nodiscard]] std::string writeDrafts(const std::map<ConversationId, QString> &drafts);
/// The other way; what is not such a text, or names no conversation, is left out. Never fails.
[[nodiscard]] std::map<ConversationId, QString> readDrafts(const std::string &text);

} // namespace tramontane::ui
