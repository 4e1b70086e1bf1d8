// SPDX-License-Identifier: Apache-2.0
#include "ui/style/tokens.h"

#include <cmath>

namespace tramontane::ui {
namespace {

QColor rgb(unsigned value)
{
    return QColor::fromRgb(value);
}

QColor veil(unsigned value, double share)
{
    QColor colour = QColor::fromRgb(value);
    colour.setAlphaF(static_cast<float>(share));
    return colour;
}

StateColours state(unsigned text, unsigned tint, unsigned line)
{
    return {rgb(text), rgb(tint), rgb(line)};
}

CodeColours code(unsigned keyword, unsigned string, unsigned number, unsigned comment, unsigned function)
{
    return {rgb(keyword), rgb(string), rgb(number), rgb(comment), rgb(function)};
}

Tokens light()
{
    Tokens t;
    t.kind = ThemeKind::Light;
    t.win = rgb(0xF4F4F1), t.canvas = rgb(0xFFFFFF), t.raised = rgb(0xFFFFFF), t.sunken = rgb(0xF7F7F5);
    t.hover = rgb(0xEAEAE6), t.press = rgb(0xDFDFDA), t.sel = rgb(0xDCEAEC);
    t.line = rgb(0xE4E4DF), t.line2 = rgb(0xCBCBC5), t.ctl = rgb(0x878C8B);
    t.t1 = rgb(0x1A1D1E), t.t2 = rgb(0x50575A), t.t3 = rgb(0x61676A), t.dis = rgb(0x9A9F9F);
    t.acc = rgb(0x0A6675), t.accHover = rgb(0x085562), t.accPress = rgb(0x064550), t.onAcc = rgb(0xFFFFFF);
    t.tint = rgb(0xE8F2F3), t.accLine = rgb(0xA3CBD0);
    t.ok = state(0x2C6E3F, 0xE8F2E8, 0xB4D3B8);
    t.warn = state(0x855600, 0xFBF3E0, 0xE6CF98);
    t.bad = state(0xAE2A21, 0xFBEBE9, 0xE9BAB5);
    t.mark = rgb(0xFFEBA6), t.onMark = rgb(0x1A1D1E), t.markEdge = rgb(0xB98A00);
    t.free = rgb(0xECECE8), t.s1 = rgb(0x0A6675), t.s2 = rgb(0x5F9EA8), t.s3 = rgb(0xB7862B);
    t.s4 = rgb(0x7C8A3A), t.s5 = rgb(0xC9CBC6);
    t.scrim = veil(0x1A1D1E, 0.28), t.shadow = veil(0x000000, 0.16);
    t.code = code(0x8A3B7A, 0x2C6E3F, 0x9A4B00, 0x61676A, 0x0A5A86);
    return t;
}

Tokens dark()
{
    Tokens t;
    t.kind = ThemeKind::Dark;
    t.win = rgb(0x16181A), t.canvas = rgb(0x1C1F21), t.raised = rgb(0x24282A), t.sunken = rgb(0x181B1C);
    t.hover = rgb(0x2A2F31), t.press = rgb(0x33393B), t.sel = rgb(0x1E3A3F);
    t.line = rgb(0x2E3436), t.line2 = rgb(0x434A4C), t.ctl = rgb(0x7D8587);
    t.t1 = rgb(0xE9EBEA), t.t2 = rgb(0xB3B9BA), t.t3 = rgb(0x9BA2A4), t.dis = rgb(0x6A7173);
    t.acc = rgb(0x5CBBC8), t.accHover = rgb(0x79CAD5), t.accPress = rgb(0x93D6DF), t.onAcc = rgb(0x06262B);
    t.tint = rgb(0x1A3136), t.accLine = rgb(0x2F6670);
    t.ok = state(0x7FC38D, 0x1B2D20, 0x356141);
    t.warn = state(0xE1B55B, 0x31280F, 0x6B5620);
    t.bad = state(0xF28D84, 0x381D1B, 0x78403B);
    t.mark = rgb(0x5C4B10), t.onMark = rgb(0xE9EBEA), t.markEdge = rgb(0xE0B542);
    t.free = rgb(0x2A2F31), t.s1 = rgb(0x5CBBC8), t.s2 = rgb(0x397E89), t.s3 = rgb(0xD8A94A);
    t.s4 = rgb(0xA3B25A), t.s5 = rgb(0x4B5254);
    t.scrim = veil(0x000000, 0.50), t.shadow = veil(0x000000, 0.50);
    t.code = code(0xD99BC9, 0x8FCB9B, 0xE5AE73, 0x9BA2A4, 0x86BFE6);
    return t;
}

Tokens highContrast()
{
    Tokens t;
    t.kind = ThemeKind::HighContrast;
    t.win = t.canvas = t.raised = t.sunken = rgb(0x000000);
    t.hover = rgb(0x1F1F1F), t.press = rgb(0x333333), t.sel = rgb(0x003C47);
    t.line = rgb(0x8A8A8A), t.line2 = rgb(0xB5B5B5), t.ctl = rgb(0xFFFFFF);
    t.t1 = rgb(0xFFFFFF), t.t2 = rgb(0xF0F0F0), t.t3 = rgb(0xD6D6D6), t.dis = rgb(0x8F8F8F);
    t.acc = rgb(0x6FE3F2), t.accHover = rgb(0xA5F0FA), t.accPress = rgb(0xC9F7FC), t.onAcc = rgb(0x000000);
    t.tint = rgb(0x00252B), t.accLine = rgb(0x6FE3F2);
    t.ok = state(0x8CF29E, 0x001F07, 0x8CF29E);
    t.warn = state(0xFFD76A, 0x221A00, 0xFFD76A);
    t.bad = state(0xFF9D94, 0x2B0500, 0xFF9D94);
    t.mark = rgb(0xFFE45C), t.onMark = rgb(0x000000), t.markEdge = rgb(0xFFFFFF);
    t.free = rgb(0x1F1F1F), t.s1 = rgb(0x6FE3F2), t.s2 = rgb(0x2D9CAB), t.s3 = rgb(0xFFD76A);
    t.s4 = rgb(0xC5E86C), t.s5 = rgb(0x8A8A8A);
    t.scrim = veil(0x000000, 0.70), t.shadow = veil(0x000000, 0.0);
    t.code = code(0xFFB3EC, 0x8CF29E, 0xFFD76A, 0xD6D6D6, 0xA9D8FF);
    return t;
}

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &colour)
{
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

} // namespace

Tokens tokensFor(ThemeKind kind)
{
    switch (kind) {
    case ThemeKind::Dark: return dark();
    case ThemeKind::HighContrast: return highContrast();
    case ThemeKind::Light: break;
    }
    return light();
}

double contrastRatio(const QColor &a, const QColor &b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

} // namespace tramontane::ui
