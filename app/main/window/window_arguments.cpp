// SPDX-License-Identifier: Apache-2.0
#include "app/main/window/window_arguments.h"

#include <QCommandLineParser>
#include <QDir>

namespace tramontane {

WindowArguments readWindowArguments(const QStringList &arguments, const QString &version)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Chat with open-weight models; nothing leaves this machine."));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption versionOption = parser.addVersionOption();
    const QCommandLineOption home(QStringLiteral("home"), QStringLiteral("Use the vault in this directory."),
                                  QStringLiteral("DIR"));
    parser.addOption(home);
    WindowArguments parsed;
    if (!parser.parse(arguments)) {
        parsed.error = parser.errorText() + QLatin1Char('\n');
        return parsed;
    }
    if (parser.isSet(help))
        parsed.print = parser.helpText();
    else if (parser.isSet(versionOption))
        parsed.print = QStringLiteral("tramontane %1\n").arg(version);
    else if (!parser.positionalArguments().isEmpty())
        parsed.error = QStringLiteral("tramontane takes no file names: %1\n").arg(parser.positionalArguments().first());
    else if (parser.isSet(home) && parser.value(home).isEmpty())
        parsed.error = QStringLiteral("--home needs a directory\n");
    else
        parsed.home = parser.value(home);
    return parsed;
}

QString starterModel(const QStringList &folders)
{
    for (const QString &folder : folders) {
        const QDir models(folder);
        for (const QString &name : models.entryList({QStringLiteral("*.gguf")}, QDir::Files, QDir::Name)) {
            if (name.contains(QLatin1String("instruct"), Qt::CaseInsensitive)
                || name.contains(QLatin1String("chat"), Qt::CaseInsensitive))
                return models.filePath(name);
        }
    }
    return {};
}

} // namespace tramontane
