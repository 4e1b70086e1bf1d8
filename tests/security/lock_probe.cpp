// SPDX-License-Identifier: Apache-2.0
// usage: lock_probe VAULT: the window on a real vault, driven by lines of standard input, for whoever reads its memory:
// the passphrase (it types it), then a draft (it types it, copies it and takes it back once), "lock", "quit". Says
// "open", "shown", "locked MS". It keeps nothing of what it reads itself.
#include "app/platform/memory/wiped_memory.h"
#include "inference/client/local_provider.h"
#include "inference/client/model_inspector.h"
#include "storage/vault/directory_vault_store.h"
#include "tests/support/fakes/fake_policy_source.h"
#include "tests/support/fakes/fake_secret_store.h"
#include "ui/chat/chat_view.h"
#include "ui/chat/composer_edit.h"
#include "ui/shell/main_window.h"
#include "ui/shell/workspace.h"
#include "ui/style/tramontane_style.h"
#include "ui/transcript/transcript_view.h"
#include "ui/unlock/unlock_view.h"

#include <QApplication>
#include <QTest>

#include <array>
#include <cstdio>
#include <cstring>

using namespace tramontane;
using namespace tramontane::test;
using namespace tramontane::ui;

namespace {

constexpr int kPatience = 60'000;
std::array<char, 512> line{};

bool readLine()
{
    line.fill('\0');
    if (std::fgets(line.data(), int(line.size()), stdin) == nullptr)
        return false;
    line[std::strcspn(line.data(), "\n")] = '\0';
    return true;
}

void typeLine(MainWindow &window)
{
    for (char &c : line) {
        if (c == '\0')
            break;
        QTest::keyClick(window.focusWidget(), c);
        c = '\0';
    }
}

void say(const QByteArray &text)
{
    std::printf("%s\n", text.constData());
    std::fflush(stdout);
}

int run(MainWindow &window)
{
    window.resize(1440, 900);
    window.show();
    window.activateWindow();
    window.start();
    qint64 took = -1;
    QObject::connect(&window, &MainWindow::locked, [&](qint64 ms) { took = ms; });
    if (!QTest::qWaitFor([&] { return window.unlockView() && window.focusWidget(); }, kPatience) || !readLine())
        return 1;
    typeLine(window);
    QTest::keyClick(window.focusWidget(), Qt::Key_Return);
    if (!QTest::qWaitFor([&] { return window.isOpen(); }, kPatience))
        return 2;
    if (!QTest::qWaitFor([&] { return window.workspace()->chatView().transcript().count() >= 2; }, kPatience))
        return 3;
    say("open");
    if (!readLine())
        return 4;
    typeLine(window);
    auto *edit = window.findChild<ComposerEdit *>();
    edit->selectAll();
    edit->copy();
    edit->undo();
    edit->redo();
    QTest::qWait(300); // painted, and seen by whoever asks for accessible texts
    say("shown");
    while (readLine()) {
        if (std::strcmp(line.data(), "lock") == 0) {
            QTest::keyClick(&window, Qt::Key_L, Qt::ControlModifier);
            if (!QTest::qWaitFor([&] { return took >= 0; }, kPatience))
                return 5;
            QTest::qWait(300);
            say("locked " + QByteArray::number(took));
        } else if (std::strcmp(line.data(), "quit") == 0) {
            return 0;
        }
    }
    return 6;
}

} // namespace

int main(int argc, char **argv)
{
    if (!initCrypto().ok() || !process::checkWipedMemory().active)
        return 10;
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    SystemClock clock;
    Script script;
    FakePolicySource policy;
    FakeSecretStore secrets(script);
    vault::VaultOptions options;
    options.directory = argc > 1 ? argv[1] : "";
    options.program = "lock_probe";
    options.networkFileSystemAllowed = [] { return true; };
    options.environment.appVersion = "test";
    vault::DirectoryVaultStore store(options, clock);
    VaultService vaults(store, secrets, policy);
    LocalInferenceProvider provider({}, clock);
    LocalModelInspector inspector{QString()};
    Theme &theme = installStyle(application, ThemeChoice::Light);
    MainWindow window({vaults, provider, inspector, policy, clock, {}, {}, {}}, theme, WindowPreferences{});
    return run(window);
}
