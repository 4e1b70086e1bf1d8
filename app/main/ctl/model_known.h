// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/model.h"

#include <QJsonObject>

#include <string>

namespace tramontane::ctl {

/// Adds "known": what the table of open weights says of this model, or null.
void addKnown(QJsonObject &json, const ModelDescription &model);

/// The same for people; empty for a model that is not in the table.
[[nodiscard]] std::string knownText(const ModelDescription &model);

} // namespace tramontane::ctl
