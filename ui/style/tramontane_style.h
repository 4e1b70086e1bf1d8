// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/theme.h"

#include <QProxyStyle>

#include <memory>

class QApplication;

namespace tramontane::ui {

/// Fusion with our own metrics and painting. Variants are dynamic properties of the widget:
///   kind  = "primary" | "normal" | "quiet" | "destructive"   push buttons (normal without it), tool buttons (quiet)
///   scale = "card" (28) | "dialog" (36)                      push buttons; 30 without it
///   frame = "none"                                           line edits that sit in a frame of their own
///   error = true                                             line edits: `bad` frame
///   role  = "passphrase"                                     line edits: 38 high
/// There is no style sheet anywhere: one would replace this style for the widgets it touches. GUI thread only.
class TramontaneStyle : public QProxyStyle {
    Q_OBJECT
public:
    TramontaneStyle();
    ~TramontaneStyle() override;

    [[nodiscard]] Theme &theme() const { return *m_theme; }

    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override;
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *data) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                           const QWidget *widget) const override;
    QRect subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl part,
                         const QWidget *widget) const override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                     const QWidget *widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                            const QWidget *widget) const override;
    QIcon standardIcon(StandardPixmap pixmap, const QStyleOption *option, const QWidget *widget) const override;
    QPalette standardPalette() const override;
    void polish(QWidget *widget) override;
    using QProxyStyle::polish;

protected:
    /// Looks at the desktop's lightness again when the desktop says that its theme is another one.
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    std::unique_ptr<Theme> m_theme;
};

/// Puts the style on the application (which then owns it), follows the desktop's lightness, and returns the theme.
/// Call once, after QApplication was made and before the first widget.
Theme &installStyle(QApplication &application, ThemeChoice choice = ThemeChoice::FollowDesktop);

} // namespace tramontane::ui
