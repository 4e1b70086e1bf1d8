// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/memory_plan.h"
#include "app/core/model.h"
#include "app/core/result.h"

#include <QByteArray>

// Reads what `tramontane-engine --inspect`, `--plan` and `--devices` print. The program has read a hostile file, so nothing is
// taken on trust. Any thread.
namespace tramontane::inspection {

/// The object of `--inspect`: every field must be there with its kind and a possible value, and no other.
/// Errors: the one that the document reports ({"error":{…}}); ModelUnsupported for anything else.
[[nodiscard]] Result<ModelDescription> readDescription(const QByteArray &json);

/// The object of `--plan`. Errors: as readDescription().
[[nodiscard]] Result<MemoryPlan> readPlan(const QByteArray &json);

/// The object of `--devices`, as it came. Errors: the one that it reports; EngineUnavailable if it is no JSON object.
[[nodiscard]] Result<std::string> readDevices(const QByteArray &json);

} // namespace tramontane::inspection
