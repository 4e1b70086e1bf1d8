// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/conversation.h"
#include "app/core/sampling.h"

#include <QJsonArray>
#include <QJsonObject>

#include <vector>

// The one spelling of conversations in JSON: exports and the command line use it (resources/cli). Any thread.
namespace tramontane {

[[nodiscard]] QJsonObject toJson(const Conversation &conversation);
[[nodiscard]] QJsonObject toJson(const Message &message);
[[nodiscard]] QJsonObject toJson(const Usage &usage);
/// What it cost to compute: not stored with the answer.
[[nodiscard]] QJsonObject computationJson(const Usage &usage);
[[nodiscard]] QJsonObject toJson(const Provenance &provenance);
/// For each token its number, what it says (broken characters replaced), its logarithm, and the others.
[[nodiscard]] QJsonArray toJson(const std::vector<TokenLogprob> &logprobs);

} // namespace tramontane
