// SPDX-License-Identifier: Apache-2.0
// The window on fakes when it is locked, for whatever reason: what is gone, what is said, how it is opened again.
#include "app/core/recovery_code.h"
#include "tests/ui/window/shots.h"
#include "tests/ui/window/window_bench.h"
#include "ui/chat/chat_header.h"
#include "ui/chat/chat_view.h"
#include "ui/shell/banners.h"
#include "ui/style/tramontane_style.h"
#include "ui/transcript/transcript_view.h"
#include "ui/unlock/choice_card.h"
#include "ui/unlock/passphrase_edit.h"
#include "ui/unlock/unlock_view.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QLabel>
#include <QToolTip>
#include <QTranslator>

#include <algorithm>

using namespace tramontane;
using namespace tramontane::test;
using namespace tramontane::ui;

namespace {

/// Whatever a screen reader could say of what is on screen.
void collectTexts(QAccessibleInterface *interface, QStringList &texts)
{
    if (!interface || interface->state().invisible)
        return;
    for (const QAccessible::Text kind : {QAccessible::Name, QAccessible::Description, QAccessible::Value})
        texts << interface->text(kind);
    for (int i = 0; i < interface->childCount(); ++i)
        collectTexts(interface->child(i), texts);
}

} // namespace

class TestWindowLock : public QObject {
    Q_OBJECT
public:
    explicit TestWindowLock(Theme &theme) : m_theme(theme) {}

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }
    void init() { m_theme.setChoice(ThemeChoice::Light); }

    /// Whatever a person may have had open, typed, copied or pointed at.
    void nothingOfTheVaultIsLeftAfterLocking()
    {
        Bench b(m_theme);
        b.openFilled();
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 2);
        QTest::keyClicks(&b.edit(), QStringLiteral("half a question about Namur"));
        b.edit().selectAll();
        b.edit().copy();
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("Namur")));
        auto *dialog = new QDialog(&b.workspace());
        auto *label = new QLabel(QStringLiteral("Namur"), dialog);
        dialog->show();
        b.workspace().chatView().header().more().click();
        QToolTip::showText(QPoint(40, 40), QStringLiteral("Liquidity report Q3, in full"), &b.edit());
        QTRY_VERIFY(QApplication::activePopupWidget() && label->isVisible());
        QTest::keyClick(b.window.get(), Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
        b.window->lock(); // a popup may have taken the key
        QVERIFY(!b.window->isOpen());
        QTRY_VERIFY(b.home.store.vault->closed);
        QTRY_VERIFY(b.window->unlockView());
        QTest::qWait(50);
        for (const QWidget *other : QApplication::topLevelWidgets()) {
            if (other != b.window.get())
                QVERIFY2(!other->isVisible(), other->metaObject()->className());
        }
        QVERIFY(!QApplication::activePopupWidget());
        QVERIFY(!QToolTip::isVisible());
        QVERIFY(QGuiApplication::clipboard()->text().isEmpty());
        for (const QWidget *widget : QApplication::allWidgets()) {
            QVERIFY2(!qobject_cast<const Workspace *>(widget) && !qobject_cast<const TranscriptView *>(widget)
                         && !qobject_cast<const ComposerEdit *>(widget),
                     widget->metaObject()->className());
        }
        QStringList said;
        collectTexts(QAccessible::queryAccessibleInterface(b.window.get()), said);
        for (const QString &word : {QStringLiteral("Namur"), QStringLiteral("Liquidity"), QStringLiteral("half a")})
            QVERIFY2(said.filter(word).isEmpty(), qPrintable(word));
        QVERIFY(!said.filter(QStringLiteral("Passphrase")).isEmpty());
        // Not a pixel tells what was open before. (Without a window system nobody gives a window back what a dialog took.)
        b.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(b.window.get()));
        const QImage locked = b.window->grab().toImage();
        b.window->hide();
        const QImage empty = lockedWithoutContent();
        QCOMPARE(locked, empty);
    }

    void whatOthersPutIntoTheClipboardStays()
    {
        Bench b(m_theme);
        b.home.store.vault->settingStore.values[settings::kClearClipboardAtLock] = "false";
        b.openFilled();
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 2);
        QGuiApplication::clipboard()->setText(QStringLiteral("kept on purpose"));
        b.window->lock();
        QTRY_VERIFY(b.home.store.vault->closed);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("kept on purpose"));
    }

    void nobodyThereIsWarnedOfThenLocked()
    {
        Bench b(m_theme);
        b.openFilled();
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 2);
        QTest::keyClicks(&b.edit(), QStringLiteral("still here"));
        auto *banners = b.window->findChild<Banners *>();
        const int before = banners->height();
        b.home.clock.advance(14 * 60'000);
        QTRY_VERIFY(banners->height() > before);
        shoot(*b.window, QStringLiteral("lock-warning"));
        // A key that reaches the window is use, whatever widget it is for.
        QTest::keyClick(b.window->windowHandle(), Qt::Key_Shift);
        QTRY_COMPARE(banners->height(), before);
        b.home.clock.advance(15 * 60'000);
        QTRY_VERIFY(!b.window->isOpen());
        QTRY_VERIFY(b.home.store.vault->closed);
        QCOMPARE(b.home.store.vault->log.last("session.locked").flags, std::vector<std::string>{"idle"});
        QTRY_VERIFY(qobject_cast<PassphraseEdit *>(b.window->focusWidget()));
        shoot(*b.window, QStringLiteral("unlock-after-idle"));
    }

    void sleepWaitsForTheLock()
    {
        Bench b(m_theme);
        QVERIFY(!b.home.desktop.held);
        ScriptedAnswer endless = slowAnswer();
        endless.endless = true;
        b.home.provider.answers = {endless};
        b.openFilled();
        QVERIFY(b.home.desktop.held);
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 2);
        b.ask(QStringLiteral("Which entity is below the limit?"));
        QTRY_COMPARE(b.workspace().chat().state(), ChatState::Writing);
        QTRY_VERIFY(plainText(b.workspace().chat().thread().lastAnswer()->message).size() > 20);
        const MessageId answer = b.workspace().chat().thread().lastAnswer()->message.id;
        b.home.script.hold("vault.close");
        Q_EMIT b.home.desktop.aboutToSleep();
        QVERIFY(!b.window->isOpen());
        QTRY_COMPARE(b.home.script.count("vault.close"), 1);
        QVERIFY(b.home.desktop.held); // the keys are still there
        b.home.script.release("vault.close");
        QTRY_VERIFY(!b.home.desktop.held);
        const Message &stored = b.home.store.vault->conversationStore.messages[answer];
        QCOMPARE(stored.state, MessageState::CutOff);
        QCOMPARE(b.home.script.count("provider.halt"), 1);
        QTRY_VERIFY(qobject_cast<PassphraseEdit *>(b.window->focusWidget()));
        shoot(*b.window, QStringLiteral("unlock-after-suspend"));
    }

    void theScreenLocksTheVault()
    {
        Bench b(m_theme);
        b.openFilled();
        Q_EMIT b.home.desktop.sessionLocked();
        QTRY_VERIFY(b.home.store.vault->closed);
        QCOMPARE(b.home.store.vault->log.last("session.locked").flags, std::vector<std::string>{"session_locked"});
        QTRY_VERIFY(qobject_cast<PassphraseEdit *>(b.window->focusWidget()));
        QTest::keyClicks(b.window->focusWidget(), QStringLiteral("wrong one"));
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Return);
        QTRY_COMPARE(qobject_cast<PassphraseEdit *>(b.window->focusWidget())->selectedText().size(), 9);
        QTest::keyClicks(b.window->focusWidget(), QStringLiteral("open sesame"));
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Return);
        QTRY_VERIFY(b.window->isOpen());
        const auto names = b.home.store.vault->log.names();
        QVERIFY(std::find(names.begin(), names.end(), "session.unlocked") != names.end());
        QCOMPARE(b.home.store.vault->log.last("session.unlock_failed").flags,
                 (std::vector<std::string>{"passphrase", "attempts_1"}));
    }

    void everyWayToOpenIsOffered()
    {
        Bench b(m_theme);
        b.home.fill("open sesame");
        for (const SlotKind kind : {SlotKind::Keychain, SlotKind::Recovery, SlotKind::Organisation})
            b.home.store.state.slots.push_back({"01890000-0000-7000-8000-000000000003", kind, 0});
        const RecoveryCode code = RecoveryCode::random();
        b.home.store.secret = code.bytes();
        b.home.script.hold("secret.read");
        b.show();
        QTRY_VERIFY(b.window->unlockView());
        QTRY_VERIFY(qobject_cast<PassphraseEdit *>(b.window->focusWidget()));
        QTest::qWait(UnlockViewModel::kSlowMs + 200);
        QTest::keyClicks(b.window->focusWidget(), QStringLiteral("TWELVE DOTS?"));
        shoot(*b.window, QStringLiteral("unlock-all-ways"));
        m_theme.setChoice(ThemeChoice::Dark);
        shoot(*b.window, QStringLiteral("unlock-all-ways-dark"));
        m_theme.setChoice(ThemeChoice::Light);
        for (auto *card : b.window->findChildren<ChoiceCard *>()) {
            if (card->isVisible() && card->accessibleName() == QStringLiteral("Recovery code"))
                card->click();
        }
        auto *edit = qobject_cast<PassphraseEdit *>(b.window->focusWidget());
        QVERIFY(edit && edit->text().isEmpty());
        QTest::keyClicks(edit, QStringLiteral("2x7km"));
        QTest::keyClick(edit, Qt::Key_Return);
        QTRY_COMPARE(edit->selectedText().size(), 5);
        shoot(*b.window, QStringLiteral("unlock-recovery-wrong"));
        QCOMPARE(b.home.script.count("vault.open"), 0); // a typing error is found before
        const SecretBytes text = code.text();
        QTest::keyClicks(edit,
                         QString::fromLatin1(reinterpret_cast<const char *>(text.data()), qsizetype(text.size())));
        QTest::keyClick(edit, Qt::Key_Return);
        QTRY_VERIFY(b.window->isOpen());
    }

    void germanFits()
    {
        QTranslator german;
        QVERIFY(german.load(QStringLiteral(TRAMONTANE_TEXTS_DIR "/tramontane_de.qm")));
        QCoreApplication::installTranslator(&german);
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::German));
        {
            Bench b(m_theme, QSize(1024, 700));
            b.openFilled();
            for (const SlotKind kind : {SlotKind::Keychain, SlotKind::Recovery, SlotKind::Organisation})
                b.home.store.state.slots.push_back({"01890000-0000-7000-8000-000000000003", kind, 0});
            b.home.clock.advance(14 * 60'000);
            QTest::qWait(AutoLock::kLookEveryMs + 200);
            shoot(*b.window, QStringLiteral("german-lock-warning"));
            b.window->lock(LockCause::Idle);
            QTRY_VERIFY(qobject_cast<PassphraseEdit *>(b.window->focusWidget()));
            QTest::qWait(50);
            shoot(*b.window, QStringLiteral("german-unlock-all-ways"));
        }
        QLocale::setDefault(before);
        QCoreApplication::removeTranslator(&german);
    }

private:
    /// The lock screen of a vault that nothing was ever written into.
    [[nodiscard]] QImage lockedWithoutContent()
    {
        Bench empty(m_theme);
        empty.home.fill("open sesame");
        empty.home.store.vault->conversationStore.conversations.clear();
        empty.show();
        (void)QTest::qWaitFor([&] { return empty.window->unlockView() && empty.window->focusWidget(); });
        QTest::keyClicks(empty.window->focusWidget(), QStringLiteral("open sesame"));
        QTest::keyClick(empty.window->focusWidget(), Qt::Key_Return);
        (void)QTest::qWaitFor([&] { return empty.window->isOpen(); });
        empty.window->lock();
        (void)QTest::qWaitFor([&] { return empty.home.store.vault->closed; });
        QTest::qWait(50);
        return empty.window->grab().toImage();
    }

    Theme &m_theme;
};

int main(int argc, char **argv)
{
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    QApplication application(argc, argv);
    application.setQuitOnLastWindowClosed(false);
    QApplication::setCursorFlashTime(0); // pictures are compared
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
    TestWindowLock test(installStyle(application, ThemeChoice::Light));
    return QTest::qExec(&test, argc, argv);
}
#include "tst_window_lock.moc"
