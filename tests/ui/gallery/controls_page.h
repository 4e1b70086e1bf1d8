// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

namespace tramontane::gallery {

/// Every common control once, in its states.
[[nodiscard]] QWidget *makeControlsPage();

} // namespace tramontane::gallery
