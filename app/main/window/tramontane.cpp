// SPDX-License-Identifier: Apache-2.0
// tramontane: the window (design.md section 1).
#include "app/main/composition.h"
#include "app/main/startup.h"
#include "app/main/window/translations.h"
#include "app/main/window/window_arguments.h"
#include "app/platform/paths/paths.h"
#include "ui/shell/main_window.h"
#include "ui/style/tramontane_style.h"
#ifdef TRAMONTANE_TEST_HOOKS
#include "app/main/window/first_paint.h"
#endif

#include <QApplication>
#include <QDir>

#include <cstdio>

using namespace tramontane;

namespace {

constexpr int kUsageError = 2;

void print(std::FILE *stream, const QString &text)
{
    const QByteArray bytes = text.toLocal8Bit();
    std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stream);
}

/// Looks and place of the window: beside the vault that was named, else where facts that belong to no vault are kept.
QString preferencesFile(const WindowArguments &arguments, const Composition &parts)
{
    const QString name = QStringLiteral("window.json");
    if (!arguments.home.isEmpty())
        return QDir(parts.vaultHome()).filePath(name);
    const QDir folder(paths::stateFolder());
    folder.mkpath(QStringLiteral("."));
    return folder.filePath(name);
}

ui::Parts windowParts(Composition &parts, const QString &preferences)
{
    return {parts.vault(),
            parts.provider(),
            parts.inspector(),
            parts.policy(),
            parts.clock(),
            preferences,
            starterModel(parts.modelFolders()),
            languages(),
            &parts.energy(),
            &parts.sessionWatch()};
}

int showWindow(QApplication &application, const WindowArguments &arguments)
{
    Composition parts({QStringLiteral("tramontane"), arguments.home});
    const QString file = preferencesFile(arguments, parts);
    const ui::WindowPreferences preferences = ui::readPreferences(file);
    installLanguage(application, preferences.language);
    ui::Theme &theme = ui::installStyle(application, preferences.theme);
    ui::MainWindow window(windowParts(parts, file), theme, preferences);
    // exit() and not quit(): quit() would ask the window to close once more.
    QObject::connect(&window, &ui::MainWindow::closed, &application, [] { QCoreApplication::exit(); });
#ifdef TRAMONTANE_TEST_HOOKS
    announceFirstPaint(&window);
#endif
    window.show();
    window.start();
    return QApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    const auto hardening = startProgram();
    if (!hardening) {
        print(stderr, QString::fromStdString("error: INTERNAL: " + hardening.error().message + '\n'));
        return exitStatus(hardening.error().code);
    }
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    QCoreApplication::setApplicationName(QStringLiteral("tramontane"));
    QCoreApplication::setApplicationVersion(QStringLiteral(TRAMONTANE_VERSION));
    QStringList given;
    for (int i = 0; i < argc; ++i)
        given << QString::fromLocal8Bit(argv[i]);
    const WindowArguments early = readWindowArguments(given, QCoreApplication::applicationVersion());
    if (!early.print.isEmpty()) {
        print(stdout, early.print);
        return 0;
    }
    QApplication application(argc, argv);
    QGuiApplication::setDesktopFileName(QStringLiteral("org.tramontane.Tramontane"));
    QApplication::setQuitOnLastWindowClosed(false);
    // Now without the options that belong to Qt.
    const WindowArguments arguments =
        readWindowArguments(QCoreApplication::arguments(), QCoreApplication::applicationVersion());
    if (!arguments.error.isEmpty()) {
        print(stderr, arguments.error);
        return kUsageError;
    }
    return showWindow(application, arguments);
}
