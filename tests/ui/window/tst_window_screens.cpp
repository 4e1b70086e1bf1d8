// SPDX-License-Identifier: Apache-2.0
// The window on fakes: every screen and state can be reached, by keyboard, and photographed (TRAMONTANE_SHOTS=folder).
#include "tests/ui/window/shots.h"
#include "tests/ui/window/window_bench.h"
#include "ui/chat/chat_view.h"
#include "ui/chat/composer.h"
#include "ui/chat/send_button.h"
#include "ui/models/model_picker.h"
#include "ui/shell/banners.h"
#include "ui/shell/sidebar.h"
#include "ui/style/tramontane_style.h"
#include "ui/transcript/transcript_view.h"
#include "ui/unlock/choice_card.h"
#include "ui/unlock/first_run_view.h"
#include "ui/unlock/passphrase_edit.h"
#include "ui/unlock/unlock_view.h"

#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QTest>
#include <QTranslator>

using namespace tramontane;
using namespace tramontane::test;
using namespace tramontane::ui;

class TestWindowScreens : public QObject {
    Q_OBJECT
public:
    explicit TestWindowScreens(Theme &theme) : m_theme(theme) {}

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }
    void init() { m_theme.setChoice(ThemeChoice::Light); }

    void firstRunByKeyboard()
    {
        Bench b(m_theme);
        b.show();
        QTRY_VERIFY(b.window->firstRunView());
        shoot(*b.window, QStringLiteral("first-run-1-welcome"));
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Return);
        shoot(*b.window, QStringLiteral("first-run-2-keychain"));
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Down);
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Space);
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Tab);
        QVERIFY(qobject_cast<PassphraseEdit *>(b.window->focusWidget()));
        QTest::keyClicks(b.window->focusWidget(), QStringLiteral("harbour lantern violet"));
        shoot(*b.window, QStringLiteral("first-run-2-passphrase"));
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Return);
        QCOMPARE(b.home.script.count("vault.create"), 0);
        shoot(*b.window, QStringLiteral("first-run-2-repeat-missing"));
        QTest::keyClicks(b.window->focusWidget(), QStringLiteral("harbour lantern violet"));
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Return);
        QTRY_COMPARE(b.home.script.count("vault.create"), 1);
        QTest::qWait(50);
        shoot(*b.window, QStringLiteral("first-run-3-privacy"));
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Return);
        QTest::qWait(50);
        shoot(*b.window, QStringLiteral("first-run-4-model"));
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Return);
        QTRY_VERIFY(b.window->isOpen());
        QTRY_VERIFY(b.workspace().models().currentStatus());
        QTRY_COMPARE(b.workspace().models().currentStatus()->state, ModelLoadState::Ready);
        shoot(*b.window, QStringLiteral("chat-empty"));
        b.ask(QStringLiteral("What is a tramontane?"));
        QTRY_VERIFY(b.workspace().chat().thread().lastAnswer());
        QTRY_VERIFY(!b.workspace().chat().busy());
        QTRY_VERIFY(b.edit().toPlainText().isEmpty());
    }

    void aKeychainThatIsNotThereIsToldWhereItWasChosen()
    {
        Bench b(m_theme);
        b.home.script.fail(
            "secret.read",
            {ErrorCode::KeychainUnavailable, "No keychain answers on this computer. Choose a passphrase instead.", {}});
        b.show();
        QTRY_VERIFY(b.window->firstRunView());
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Return);
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Return);
        QTest::qWait(50);
        shoot(*b.window, QStringLiteral("first-run-2-keychain-failed"));
        QVERIFY(!b.window->isOpen());
        QCOMPARE(b.home.script.count("vault.create"), 0);
    }

    void laterLeadsToAChatWithoutAModel()
    {
        Bench b(m_theme);
        b.home.fill("open sesame");
        b.home.store.vault->modelStore.models.clear();
        b.home.store.vault->conversationStore.conversations.clear();
        b.show();
        QTRY_VERIFY(b.window->unlockView());
        QTRY_VERIFY(b.window->focusWidget());
        QTest::keyClicks(b.window->focusWidget(), QStringLiteral("open sesame"));
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Return);
        QTRY_VERIFY(b.window->isOpen());
        QTest::keyClicks(&b.edit(), QStringLiteral("Can I ask?"));
        QTest::keyClick(&b.edit(), Qt::Key_Return);
        shoot(*b.window, QStringLiteral("chat-no-model"));
        QCOMPARE(b.edit().toPlainText(), QStringLiteral("Can I ask?"));
        QVERIFY(!b.window->findChild<SendButton *>()->isEnabled());
    }

    void unlockSaysWhatIsWrong()
    {
        Bench b(m_theme);
        b.home.fill("open sesame");
        b.home.store.state.slots.push_back({"01890000-0000-7000-8000-000000000003", SlotKind::Keychain, 0});
        b.home.script.hold("secret.read");
        b.show();
        QTRY_VERIFY(b.window->unlockView());
        QTRY_VERIFY(qobject_cast<PassphraseEdit *>(b.window->focusWidget()));
        shoot(*b.window, QStringLiteral("unlock-keychain-asked"));
        QTest::keyClicks(b.window->focusWidget(), QStringLiteral("WRONG"), Qt::NoModifier);
        QTest::qWait(UnlockViewModel::kSlowMs + 200);
        shoot(*b.window, QStringLiteral("unlock-slow-capslock"));
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Return);
        QTest::qWait(50);
        auto *edit = qobject_cast<PassphraseEdit *>(b.window->focusWidget());
        QVERIFY(edit);
        QCOMPARE(edit->selectedText().size(), 5);
        shoot(*b.window, QStringLiteral("unlock-wrong"));
        QTest::keyClicks(edit, QStringLiteral("open sesame"));
        QTest::keyClick(edit, Qt::Key_Return);
        QTRY_VERIFY(b.window->isOpen());
    }

    void aVaultInUseIsNamed()
    {
        Bench b(m_theme);
        b.home.fill("open sesame");
        b.home.store.state.owner = "tramontane, process 4711";
        b.show();
        QTRY_VERIFY(b.window->unlockView());
        QTest::qWait(50);
        shoot(*b.window, QStringLiteral("unlock-in-use"));
        QVERIFY(!b.window->isOpen());
    }

    void showsTheNewestChat()
    {
        Bench b(m_theme);
        b.openFilled();
        QTRY_COMPARE(b.workspace().chat().title(), QStringLiteral("Liquidity report Q3"));
        QCOMPARE(b.workspace().chatView().transcript().count(), 2);
        QTest::qWait(100);
        shoot(*b.window, QStringLiteral("chat-answered"));
        m_theme.setChoice(ThemeChoice::Dark);
        shoot(*b.window, QStringLiteral("chat-answered-dark"));
        m_theme.setChoice(ThemeChoice::HighContrast);
        shoot(*b.window, QStringLiteral("chat-answered-contrast"));
    }

    void streamsStopsAndAsksAgain()
    {
        Bench b(m_theme);
        b.home.provider.answers = {slowAnswer(), slowAnswer()};
        b.openFilled();
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 2);
        m_theme.setChoice(ThemeChoice::Dark);
        b.ask(QStringLiteral("Which entity is below the limit?"));
        QTRY_COMPARE(b.workspace().chat().state(), ChatState::Writing);
        QTest::qWait(150);
        shoot(*b.window, QStringLiteral("chat-streaming-dark"));
        m_theme.setChoice(ThemeChoice::Light);
        shoot(*b.window, QStringLiteral("chat-streaming"));
        QTest::keyClick(&b.edit(), Qt::Key_Escape);
        QTRY_COMPARE(b.workspace().chat().state(), ChatState::Idle);
        QCOMPARE(b.workspace().chat().thread().lastAnswer()->message.state, MessageState::Stopped);
        shoot(*b.window, QStringLiteral("chat-stopped"));
        QTest::keyClick(&b.edit(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(b.workspace().chat().state(), ChatState::Idle);
        QTRY_COMPARE(b.workspace().chat().thread().lastAnswer()->message.versions, 2);
        shoot(*b.window, QStringLiteral("chat-versions"));
        QTest::keyClick(&b.edit(), Qt::Key_Left, Qt::AltModifier);
        QTRY_COMPARE(b.workspace().chat().thread().lastAnswer()->message.branchOrder, 0);
        QTest::keyClick(&b.edit(), Qt::Key_Up);
        QCOMPARE(b.edit().toPlainText(), QStringLiteral("Which entity is below the limit?"));
    }

    void searchesAndOpensAHit()
    {
        Bench b(m_theme);
        b.openFilled();
        QTest::keyClick(b.window.get(), Qt::Key_K, Qt::ControlModifier);
        auto *search = qobject_cast<QLineEdit *>(b.window->focusWidget());
        QVERIFY(search);
        QTest::keyClicks(search, QStringLiteral("kritisch"));
        auto *list = b.window->findChild<QListView *>();
        QTRY_COMPARE(list->model()->rowCount(), 2);
        shoot(*b.window, QStringLiteral("search-hits"));
        QTest::keyClick(search, Qt::Key_Return);
        QTRY_COMPARE(b.workspace().chat().title(), QStringLiteral("Auslagerungsregister"));
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 2);
        search->setText(QStringLiteral("nowhere to be found"));
        QTRY_COMPARE(list->model()->rowCount(), 0);
        shoot(*b.window, QStringLiteral("search-nothing"));
    }

    void aLogThatCannotBeWrittenIsABannerAndTheDraftStays()
    {
        Bench b(m_theme);
        b.openFilled();
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 2);
        b.home.script.fail("append:gen_ai.request.attempted",
                           {ErrorCode::AuditUnavailable, "The file is on a drive that became read-only.", {}}, -1);
        b.ask(QStringLiteral("Which deadlines apply?"));
        QTRY_VERIFY(b.workspace().chat().auditProblem());
        QTRY_COMPARE(b.edit().toPlainText(), QStringLiteral("Which deadlines apply?"));
        shoot(*b.window, QStringLiteral("error-log"));
        QVERIFY(!b.window->findChild<SendButton *>()->isEnabled());
        b.home.script.heal("append:gen_ai.request.attempted");
        Q_EMIT b.window->findChild<Banners *>()->retryRequested();
        QTRY_VERIFY(!b.workspace().chat().auditProblem());
        QTest::keyClick(&b.edit(), Qt::Key_Return);
        QTRY_VERIFY(!b.workspace().chat().busy());
        QTRY_VERIFY(b.edit().toPlainText().isEmpty());
    }

    void anEngineThatStopsLeavesItsTextAndAnError()
    {
        Bench b(m_theme);
        ScriptedAnswer broken;
        broken.pieces = {"Clause 12 differs in two points: the notice period is three months ",
                         "instead of six, and the transit"};
        broken.error = Error{ErrorCode::EngineStopped,
                             "The engine stopped and is starting again. Your question and the text so far are saved.",
                             {}};
        b.home.provider.answers.push_back(broken);
        b.openFilled();
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 2);
        b.ask(QStringLiteral("Compare clauses 12 to 19 with the standard contract."));
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 4);
        QTRY_VERIFY(!b.workspace().chat().busy());
        shoot(*b.window, QStringLiteral("error-engine"));
    }

    void aPolicyThatCannotBeReadIsABanner()
    {
        Bench b(m_theme);
        b.home.policy.setInvalid();
        b.openFilled();
        QTest::qWait(50);
        b.ask(QStringLiteral("Am I allowed?"));
        QTRY_VERIFY(b.workspace().chat().problem());
        shoot(*b.window, QStringLiteral("error-policy"));
        QCOMPARE(b.edit().toPlainText(), QStringLiteral("Am I allowed?"));
    }

    void aLogThatWasUnwritableAtOpeningIsToldAtOnce()
    {
        Bench b(m_theme);
        b.home.script.fail("append:session.opened", {ErrorCode::AuditUnavailable, "The disk is full.", {}}, -1);
        b.openFilled();
        QVERIFY(b.workspace().chat().auditProblem());
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 2);
        QTest::keyClicks(&b.edit(), QStringLiteral("Does it work?"));
        QTest::keyClick(&b.edit(), Qt::Key_Return);
        QTest::qWait(50);
        QCOMPARE(b.home.script.count("provider.generate"), 0);
        QCOMPARE(b.edit().toPlainText(), QStringLiteral("Does it work?"));
    }

    void whatACrashLeftIsSaid()
    {
        Bench b(m_theme);
        Leftover leftover;
        leftover.attempt = AttemptId::make(1);
        leftover.conversation = ConversationId::make(2);
        leftover.answer = MessageId::make(3);
        leftover.blocks = {{BlockKind::Text, "The beginning of", {}}};
        b.home.store.vault->conversationStore.pending[leftover.attempt] = leftover;
        b.openFilled();
        QTest::qWait(50);
        shoot(*b.window, QStringLiteral("recovered"));
        auto *banners = b.window->findChild<Banners *>();
        QVERIFY(banners->height() > 0);
        QVERIFY(!banners->visibleRegion().isEmpty());
    }

    void aDraftStaysWithItsChatAndOutlivesLocking()
    {
        Bench b(m_theme);
        b.openFilled();
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 2);
        QTest::keyClicks(&b.edit(), QStringLiteral("half a question"));
        QTest::keyClick(&b.edit(), Qt::Key_N, Qt::ControlModifier);
        QTRY_COMPARE(b.edit().toPlainText(), QString());
        b.ask(QStringLiteral("Another one?"));
        QTRY_VERIFY(!b.workspace().chat().busy());
        QTRY_COMPARE(b.edit().toPlainText(), QString());
        QTest::keyClick(&b.edit(), Qt::Key_N, Qt::ControlModifier);
        QCOMPARE(b.edit().toPlainText(), QString());
        auto *list = b.window->findChild<QListView *>();
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(2, 0)).center());
        QTRY_COMPARE(b.edit().toPlainText(), QStringLiteral("half a question"));
        QTest::keyClick(&b.edit(), Qt::Key_L, Qt::ControlModifier);
        QTRY_VERIFY(qobject_cast<PassphraseEdit *>(b.window->focusWidget()));
        QTest::keyClicks(b.window->focusWidget(), QStringLiteral("open sesame"));
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Return);
        QTRY_VERIFY(b.window->isOpen());
        QTRY_COMPARE(b.workspace().chat().title(), QStringLiteral("Another one?"));
        QCOMPARE(b.edit().toPlainText(), QString());
        list = b.window->findChild<QListView *>();
        QTRY_VERIFY(list->model()->rowCount() > 2);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(2, 0)).center());
        QTRY_COMPARE(b.edit().toPlainText(), QStringLiteral("half a question"));
    }

    void f2Renames()
    {
        Bench b(m_theme);
        b.openFilled();
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 2);
        auto *list = b.window->findChild<QListView *>();
        list->setFocus();
        QTest::keyClick(list, Qt::Key_F2);
        auto *field = qobject_cast<QLineEdit *>(b.window->focusWidget());
        QVERIFY(field);
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("Liquidity, third quarter"));
        shoot(*b.window, QStringLiteral("rename"));
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_COMPARE(b.workspace().chat().title(), QStringLiteral("Liquidity, third quarter"));
        QTRY_COMPARE(list->model()->index(1, 0).data().toString(), QStringLiteral("Liquidity, third quarter"));
    }

    void aLinkIsNeverOpened()
    {
        Bench b(m_theme);
        b.openFilled();
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 2);
        Q_EMIT b.workspace().chatView().transcript().linkActivated(QStringLiteral("https://example.org/a?b=c"));
        shoot(*b.window, QStringLiteral("link"));
        QPushButton *copy = nullptr;
        for (auto *button : b.window->findChildren<QPushButton *>()) {
            if (button->text() == QStringLiteral("Copy the address"))
                copy = button;
        }
        QVERIFY(copy);
        copy->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("https://example.org/a?b=c"));
    }

    void theModelPickerOpensByKey()
    {
        Bench b(m_theme);
        b.openFilled();
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 2);
        QTest::keyClick(&b.edit(), Qt::Key_M, Qt::ControlModifier);
        shoot(*b.window, QStringLiteral("model-picker"));
        const ModelId before = b.workspace().models().current();
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Down);
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Up);
        QTest::keyClick(b.window->focusWidget(), Qt::Key_End);
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Return);
        QTRY_VERIFY(b.workspace().models().current() != before);
        QCOMPARE(b.window->focusWidget(), &b.edit());
    }

    void lockTakesEverythingOffTheScreen()
    {
        Bench b(m_theme);
        b.openFilled();
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 2);
        QTest::keyClick(&b.edit(), Qt::Key_L, Qt::ControlModifier);
        QVERIFY(!b.window->isOpen());
        QTRY_VERIFY(b.home.store.vault->closed);
        QTRY_VERIFY(qobject_cast<PassphraseEdit *>(b.window->focusWidget()));
        QVERIFY(!b.window->findChild<TranscriptView *>());
        shoot(*b.window, QStringLiteral("unlock-after-lock"));
        QTest::keyClicks(b.window->focusWidget(), QStringLiteral("open sesame"));
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Return);
        QTRY_VERIFY(b.window->isOpen());
        QTRY_COMPARE(b.workspace().chat().title(), QStringLiteral("Liquidity report Q3"));
    }

    void fitsSmallWindows_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::newRow("1024x700") << QSize(1024, 700);
        QTest::newRow("720x450") << QSize(720, 450);
        QTest::newRow("640x420") << QSize(640, 420);
    }
    void fitsSmallWindows()
    {
        QFETCH(QSize, size);
        Bench b(m_theme, size);
        b.openFilled();
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 2);
        QTest::qWait(50);
        QCOMPARE(b.window->size(), size);
        shoot(*b.window, QStringLiteral("small-%1").arg(QString::fromLatin1(QTest::currentDataTag())));
        QTest::keyClick(b.window.get(), Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(b.window->findChild<Sidebar *>()->isVisible());
        QTest::qWait(20);
        shoot(*b.window, QStringLiteral("small-%1-list").arg(QString::fromLatin1(QTest::currentDataTag())));
    }

    void theFirstRunFitsASmallWindow()
    {
        Bench b(m_theme, QSize(640, 420));
        b.show();
        QTRY_VERIFY(b.window->firstRunView());
        QCOMPARE(b.window->size(), QSize(640, 420));
        QTest::keyClick(b.window->focusWidget(), Qt::Key_Return);
        shoot(*b.window, QStringLiteral("small-first-run"));
    }

    void germanFits()
    {
        QTranslator german;
        QVERIFY(german.load(QStringLiteral(TRAMONTANE_TEXTS_DIR "/tramontane_de.qm")));
        QCoreApplication::installTranslator(&german);
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::German));
        {
            Bench b(m_theme);
            b.show();
            QTRY_VERIFY(b.window->firstRunView());
            shoot(*b.window, QStringLiteral("german-first-run-1"));
            QTest::keyClick(b.window->focusWidget(), Qt::Key_Return);
            QTest::keyClick(b.window->focusWidget(), Qt::Key_Down);
            QTest::keyClick(b.window->focusWidget(), Qt::Key_Space);
            shoot(*b.window, QStringLiteral("german-first-run-2"));
            Bench chat(m_theme, QSize(1024, 700));
            chat.openFilled();
            QTRY_COMPARE(chat.workspace().chatView().transcript().count(), 2);
            shoot(*chat.window, QStringLiteral("german-chat"));
            QTest::keyClick(&chat.edit(), Qt::Key_L, Qt::ControlModifier);
            QTRY_VERIFY(qobject_cast<PassphraseEdit *>(chat.window->focusWidget()));
            shoot(*chat.window, QStringLiteral("german-unlock"));
        }
        QLocale::setDefault(before);
        QCoreApplication::removeTranslator(&german);
    }

    void everyIconButtonHasAName()
    {
        Bench b(m_theme);
        b.openFilled();
        for (const auto *button : b.window->findChildren<QAbstractButton *>())
            QVERIFY2(!button->accessibleName().isEmpty() || !button->text().isEmpty(),
                     button->metaObject()->className());
    }

    void areasFollowF6()
    {
        Bench b(m_theme);
        b.openFilled();
        QTRY_COMPARE(b.workspace().chatView().transcript().count(), 2);
        b.edit().setFocus();
        QList<QWidget *> seen;
        for (int i = 0; i < 5; ++i) {
            QTest::keyClick(b.window->focusWidget(), Qt::Key_F6);
            seen << b.window->focusWidget();
        }
        QCOMPARE(seen.last(), &b.edit());
        QCOMPARE(QSet<QWidget *>(seen.begin(), seen.end()).size(), 5);
    }

private:
    Theme &m_theme;
};

int main(int argc, char **argv)
{
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    QApplication application(argc, argv);
    application.setQuitOnLastWindowClosed(false);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
    TestWindowScreens test(installStyle(application, ThemeChoice::Light));
    return QTest::qExec(&test, argc, argv);
}
#include "tst_window_screens.moc"
