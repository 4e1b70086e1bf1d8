// SPDX-License-Identifier: Apache-2.0
#include "ui/chat/composer.h"
#include "ui/chat/composer_edit.h"
#include "ui/style/tramontane_style.h"

#include <QApplication>
#include <QInputMethodEvent>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

using namespace tramontane::ui;

namespace {

struct Bench {
    Bench()
    {
        composer.resize(600, composer.sizeHint().height());
        composer.show();
        edit = composer.findChild<ComposerEdit *>();
        button = composer.findChild<SendButton *>();
        composer.activateWindow();
        composer.focusText();
    }
    Composer composer;
    ComposerEdit *edit = nullptr;
    SendButton *button = nullptr;
};

} // namespace

class TestComposer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void enterSendsAndShiftEnterMakesALine()
    {
        Bench b;
        QSignalSpy sent(&b.composer, &Composer::sendRequested);
        QTest::keyClicks(b.edit, QStringLiteral("one"));
        QTest::keyClick(b.edit, Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClicks(b.edit, QStringLiteral("two"));
        QCOMPARE(b.composer.text(), QStringLiteral("one\ntwo"));
        QCOMPARE(sent.count(), 0);
        QTest::keyClick(b.edit, Qt::Key_Return);
        QCOMPARE(sent.count(), 1);
        QCOMPARE(sent[0][0].toString(), QStringLiteral("one\ntwo"));
        // The draft goes only when the question is on disk.
        QCOMPARE(b.composer.text(), QStringLiteral("one\ntwo"));
    }

    void neverSendsDuringComposition()
    {
        Bench b;
        QSignalSpy sent(&b.composer, &Composer::sendRequested);
        QTest::keyClicks(b.edit, QStringLiteral("a"));
        QInputMethodEvent composing(QStringLiteral("にほ"), {});
        QCoreApplication::sendEvent(b.edit, &composing);
        QTest::keyClick(b.edit, Qt::Key_Return);
        QTest::keyClick(b.edit, Qt::Key_Enter);
        QCOMPARE(sent.count(), 0);
        QInputMethodEvent committed(QString(), {});
        committed.setCommitString(QStringLiteral("日本"));
        QCoreApplication::sendEvent(b.edit, &committed);
        QCOMPARE(b.composer.text(), QStringLiteral("a日本"));
        QTest::keyClick(b.edit, Qt::Key_Return);
        QCOMPARE(sent.count(), 1);
    }

    void blankTextIsNotSent()
    {
        Bench b;
        QSignalSpy sent(&b.composer, &Composer::sendRequested);
        QTest::keyClick(b.edit, Qt::Key_Return);
        QTest::keyClicks(b.edit, QStringLiteral("   "));
        QTest::keyClick(b.edit, Qt::Key_Return);
        QCOMPARE(sent.count(), 0);
        QVERIFY(!b.button->isEnabled());
        QTest::keyClicks(b.edit, QStringLiteral("x"));
        QVERIFY(b.button->isEnabled());
        QTest::mouseClick(b.button, Qt::LeftButton);
        QCOMPARE(sent.count(), 1);
    }

    void whileAnAnswerIsWrittenTheButtonStopsAndEnterKeepsTheDraft()
    {
        Bench b;
        QSignalSpy sent(&b.composer, &Composer::sendRequested);
        QSignalSpy stopped(&b.composer, &Composer::stopRequested);
        b.composer.setBusy(true);
        QVERIFY(b.button->isEnabled());
        QCOMPARE(b.button->act(), SendButton::Act::Stop);
        QTest::keyClicks(b.edit, QStringLiteral("next"));
        QTest::keyClick(b.edit, Qt::Key_Return);
        QCOMPARE(sent.count(), 0);
        QCOMPARE(b.composer.text(), QStringLiteral("next"));
        QTest::mouseClick(b.button, Qt::LeftButton);
        QCOMPARE(stopped.count(), 1);
        b.composer.setBusy(false);
        QTest::keyClick(b.edit, Qt::Key_Return);
        QCOMPARE(sent.count(), 1);
    }

    void whatIsBlockedStaysADraft()
    {
        Bench b;
        QSignalSpy sent(&b.composer, &Composer::sendRequested);
        b.composer.setBlocked(QStringLiteral("Kept as a draft until the log is back"));
        QTest::keyClicks(b.edit, QStringLiteral("why"));
        QTest::keyClick(b.edit, Qt::Key_Return);
        QCOMPARE(sent.count(), 0);
        QVERIFY(!b.button->isEnabled());
        QCOMPARE(b.button->toolTip(), QStringLiteral("Kept as a draft until the log is back"));
        b.composer.setBlocked({});
        QTest::keyClick(b.edit, Qt::Key_Return);
        QCOMPARE(sent.count(), 1);
    }

    void otherKeysAsk()
    {
        Bench b;
        QSignalSpy again(&b.composer, &Composer::againRequested);
        QSignalSpy recall(&b.composer, &Composer::recallRequested);
        QTest::keyClick(b.edit, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(again.count(), 1);
        QTest::keyClick(b.edit, Qt::Key_Up);
        QCOMPARE(recall.count(), 1);
        QTest::keyClicks(b.edit, QStringLiteral("x"));
        QTest::keyClick(b.edit, Qt::Key_Up);
        QCOMPARE(recall.count(), 1);
    }

    void growsToEightLinesAndNoFurther()
    {
        Bench b;
        const int one = b.edit->sizeHint().height();
        const auto heightOf = [&](int lines) {
            b.composer.setText(QStringList(lines, QStringLiteral("line")).join(QLatin1Char('\n')));
            QTest::qWait(1);
            return b.edit->sizeHint().height();
        };
        const int two = heightOf(2);
        QVERIFY(two > one);
        const int eight = heightOf(8);
        QCOMPARE(heightOf(9), eight);
        QCOMPARE(heightOf(40), eight);
        b.composer.setMostLines(1);
        QCOMPARE(b.edit->sizeHint().height(), one);
    }

    void pastesPlainTextOnly()
    {
        Bench b;
        class Paste : public ComposerEdit {
        public:
            using ComposerEdit::insertFromMimeData;
        } edit;
        QMimeData data;
        data.setHtml(QStringLiteral("<b>bold</b>"));
        data.setText(QStringLiteral("one\u2028two") + QChar(u'\0') + QStringLiteral("three"));
        edit.insertFromMimeData(&data);
        QCOMPARE(edit.toPlainText(), QStringLiteral("one\ntwothree"));
    }
};

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    tramontane::ui::installStyle(application, ThemeChoice::Light);
    TestComposer test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_composer.moc"
