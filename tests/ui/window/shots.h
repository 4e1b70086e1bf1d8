// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

class QWidget;

namespace tramontane::test {

/// Saves what the widget shows as <folder of TRAMONTANE_SHOTS>/<name>.png, to be looked at by people. Does nothing when
/// that variable is not set. Events that are due are handled first.
void shoot(QWidget &widget, const QString &name);

} // namespace tramontane::test
