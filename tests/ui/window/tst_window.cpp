// SPDX-License-Identifier: Apache-2.0
// The whole path with real parts: first run, question, answer, stop, again, lock, restart. The tests build on each other.
#include "tests/ui/window/real_home.h"
#include "tests/ui/window/shots.h"
#include "ui/chat/chat_view.h"
#include "ui/chat/composer_edit.h"
#include "ui/shell/log_state.h"
#include "ui/shell/sidebar.h"
#include "ui/shell/status_line.h"
#include "ui/shell/workspace.h"
#include "ui/style/tramontane_style.h"
#include "ui/transcript/transcript_view.h"
#include "ui/unlock/first_run_view.h"
#include "ui/unlock/passphrase_edit.h"
#include "ui/unlock/unlock_view.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace tramontane;
using namespace tramontane::test;
using namespace tramontane::ui;

namespace {

constexpr int kPatience = 120'000; // a busy machine with two cores loads and answers in far less
const auto kPassphrase = QStringLiteral("harbour lantern violet thimble");

} // namespace

class TestWindow : public QObject {
    Q_OBJECT
public:
    explicit TestWindow(Theme &theme) : m_theme(theme) {}

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(initCrypto().ok());
        QVERIFY2(QFile::exists(RealHome::model()), "the starter model is missing; ./dev setup fetches it");
        QVERIFY2(QFile::exists(RealHome::engineProgram()), "tramontane-engine is missing; build it first");
        m_home = std::make_unique<RealHome>();
    }
    void cleanupTestCase()
    {
        m_window.reset();
        m_home.reset();
    }

    void firstRunLeadsToAChat()
    {
        openWindow();
        QTRY_VERIFY(m_window->firstRunView());
        key(Qt::Key_Return);
        key(Qt::Key_Down);
        key(Qt::Key_Space);
        key(Qt::Key_Tab);
        QVERIFY(qobject_cast<PassphraseEdit *>(m_window->focusWidget()));
        type(kPassphrase);
        key(Qt::Key_Return);
        type(kPassphrase);
        key(Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(nextButton() && nextButton()->isEnabled() && nextButton()->hasFocus(), kPatience);
        shoot(*m_window, QStringLiteral("real-first-run-3"));
        key(Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(nextButton()->isEnabled() && nextButton()->hasFocus(), kPatience);
        shoot(*m_window, QStringLiteral("real-first-run-4"));
        key(Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->isOpen(), kPatience);
        shoot(*m_window, QStringLiteral("real-chat-model-read"));
        QTRY_VERIFY_WITH_TIMEOUT(models().currentStatus(), kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(models().currentStatus()->state, ModelLoadState::Ready, kPatience);
        shoot(*m_window, QStringLiteral("real-chat-empty"));
    }

    void enterAsksAndAnAnswerAppears()
    {
        QCOMPARE(m_window->focusWidget(), &edit());
        type(QStringLiteral("Name three rivers in Europe."));
        key(Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(chat().state(), ChatState::Writing, kPatience);
        QVERIFY(edit().toPlainText().isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(chat().state(), ChatState::Idle, kPatience);
        const ThreadEntry *answer = chat().thread().lastAnswer();
        QVERIFY(answer);
        QVERIFY(!plainText(answer->message).empty());
        QVERIFY(answer->provenance);
        QVERIFY(answer->provenance->usage.tokensPerSecond > 0);
        QCOMPARE(transcript().count(), 2);
        QCOMPARE(transcript().messageText(answer->message.id).simplified().left(20),
                 QString::fromStdString(plainText(answer->message)).simplified().left(20));
        shoot(*m_window, QStringLiteral("real-chat-answered"));
    }

    void escStopsAndKeepsTheText()
    {
        type(QStringLiteral("Write a very long story about the sea, with at least fifty chapters."));
        key(Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(chat().state() == ChatState::Writing
                                     && plainText(chat().thread().lastAnswer()->message).size() > 40,
                                 kPatience);
        shoot(*m_window, QStringLiteral("real-chat-streaming"));
        key(Qt::Key_Escape);
        QTRY_COMPARE_WITH_TIMEOUT(chat().state(), ChatState::Idle, kPatience);
        QCOMPARE(chat().thread().lastAnswer()->message.state, MessageState::Stopped);
        QVERIFY(plainText(chat().thread().lastAnswer()->message).size() > 40);
    }

    void ctrlEnterAsksAgain()
    {
        QTest::keyClick(&edit(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(chat().state(), ChatState::Writing, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(plainText(chat().thread().lastAnswer()->message).size() > 20, kPatience);
        key(Qt::Key_Escape);
        QTRY_COMPARE_WITH_TIMEOUT(chat().state(), ChatState::Idle, kPatience);
        QCOMPARE(chat().thread().lastAnswer()->message.versions, 2);
        QCOMPARE(transcript().count(), 4);
        QTest::keyClick(&edit(), Qt::Key_Left, Qt::AltModifier);
        QTRY_COMPARE(chat().thread().lastAnswer()->message.branchOrder, 0);
        QTest::keyClick(&edit(), Qt::Key_Right, Qt::AltModifier);
        QTRY_COMPARE(chat().thread().lastAnswer()->message.branchOrder, 1);
        m_shown = shownText();
    }

    void lockingWhileAnAnswerIsWrittenSavesIt()
    {
        // A small model may end at once; then it is asked again.
        bool writing = false;
        for (int tries = 0; tries < 8 && !writing; ++tries) {
            const int before = transcript().count();
            type(QStringLiteral("Count from one to one thousand in words."));
            key(Qt::Key_Return);
            const auto isWriting = [this] {
                return chat().state() == ChatState::Writing
                       && plainText(chat().thread().lastAnswer()->message).size() > 10;
            };
            const auto hasEnded = [this, before] {
                return chat().state() == ChatState::Idle && transcript().count() == before + 2;
            };
            QVERIFY(QTest::qWaitFor([&] { return isWriting() || hasEnded(); }, kPatience));
            writing = isWriting();
        }
        QVERIFY(writing);
        m_messages = transcript().count();
        QSignalSpy locked(m_window.get(), &MainWindow::locked);
        QTest::keyClick(&edit(), Qt::Key_L, Qt::ControlModifier);
        QVERIFY(!m_window->isOpen());
        QTRY_COMPARE_WITH_TIMEOUT(locked.size(), 1, kPatience);
        qInfo("locked after %lld ms, while an answer was written", locked[0][0].toLongLong());
        QVERIFY(locked[0][0].toLongLong() <= 2000);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->unlockView() && qobject_cast<PassphraseEdit *>(m_window->focusWidget()),
                                 kPatience);
        shoot(*m_window, QStringLiteral("real-locked"));
        type(QStringLiteral("not this one"));
        key(Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(qobject_cast<PassphraseEdit *>(m_window->focusWidget())->selectedText().size(), 12,
                                  kPatience);
        QVERIFY(!m_window->isOpen());
        type(kPassphrase);
        key(Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->isOpen(), kPatience);
        QTRY_COMPARE(transcript().count(), m_messages);
        QCOMPARE(chat().thread().lastAnswer()->message.state, MessageState::CutOff);
        QVERIFY(shownText().startsWith(m_shown));
        m_shown = shownText();
    }

    void aRestartShowsItAgain()
    {
        QSignalSpy closed(m_window.get(), &MainWindow::closed);
        m_window->close();
        QTRY_VERIFY_WITH_TIMEOUT(!closed.isEmpty(), kPatience);
        openWindow();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->unlockView() && qobject_cast<PassphraseEdit *>(m_window->focusWidget()),
                                 kPatience);
        shoot(*m_window, QStringLiteral("real-unlock"));
        type(kPassphrase);
        key(Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->isOpen(), kPatience);
        QTRY_COMPARE(transcript().count(), m_messages);
        QCOMPARE(shownText(), m_shown);
        QTRY_VERIFY_WITH_TIMEOUT(models().currentStatus() && models().currentStatus()->state == ModelLoadState::Ready,
                                 kPatience);
        shoot(*m_window, QStringLiteral("real-restarted"));
    }

    void theSearchFindsIt()
    {
        QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
        type(QStringLiteral("rivers"));
        auto *list = m_window->findChild<Sidebar *>()->findChild<QAbstractItemView *>();
        QTRY_VERIFY(list->model()->rowCount() >= 2);
        shoot(*m_window, QStringLiteral("real-search"));
    }

    void theLogIsWhole()
    {
        Q_EMIT m_window->findChild<StatusLine *>()->logRequested();
        auto *log = m_window->findChild<LogState *>();
        QVERIFY(log);
        QTRY_COMPARE_WITH_TIMEOUT(log->state(), LogState::State::Whole, kPatience);
        shoot(*m_window, QStringLiteral("real-log-whole"));
    }

    void theWindowCloses()
    {
        QSignalSpy closed(m_window.get(), &MainWindow::closed);
        m_window->close();
        QTRY_VERIFY_WITH_TIMEOUT(!closed.isEmpty(), kPatience);
    }

private:
    void openWindow()
    {
        m_window = std::make_unique<MainWindow>(m_home->parts(), m_theme, WindowPreferences{});
        m_window->resize(1440, 900);
        m_window->show();
        m_window->activateWindow();
        m_window->start();
    }
    void key(int code) { QTest::keyClick(m_window->focusWidget(), Qt::Key(code)); }
    void type(const QString &text) { QTest::keyClicks(m_window->focusWidget(), text); }
    [[nodiscard]] QPushButton *nextButton()
    {
        for (auto *button : m_window->findChildren<QPushButton *>()) {
            if (button->isVisible() && button->property("kind").toString() == QLatin1String("primary"))
                return button;
        }
        return nullptr;
    }
    [[nodiscard]] ChatViewModel &chat() { return m_window->workspace()->chat(); }
    [[nodiscard]] ModelPickerModel &models() { return m_window->workspace()->models(); }
    [[nodiscard]] TranscriptView &transcript() { return m_window->workspace()->chatView().transcript(); }
    [[nodiscard]] ComposerEdit &edit() { return *m_window->findChild<ComposerEdit *>(); }
    [[nodiscard]] QString shownText()
    {
        QString all;
        for (int i = 0; i < transcript().count(); ++i)
            all += transcript().messageText(transcript().itemAt(i)->message.id) + QLatin1Char('\n');
        return all;
    }

    Theme &m_theme;
    std::unique_ptr<RealHome> m_home;
    std::unique_ptr<MainWindow> m_window;
    QString m_shown;
    int m_messages = 0;
};

int main(int argc, char **argv)
{
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    QApplication application(argc, argv);
    application.setQuitOnLastWindowClosed(false);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
    TestWindow test(installStyle(application, ThemeChoice::Light));
    return QTest::qExec(&test, argc, argv);
}
#include "tst_window.moc"
