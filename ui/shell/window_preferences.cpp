// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/window_preferences.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QThreadPool>

#include <array>

namespace tramontane::ui {
namespace {

constexpr qint64 kMostBytes = 64 * 1024;
constexpr std::array<std::pair<ThemeChoice, const char *>, 4> kThemes{{{ThemeChoice::FollowDesktop, "desktop"},
                                                                       {ThemeChoice::Light, "light"},
                                                                       {ThemeChoice::Dark, "dark"},
                                                                       {ThemeChoice::HighContrast, "high-contrast"}}};

ThemeChoice themeFromName(const QString &name)
{
    for (const auto &[choice, known] : kThemes) {
        if (name == QLatin1String(known))
            return choice;
    }
    return ThemeChoice::FollowDesktop;
}

QString themeName(ThemeChoice choice)
{
    for (const auto &[known, name] : kThemes) {
        if (known == choice)
            return QLatin1String(name);
    }
    return {};
}

QByteArray toJson(const WindowPreferences &preferences)
{
    const QJsonObject json{{QStringLiteral("theme"), themeName(preferences.theme)},
                           {QStringLiteral("language"), preferences.language},
                           {QStringLiteral("textFactor"), preferences.textFactor},
                           {QStringLiteral("sidebar"), preferences.sidebar},
                           {QStringLiteral("geometry"), QString::fromLatin1(preferences.geometry.toBase64())}};
    return QJsonDocument(json).toJson();
}

} // namespace

WindowPreferences readPreferences(const QString &file)
{
    WindowPreferences preferences;
    QFile source(file);
    if (file.isEmpty() || !source.open(QIODevice::ReadOnly) || source.size() > kMostBytes)
        return preferences;
    const QJsonObject json = QJsonDocument::fromJson(source.readAll()).object();
    preferences.theme = themeFromName(json[QStringLiteral("theme")].toString());
    preferences.language = json[QStringLiteral("language")].toString();
    preferences.textFactor = json[QStringLiteral("textFactor")].toDouble(1.0);
    preferences.sidebar = json[QStringLiteral("sidebar")].toBool(true);
    preferences.geometry = QByteArray::fromBase64(json[QStringLiteral("geometry")].toString().toLatin1());
    return preferences;
}

void writePreferences(const QString &file, const WindowPreferences &preferences)
{
    if (file.isEmpty())
        return;
    QThreadPool::globalInstance()->start([file, json = toJson(preferences)] {
        QSaveFile target(file);
        if (target.open(QIODevice::WriteOnly) && target.write(json) == json.size())
            target.commit();
    });
}

} // namespace tramontane::ui
