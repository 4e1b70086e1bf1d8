// SPDX-License-Identifier: Apache-2.0
#pragma once

class QWidget;

namespace tramontane::ui {

/// Takes away everything that may show or hold something of the vault beside the window itself: menus, popups, dialogs,
/// tooltips, other windows. What is closed deletes itself a moment later. GUI thread.
void clearOtherWindows(const QWidget &window);

} // namespace tramontane::ui
