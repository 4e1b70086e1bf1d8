// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/ui/window/fake_home.h"
#include "ui/chat/composer_edit.h"
#include "ui/shell/workspace.h"

#include <QTest>

namespace tramontane::test {

inline constexpr QSize kUsual(1440, 900);

/// A window on a fake home, shown.
struct Bench {
    explicit Bench(ui::Theme &theme, QSize size = kUsual) : theme(theme), size(size) {}
    void show()
    {
        window = std::make_unique<ui::MainWindow>(home.parts(), theme, ui::WindowPreferences{});
        window->resize(size);
        window->show();
        window->activateWindow();
        window->start();
    }
    void openFilled()
    {
        home.fill("open sesame");
        show();
        QTRY_VERIFY(window->unlockView());
        QTRY_VERIFY(window->focusWidget());
        QTest::keyClicks(window->focusWidget(), QStringLiteral("open sesame"));
        QTest::keyClick(window->focusWidget(), Qt::Key_Return);
        QTRY_VERIFY(window->isOpen());
    }
    [[nodiscard]] ui::Workspace &workspace() { return *window->workspace(); }
    [[nodiscard]] ui::ComposerEdit &edit() { return *window->findChild<ui::ComposerEdit *>(); }
    void ask(const QString &text)
    {
        QTest::keyClicks(&edit(), text);
        QTest::keyClick(&edit(), Qt::Key_Return);
    }

    ui::Theme &theme;
    QSize size;
    FakeHome home;
    std::unique_ptr<ui::MainWindow> window;
};

/// The sample answer in small pieces, so that it can be seen being written.
inline ScriptedAnswer slowAnswer()
{
    ScriptedAnswer answer;
    answer.reasoning = "The question asks for entities and reasons.";
    answer.pieces.clear();
    const std::string text = sampleAnswer();
    for (std::size_t at = 0; at < text.size(); at += 6)
        answer.pieces.push_back(text.substr(at, 6));
    answer.pauseMs = 2;
    return answer;
}

} // namespace tramontane::test
