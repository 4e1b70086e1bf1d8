// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/controls.h"

#include <optional>

namespace tramontane::ui {

/// An icon (or a state dot) and one line of text that belongs to it: hints below fields, items of the status line.
/// Elided where it does not fit, then with a tooltip of the whole text. GUI thread only.
class IconText : public QWidget {
    Q_OBJECT
public:
    explicit IconText(Icon icon = Icon::None, const QString &text = {}, TypeRole role = TypeRole::Hint,
                      QWidget *parent = nullptr);
    void setText(const QString &text);
    [[nodiscard]] QString text() const { return m_text; }
    void setIcon(Icon icon);
    /// A dot of this tone instead of the icon.
    void setDot(Tone tone);
    /// Colour of icon and text; Neutral is the secondary text colour.
    void setTone(Tone tone);
    /// A tooltip that says more than the text; empty: only the whole text where it is elided.
    void setExplanation(const QString &explanation);
    /// Digits on equal widths, for figures that change.
    void setTabular(bool tabular);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] qreal textLeft() const;
    [[nodiscard]] qreal textWidth() const;
    void refresh();

    Icon m_icon;
    std::optional<Tone> m_dot;
    QString m_text;
    QString m_explanation;
    TypeRole m_role;
    Tone m_tone = Tone::Neutral;
    bool m_tabular = false;
};

} // namespace tramontane::ui
