// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/metrics.h"
#include "ui/style/tokens.h"

#include <QFont>
#include <QObject>
#include <QPalette>

class QWidget;

namespace tramontane::ui {

/// What the person chose. FollowDesktop takes the lightness of the desktop's palette at start and when it changes.
enum class ThemeChoice { FollowDesktop, Light, Dark, HighContrast };

/// The tokens, fonts and palette in force. Owned by TramontaneStyle; reached by `Theme::of(widget)` or handed in by
/// constructor. GUI thread only. Widgets repaint on changed(); a change takes well under 100 ms because nothing is
/// reloaded, only the palette set anew.
class Theme : public QObject {
    Q_OBJECT
public:
    explicit Theme(QObject *parent = nullptr);

    /// The theme of the style that paints `widget`. The application must run under TramontaneStyle (installStyle());
    /// anything else is a programming error and aborts with a message.
    [[nodiscard]] static Theme &of(const QWidget *widget);

    [[nodiscard]] const Tokens &tokens() const { return m_tokens; }
    [[nodiscard]] ThemeChoice choice() const { return m_choice; }
    void setChoice(ThemeChoice choice);
    /// What the desktop shows; used while the choice is FollowDesktop.
    void setDesktop(bool dark, bool moreContrast);

    /// The person's text size, 0.9 - 1.5; values outside are moved to the nearest limit.
    [[nodiscard]] qreal textFactor() const { return m_textFactor; }
    void setTextFactor(qreal factor);

    /// True: no animation, the busy ring becomes a still "…".
    [[nodiscard]] bool reducedMotion() const { return m_reducedMotion; }
    void setReducedMotion(bool reduced);

    /// The font of a role, with the whole chain of families and the text size applied.
    [[nodiscard]] QFont font(TypeRole role) const;
    /// The line height of a role in logical pixels, with the text size applied.
    [[nodiscard]] qreal lineHeight(TypeRole role) const;
    /// All roles in all groups, for foreign dialogs too.
    [[nodiscard]] QPalette palette() const;

Q_SIGNALS:
    /// Tokens, text size or motion are other ones now. The application's palette and font are already set.
    void changed();

private:
    void apply();

    Tokens m_tokens;
    ThemeChoice m_choice = ThemeChoice::FollowDesktop;
    bool m_desktopDark = false;
    bool m_desktopContrast = false;
    qreal m_textFactor = 1.0;
    bool m_reducedMotion = false;
};

} // namespace tramontane::ui
