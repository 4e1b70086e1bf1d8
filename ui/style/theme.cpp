// SPDX-License-Identifier: Apache-2.0
#include "ui/style/theme.h"

#include "ui/style/tramontane_style.h"

#include <QApplication>
#include <QFontDatabase>
#include <QOperatingSystemVersion>
#include <QScreen>
#include <QWidget>

#include <algorithm>

namespace tramontane::ui {
namespace {

constexpr qreal kMinTextFactor = 0.9;
constexpr qreal kMaxTextFactor = 1.5;
constexpr qreal kSmallestText = 11;
constexpr qreal kPointsPerInch = 72;

bool onWindows()
{
    return QOperatingSystemVersion::currentType() == QOperatingSystemVersion::Windows;
}

QStringList textFamilies()
{
    static const QString desktop = QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
    if (onWindows())
        return {QStringLiteral("Segoe UI Variable Text"), QStringLiteral("Segoe UI"), desktop};
    return {QStringLiteral("Inter"), desktop, QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans")};
}

QStringList codeFamilies()
{
    static const QString desktop = QFontDatabase::systemFont(QFontDatabase::FixedFont).family();
    if (onWindows())
        return {QStringLiteral("Cascadia Mono"), QStringLiteral("Consolas"), desktop};
    // NL is the same face without ligatures, which this Qt cannot switch off.
    return {QStringLiteral("JetBrains Mono NL"), QStringLiteral("JetBrains Mono"), desktop,
            QStringLiteral("DejaVu Sans Mono")};
}

qreal pointSize(qreal pixels)
{
    const QScreen *screen = QGuiApplication::primaryScreen();
    return pixels * kPointsPerInch / (screen ? screen->logicalDotsPerInchY() : 96.0);
}

void fill(QPalette &palette, QPalette::ColorRole role, const QColor &active, const QColor &disabled)
{
    palette.setColor(QPalette::Active, role, active);
    palette.setColor(QPalette::Inactive, role, active);
    palette.setColor(QPalette::Disabled, role, disabled);
}

} // namespace

Theme::Theme(QObject *parent) : QObject(parent), m_tokens(tokensFor(ThemeKind::Light)) {}

Theme &Theme::of(const QWidget *widget)
{
    QStyle *style = widget ? widget->style() : QApplication::style();
    auto *own = qobject_cast<TramontaneStyle *>(style);
    if (!own)
        own = qobject_cast<TramontaneStyle *>(QApplication::style());
    if (!own)
        qFatal("Theme::of: installStyle() must run before the first widget is made.");
    return own->theme();
}

void Theme::setChoice(ThemeChoice choice)
{
    m_choice = choice;
    apply();
}

void Theme::setDesktop(bool dark, bool moreContrast)
{
    m_desktopDark = dark;
    m_desktopContrast = moreContrast;
    if (m_choice == ThemeChoice::FollowDesktop)
        apply();
}

void Theme::setTextFactor(qreal factor)
{
    m_textFactor = std::clamp(factor, kMinTextFactor, kMaxTextFactor);
    apply();
}

void Theme::setReducedMotion(bool reduced)
{
    m_reducedMotion = reduced;
    Q_EMIT changed();
}

QFont Theme::font(TypeRole role) const
{
    const TypeSpec spec = typeSpec(role);
    QFont font;
    font.setFamilies(spec.code ? codeFamilies() : textFamilies());
    font.setPointSizeF(pointSize(std::max(kSmallestText, spec.size * m_textFactor)));
    font.setWeight(spec.weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    if (spec.code) {
        font.setStyleHint(QFont::Monospace);
        font.setFixedPitch(true);
    }
    return font;
}

qreal Theme::lineHeight(TypeRole role) const
{
    const TypeSpec spec = typeSpec(role);
    const qreal size = std::max(kSmallestText, spec.size * m_textFactor);
    return qRound(spec.line * size / spec.size);
}

QPalette Theme::palette() const
{
    const Tokens &t = m_tokens;
    QPalette p;
    fill(p, QPalette::Window, t.win, t.win);
    fill(p, QPalette::WindowText, t.t1, t.dis);
    fill(p, QPalette::Base, t.canvas, t.canvas);
    fill(p, QPalette::AlternateBase, t.sunken, t.sunken);
    fill(p, QPalette::Text, t.t1, t.dis);
    fill(p, QPalette::PlaceholderText, t.t3, t.dis);
    fill(p, QPalette::Button, t.raised, t.sunken);
    fill(p, QPalette::ButtonText, t.t1, t.dis);
    fill(p, QPalette::BrightText, t.bad.text, t.dis);
    fill(p, QPalette::ToolTipBase, t.raised, t.raised);
    fill(p, QPalette::ToolTipText, t.t1, t.t1);
    fill(p, QPalette::Highlight, t.sel, t.hover);
    fill(p, QPalette::HighlightedText, t.t1, t.dis);
    fill(p, QPalette::Link, t.acc, t.dis);
    fill(p, QPalette::LinkVisited, t.acc, t.dis);
    fill(p, QPalette::Light, t.raised, t.raised);
    fill(p, QPalette::Midlight, t.line, t.line);
    fill(p, QPalette::Mid, t.line2, t.line2);
    fill(p, QPalette::Dark, t.ctl, t.ctl);
    fill(p, QPalette::Shadow, t.isDark() ? QColor(Qt::black) : t.t3, t.line2);
    return p;
}

void Theme::apply()
{
    const bool follows = m_choice == ThemeChoice::FollowDesktop;
    ThemeKind kind = ThemeKind::Light;
    if (m_choice == ThemeChoice::HighContrast || (follows && m_desktopContrast))
        kind = ThemeKind::HighContrast;
    else if (m_choice == ThemeChoice::Dark || (follows && m_desktopDark))
        kind = ThemeKind::Dark;
    m_tokens = tokensFor(kind);
    QApplication::setFont(font(TypeRole::Ui));
    QApplication::setFont(font(TypeRole::Button), "QPushButton");
    QApplication::setFont(font(TypeRole::TableHead), "QHeaderView");
    QApplication::setFont(font(TypeRole::Hint), "QTipLabel");
    QApplication::setPalette(palette());
    Q_EMIT changed();
}

} // namespace tramontane::ui
