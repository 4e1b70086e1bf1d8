// SPDX-License-Identifier: Apache-2.0
#include "app/main/window/translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include <array>

namespace tramontane {
namespace {

/// Own names are never translated.
constexpr std::array<std::pair<const char *, const char *>, 2> kLanguages{{{"en", "English"}, {"de", "Deutsch"}}};

QString codeFor(const QString &wanted)
{
    const QString asked = wanted.isEmpty() ? QLocale::system().name() : wanted;
    for (const auto &[code, name] : kLanguages) {
        if (asked.section(QLatin1Char('_'), 0, 0) == QLatin1String(code))
            return QLatin1String(code);
    }
    return QLatin1String(kLanguages.front().first);
}

void install(QCoreApplication &application, const QString &file, const QString &folder)
{
    auto *translator = new QTranslator(&application);
    if (translator->load(file, folder))
        QCoreApplication::installTranslator(translator);
    else
        delete translator;
}

} // namespace

std::vector<std::pair<QString, QString>> languages()
{
    std::vector<std::pair<QString, QString>> all{
        {QString(), QCoreApplication::translate("Languages", "Like the desktop")}};
    for (const auto &[code, name] : kLanguages)
        all.emplace_back(QLatin1String(code), QString::fromUtf8(name));
    return all;
}

void installLanguage(QCoreApplication &application, const QString &code)
{
    const QString language = codeFor(code);
    // Somebody who reads German in Luxembourg writes dates as in Luxembourg.
    const QLocale system = QLocale::system();
    QLocale::setDefault(system.name().startsWith(language) ? system : QLocale(language));
    install(application, QStringLiteral("qtbase_") + language, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    install(application, QStringLiteral("tramontane_") + language, QStringLiteral(":/translations"));
}

} // namespace tramontane
