// SPDX-License-Identifier: Apache-2.0
#include "app/core/secret.h"
#include "tests/unit/ui/transcript/sample_messages.h"
#include "ui/style/tramontane_style.h"
#include "ui/transcript/transcript_private.h"
#include "ui/transcript/transcript_view.h"

#include <QAccessible>
#include <QSignalSpy>
#include <QTest>

using namespace tramontane;
using namespace tramontane::ui;

// What a screen reader gets, through the same interface as it uses.
class TestTranscriptAccessibility : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void listOfMessages();
    void nameAndDescription();
    void textOfAMessage();
    void rectanglesAndPoints();
    void selectionThroughTheInterface();
    void attributesOfText();
    void actionsAreChildren();
    void streamingInsertsText();
    void messagesThatGoAreForgotten();

private:
    [[nodiscard]] QAccessibleInterface *list() const { return QAccessible::queryAccessibleInterface(m_view.get()); }
    std::unique_ptr<TranscriptView> m_view;
};

void TestTranscriptAccessibility::initTestCase()
{
    QVERIFY(initCrypto());
    installStyle(*qApp, ThemeChoice::Light);
}

void TestTranscriptAccessibility::init()
{
    m_view = std::make_unique<TranscriptView>();
    m_view->setLocale(QLocale(QLocale::English, QLocale::UnitedKingdom));
    m_view->resize(800, 600);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
}

void TestTranscriptAccessibility::cleanup()
{
    m_view.reset();
}

void TestTranscriptAccessibility::listOfMessages()
{
    m_view->setItems({question("Q"), answer("A"), question("R")});
    QCOMPARE(list()->role(), QAccessible::List);
    QCOMPARE(list()->text(QAccessible::Name), QStringLiteral("Conversation"));
    QCOMPARE(list()->childCount(), 3);
    for (int i = 0; i < 3; ++i) {
        QAccessibleInterface *message = list()->child(i);
        QVERIFY(message && message->isValid());
        QCOMPARE(message->role(), QAccessible::ListItem);
        QCOMPARE(message->parent(), list());
        QCOMPARE(list()->indexOfChild(message), i);
        QCOMPARE(list()->child(i), message); // the same object each time
    }
    QVERIFY(list()->child(3) == nullptr);
}

void TestTranscriptAccessibility::nameAndDescription()
{
    TranscriptItem item = answer("A");
    item.display.usage = Usage{10, 412, 100, 6100, 68.4};
    item.display.label = QStringLiteral("restricted");
    m_view->setItems({question("Q"), item});
    const QString name = list()->child(1)->text(QAccessible::Name);
    QVERIFY2(name.startsWith(QLatin1StringView("Bora 24B, On this machine, ")), qPrintable(name));
    const QString description = list()->child(1)->text(QAccessible::Description);
    QVERIFY(description.contains(QLatin1StringView("CPU, 2 threads")));
    QVERIFY(description.contains(QLatin1StringView("restricted")));
    QVERIFY(description.contains(QLatin1StringView("412 tokens")));
    QVERIFY(list()->child(0)->text(QAccessible::Name).startsWith(QLatin1StringView("You, ")));
}

void TestTranscriptAccessibility::textOfAMessage()
{
    m_view->setItems({answer("An **answer**\n\n- a\n- b")});
    QAccessibleInterface *message = list()->child(0);
    QAccessibleTextInterface *text = message->textInterface();
    QVERIFY(text);
    const QString all = QStringLiteral("An answer\n\n• a\n• b");
    QCOMPARE(text->text(0, text->characterCount()), all);
    QCOMPARE(text->characterCount(), all.size());
    QCOMPARE(text->text(3, 9), QStringLiteral("answer"));
    QCOMPARE(message->text(QAccessible::Value), all);
    int start = 0;
    int end = 0;
    QCOMPARE(text->textAtOffset(4, QAccessible::WordBoundary, &start, &end), QStringLiteral("answer"));
    QVERIFY(message->state().readOnly);
    QVERIFY(!message->state().busy);
}

void TestTranscriptAccessibility::rectanglesAndPoints()
{
    m_view->setItems({question("Q"), answer("first\n\nsecond")});
    m_view->layOutAll();
    QAccessibleInterface *message = list()->child(1);
    const QRect whole = message->rect();
    QVERIFY(m_view->rect().contains(QRect(m_view->mapFromGlobal(whole.topLeft()), whole.size())));
    QAccessibleTextInterface *text = message->textInterface();
    for (const int offset : {0, 3, 7, 10}) {
        const QRect rect = text->characterRect(offset);
        QVERIFY(whole.contains(rect));
        QCOMPARE(text->offsetAtPoint(rect.center() - QPoint(rect.width() / 4, 0)), offset);
    }
    QCOMPARE(text->offsetAtPoint(list()->child(0)->rect().center()), -1);
    QCOMPARE(list()->childAt(whole.center().x(), whole.center().y()), message);
}

void TestTranscriptAccessibility::selectionThroughTheInterface()
{
    m_view->setItems({question("Question"), answer("first\n\nsecond")});
    QAccessibleTextInterface *text = list()->child(1)->textInterface();
    QCOMPARE(text->selectionCount(), 0);
    text->setSelection(0, 2, 10);
    QCOMPARE(m_view->selectedText(), QStringLiteral("rst\n\nsec"));
    int from = 0;
    int to = 0;
    text->selection(0, &from, &to);
    QCOMPARE(from, 2);
    QCOMPARE(to, 10);
    QCOMPARE(text->cursorPosition(), 10);
    m_view->selectAll();
    list()->child(0)->textInterface()->selection(0, &from, &to);
    QCOMPARE(from, 0);
    QCOMPARE(to, 8);
    text->removeSelection(0);
    QVERIFY(!m_view->hasSelection());
}

void TestTranscriptAccessibility::attributesOfText()
{
    m_view->setItems({answer("plain **bold** `code`")});
    QAccessibleTextInterface *text = list()->child(0)->textInterface();
    int from = 0;
    int to = 0;
    QVERIFY(text->attributes(7, &from, &to).contains(QLatin1StringView("font-weight:bold")));
    QCOMPARE(from, 6);
    QCOMPARE(to, 10);
    QVERIFY(text->attributes(12, &from, &to).contains(QLatin1StringView("monospace")));
    QVERIFY(text->attributes(1, &from, &to).isEmpty());
}

void TestTranscriptAccessibility::actionsAreChildren()
{
    const TranscriptItem item = answer("see [x](https://example.org)\n\n```\ncode\n```");
    m_view->setItems({question("Q"), item});
    m_view->layOutAll();
    QAccessibleInterface *message = list()->child(1);
    QStringList names;
    for (int i = 0; i < message->childCount(); ++i) {
        QAccessibleInterface *child = message->child(i);
        QVERIFY(child && child->isValid());
        QCOMPARE(child->parent(), message);
        names << child->text(QAccessible::Name);
        QVERIFY(message->rect().contains(child->rect()));
        QVERIFY(i == 0 || (child->rect().width() >= 28 && child->rect().height() >= 28));
    }
    QCOMPARE(names, (QStringList{"Link: x", "Wrap long lines", "Copy code", "Copy answer", "Ask again"}));
    QCOMPARE(message->child(0)->role(), QAccessible::Link);
    QCOMPARE(message->child(1)->role(), QAccessible::Button);
    QSignalSpy again(m_view.get(), &TranscriptView::regenerateRequested);
    QAccessibleActionInterface *action = message->child(4)->actionInterface();
    QVERIFY(action);
    action->doAction(QAccessibleActionInterface::pressAction());
    QCOMPARE(again.size(), 1);
}

void TestTranscriptAccessibility::streamingInsertsText()
{
    QSignalSpy announced(m_view.get(), &TranscriptView::textAnnounced);
    TranscriptItem item = writing();
    m_view->setItems({question("Q")});
    m_view->appendItem(item);
    QVERIFY(list()->child(1)->state().busy);
    m_view->appendText(item.message.id, "One sentence. Another ");
    QTest::qWait(40);
    QCOMPARE(announced.size(), 0); // not yet two seconds
    m_view->appendText(item.message.id, "one.");
    MessageDisplay done = item.display;
    done.streaming = false;
    m_view->setDisplay(item.message.id, done);
    QString all;
    for (const QList<QVariant> &call : announced) {
        QCOMPARE(call.at(1).toInt(), all.size());
        all += call.at(2).toString();
    }
    QCOMPARE(all, QStringLiteral("One sentence. Another one."));
    QCOMPARE(list()->child(1)->textInterface()->text(0, -1), all);
    QVERIFY(!list()->child(1)->state().busy);
}

void TestTranscriptAccessibility::messagesThatGoAreForgotten()
{
    const TranscriptItem first = question("Q");
    const TranscriptItem second = answer("A");
    m_view->setItems({first, second});
    QAccessibleInterface *message = list()->child(1);
    QVERIFY(message->isValid());
    m_view->removeFrom(second.message.id);
    QCOMPARE(list()->childCount(), 1);
    QCOMPARE(list()->child(0)->text(QAccessible::Value), QStringLiteral("Q"));
    QVERIFY(list()->child(1) == nullptr);
}

QTEST_MAIN(TestTranscriptAccessibility)
#include "tst_transcript_accessibility.moc"
