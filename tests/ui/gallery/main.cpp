// SPDX-License-Identifier: Apache-2.0
#include "app/core/secret.h"
#include "tests/ui/gallery/controls_page.h"
#include "tests/ui/gallery/sample_conversation.h"
#include "ui/style/icons.h"
#include "ui/style/tramontane_style.h"
#include "ui/transcript/transcript_view.h"

#include <QApplication>
#include <QDir>
#include <QPainter>
#include <QTextStream>

using namespace tramontane;
using namespace tramontane::ui;

namespace {

bool save(QWidget &widget, const QString &path, qreal scale)
{
    widget.ensurePolished();
    QPixmap pixmap(widget.size() * scale);
    pixmap.setDevicePixelRatio(scale);
    widget.render(&pixmap);
    return pixmap.save(path);
}

bool saveTranscript(std::vector<TranscriptItem> items, const QLocale &locale, const QString &path, const QSize &size,
                    qreal scale)
{
    TranscriptView view;
    view.setLocale(locale);
    view.resize(size);
    view.setItems(std::move(items));
    view.show();
    view.layOutAll();
    view.scrollToEnd();
    return save(view, path, scale);
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const QDir folder(application.arguments().value(1, QStringLiteral(".")));
    if (!initCrypto() || !folder.mkpath(QStringLiteral("."))) {
        QTextStream(stderr) << "cannot write to " << folder.path() << '\n';
        return 1;
    }
    Theme &theme = installStyle(application, ThemeChoice::Light);
    const QLocale english(QLocale::English, QLocale::UnitedKingdom);
    const QLocale german(QLocale::German, QLocale::Germany);
    const std::vector<std::pair<QString, ThemeChoice>> themes{{QStringLiteral("light"), ThemeChoice::Light},
                                                              {QStringLiteral("dark"), ThemeChoice::Dark},
                                                              {QStringLiteral("contrast"), ThemeChoice::HighContrast}};
    bool ok = true;
    for (const auto &[name, choice] : themes) {
        theme.setChoice(choice);
        const auto path = [&](const char *what, int scale) {
            return folder.filePath(QStringLiteral("%1-%2-%3.png").arg(QLatin1StringView(what), name).arg(scale));
        };
        for (const int scale : {100, 150, 200}) {
            const qreal ratio = scale / 100.0;
            ok &= saveTranscript(gallery::answeredConversation(), english, path("answered", scale), {864, 660}, ratio);
            ok &= saveTranscript(gallery::streamingConversation(), german, path("streaming", scale), {864, 560}, ratio);
            ok &= saveTranscript(gallery::variedConversation(), english, path("varied", scale), {864, 900}, ratio);
            const std::unique_ptr<QWidget> controls(gallery::makeControlsPage());
            controls->show();
            ok &= save(*controls, path("controls", scale), ratio);
        }
        ok &= saveTranscript(gallery::answeredConversation(), english, path("narrow", 100), {420, 900}, 1.0);
    }
    return ok ? 0 : 1;
}
