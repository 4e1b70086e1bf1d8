// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/conversation.h"

#include <QJsonObject>

// The one spelling of conversations in JSON: exports and the command line use it (resources/cli). Any thread.
namespace tramontane {

[[nodiscard]] QJsonObject toJson(const Conversation &conversation);
[[nodiscard]] QJsonObject toJson(const Message &message);
[[nodiscard]] QJsonObject toJson(const Usage &usage);
[[nodiscard]] QJsonObject toJson(const Provenance &provenance);

} // namespace tramontane
