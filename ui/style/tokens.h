// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>

// The colours of the product, one set per theme. No other place names a colour.
namespace tramontane::ui {

enum class ThemeKind { Light, Dark, HighContrast };

/// A state colour (ok, warn, bad): the text and icon colour, the quiet fill behind it, and the frame of that fill.
struct StateColours {
    QColor text;
    QColor tint;
    QColor line;
};

struct CodeColours {
    QColor keyword;
    QColor string;
    QColor number;
    QColor comment;
    QColor function;
};

/// Plain data, GUI thread. The meaning of each is said once, here; the values are in tokens.cpp. Contrast of every
/// text colour on every surface below is at least 4.5, of `ctl`, `acc` as a frame and `markEdge` at least 3.0 (tested).
struct Tokens {
    ThemeKind kind = ThemeKind::Light;

    // Surfaces
    QColor win;    // sidebar, tab strip, right panel, status line
    QColor canvas; // reading surface, tables
    QColor raised; // cards, buttons, inputs, popovers
    QColor sunken; // code, own message, table head, locked input
    QColor hover;
    QColor press;
    QColor sel; // selected row, current item

    // Lines
    QColor line;  // dividers
    QColor line2; // frames of buttons, chips, cards
    QColor ctl;   // frames of inputs, check boxes, switches

    // Text
    QColor t1;
    QColor t2;  // secondary text, icons
    QColor t3;  // hints, times, units
    QColor dis; // disabled only, never information

    // Accent
    QColor acc;
    QColor accHover;
    QColor accPress;
    QColor onAcc;
    QColor tint;    // accent chip, notice
    QColor accLine; // frame of `tint`

    StateColours ok;
    StateColours warn;
    StateColours bad;

    QColor mark; // cited passage, find hit
    QColor onMark;
    QColor markEdge;

    // Bars and plots: the rest of a bar, then the series in their fixed order.
    QColor free;
    QColor s1;
    QColor s2;
    QColor s3;
    QColor s4;
    QColor s5;

    QColor scrim;  // under a modal layer, with alpha
    QColor shadow; // of popovers, with alpha; transparent in high contrast
    CodeColours code;

    [[nodiscard]] bool isDark() const { return kind != ThemeKind::Light; }
    [[nodiscard]] bool isHighContrast() const { return kind == ThemeKind::HighContrast; }
};

/// The set of one theme. Never fails.
[[nodiscard]] Tokens tokensFor(ThemeKind kind);

/// Contrast ratio of two opaque colours, 1 - 21 (WCAG 2.2, relative luminance of sRGB).
[[nodiscard]] double contrastRatio(const QColor &a, const QColor &b);

} // namespace tramontane::ui
