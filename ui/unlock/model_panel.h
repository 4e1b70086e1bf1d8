// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/unlock/first_run_panel.h"
#include "ui/unlock/first_run_view_model.h"

namespace tramontane::ui {

class ChoiceCard;
class Notice;

/// Panel 4: the model that came with the program, or another file. What it says of a file was read in the sandbox.
class ModelPanel : public FirstRunPanel {
    Q_OBJECT
public:
    explicit ModelPanel(FirstRunViewModel &model, QWidget *parent = nullptr);
    [[nodiscard]] QWidget *firstFocus() const override;

private:
    void chooseFile();
    void refresh();

    FirstRunViewModel &m_model;
    ChoiceCard *m_offer;
    ChoiceCard *m_starter;
    ChoiceCard *m_file;
    Notice *m_problem;
};

} // namespace tramontane::ui
