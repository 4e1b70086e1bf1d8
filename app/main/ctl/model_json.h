// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/model.h"

#include <QJsonObject>

#include <string>

namespace tramontane::ctl {

/// One model as resources/cli/model.v1.schema.json says. A null id: a file that is not in the catalogue.
[[nodiscard]] QJsonObject modelJson(const ModelRef &model);
[[nodiscard]] std::string modelText(const ModelRef &model);

} // namespace tramontane::ctl
