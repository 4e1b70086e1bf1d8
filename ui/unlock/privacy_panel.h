// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/unlock/first_run_panel.h"

namespace tramontane::ui {

/// Panel 3: what leaves this machine. Nothing to agree to, and a plain word on what is not protected.
class PrivacyPanel : public FirstRunPanel {
    Q_OBJECT
public:
    explicit PrivacyPanel(QWidget *parent = nullptr);
};

} // namespace tramontane::ui
