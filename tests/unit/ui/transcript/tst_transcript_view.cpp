// SPDX-License-Identifier: Apache-2.0
#include "app/core/secret.h"
#include "tests/unit/ui/transcript/sample_messages.h"
#include "ui/style/tramontane_style.h"
#include "ui/transcript/block_layout.h"
#include "ui/transcript/transcript_private.h"
#include "ui/transcript/transcript_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace tramontane;
using namespace tramontane::ui;

class TestTranscriptView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void showsTheEnd();
    void shortConversationStandsAtTheBottom();
    void paintsOnlyWhatIsVisible();
    void laysOutOnlyWhatIsNear();
    void idleFinishesTheLayout();
    void streamingLaysOutOnlyTheChangedBlock();
    void streamingEqualsTheFinalLayout();
    void manyPiecesOneFrame();
    void followsOnlyAtTheEnd();
    void textAboveStaysWhereItIs();
    void updateKeepsEqualBlocks();
    void reasoningAndTextAreBlocks();
    void errorIsItsOwnBlock();
    void selectsAcrossMessages();
    void selectsWithTheMouse();
    void doubleClickTakesAWord();
    void selectsWithTheKeyboard();
    void copiesPlainAndMarkdown();
    void copyCodeButton();
    void keysGoMessageByMessage();
    void tabGoesThroughActions();
    void escapeStops();
    void altArrowsAskForVersions();
    void linksOnlySignal();
    void reasoningOpensInPlace();
    void removeAndReplace();
    void unknownIdsAreIgnored();
    void themeAndTextSizeKeepThePlace();
    void hostileMessages_data();
    void hostileMessages();
    void wideCodeScrollsWithShiftWheel();

private:
    [[nodiscard]] const WorkCounters &counters() const { return m_view->counters(); }
    [[nodiscard]] TranscriptPrivate &d() const { return TranscriptPrivate::of(*m_view); }
    [[nodiscard]] QPoint pointOf(HotAction action, int message) const;
    [[nodiscard]] QPoint pointAt(const TextPosition &position) const;
    void click(const QPoint &point) { QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, point); }
    std::unique_ptr<TranscriptView> m_view;
    Theme *m_theme = nullptr;
};

namespace {

std::vector<TranscriptItem> longConversation(int pairs)
{
    std::vector<TranscriptItem> items;
    for (int i = 0; i < pairs; ++i) {
        items.push_back(question("Question " + std::to_string(i)));
        items.push_back(answer("Answer " + std::to_string(i)
                               + "\n\nwith two paragraphs\n\n- and\n- a list\n\n```sql\nSELECT 1;\n```\n"));
    }
    return items;
}

} // namespace

void TestTranscriptView::initTestCase()
{
    QVERIFY(initCrypto());
    m_theme = &installStyle(*qApp, ThemeChoice::Light);
}

void TestTranscriptView::init()
{
    m_theme->setChoice(ThemeChoice::Light);
    m_theme->setTextFactor(1.0);
    m_view = std::make_unique<TranscriptView>();
    m_view->resize(864, 600);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
}

void TestTranscriptView::cleanup()
{
    m_view.reset();
}

QPoint TestTranscriptView::pointOf(HotAction action, int message) const
{
    for (const HotPlace &place : d().layout.hotPlaces(message))
        if (d().layout.hotSpot(place).action == action)
            return d().layout.hotRect(place).translated(d().origin()).center().toPoint();
    return {-1, -1};
}

QPoint TestTranscriptView::pointAt(const TextPosition &position) const
{
    return d().layout.caretRect(position).translated(d().origin()).center().toPoint();
}

void TestTranscriptView::showsTheEnd()
{
    m_view->setItems(longConversation(30));
    QVERIFY(m_view->isAtEnd());
    QVERIFY(m_view->verticalScrollBar()->maximum() > 0);
    QCOMPARE(m_view->count(), 60);
}

void TestTranscriptView::shortConversationStandsAtTheBottom()
{
    m_view->setItems({question("Short")});
    QCOMPARE(m_view->verticalScrollBar()->maximum(), 0);
    QVERIFY(d().messageRect(0).top() > 400);
    QVERIFY(d().messageRect(0).bottom() < m_view->viewport()->height());
}

void TestTranscriptView::paintsOnlyWhatIsVisible()
{
    m_view->setItems(longConversation(200));
    m_view->layOutAll();
    const long before = counters().painted;
    m_view->viewport()->grab();
    const long painted = counters().painted - before;
    QVERIFY2(painted > 3 && painted < 40, qPrintable(QString::number(painted)));
}

void TestTranscriptView::laysOutOnlyWhatIsNear()
{
    const long before = counters().layouts;
    m_view->setItems(longConversation(500)); // 1000 messages, about 5000 blocks
    const long laidOut = counters().layouts - before;
    QVERIFY2(laidOut > 3 && laidOut < 80, qPrintable(QString::number(laidOut)));
}

void TestTranscriptView::idleFinishesTheLayout()
{
    m_view->setItems(longConversation(40));
    QVERIFY(!d().layout.isExact());
    QTRY_VERIFY(d().layout.isExact());
    QVERIFY(m_view->isAtEnd());
    const long before = counters().layouts;
    QTest::qWait(50);
    QCOMPARE(counters().layouts, before); // and then rests
}

void TestTranscriptView::streamingLaysOutOnlyTheChangedBlock()
{
    std::vector<TranscriptItem> items = longConversation(20);
    TranscriptItem item = writing();
    const MessageId id = item.message.id;
    items.push_back(item);
    m_view->setItems(std::move(items));
    m_view->appendText(id, "First paragraph.\n\nSecond paragraph.\n\n");
    m_view->layOutAll();
    for (const char *piece : {"Third", " paragraph", " grows", " and grows"}) {
        const long before = counters().layouts;
        m_view->appendText(id, piece);
        d().frame();
        QCOMPARE(counters().layouts - before, 1);
    }
}

void TestTranscriptView::streamingEqualsTheFinalLayout()
{
    const std::string text =
        "# Title\n\nSome **bold** `code` and [a link](https://example.org/x).\n\n1. one\n2. two\n"
        "   - nested\n\n| a | b |\n|---|--:|\n| x | 1.5 |\n| y | 2 |\n\n> quote\n\n```py\nx = 1\n\n"
        "y = 2\n```\n\nEnd, with *emphasis*";
    TranscriptItem item = writing();
    m_view->setItems({question("Q"), item});
    for (const char c : text) {
        m_view->appendText(item.message.id, std::string(1, c));
        d().frame();
    }
    MessageDisplay done = item.display;
    done.streaming = false;
    m_view->setDisplay(item.message.id, done);
    m_view->layOutAll();

    TranscriptView other;
    other.resize(m_view->size());
    TranscriptItem whole = item;
    whole.display.streaming = false;
    whole.message.blocks = {{BlockKind::Text, text, {}}};
    other.setItems({*m_view->itemAt(0), whole});
    other.show();
    other.layOutAll();
    const MessageLayout &streamed = d().layout.message(1);
    const MessageLayout &direct = TranscriptPrivate::of(other).layout.message(1);
    QCOMPARE(streamed.parts().size(), direct.parts().size());
    for (std::size_t i = 0; i < streamed.parts().size(); ++i) {
        QCOMPARE(streamed.parts()[i].rect, direct.parts()[i].rect);
        QVERIFY(streamed.parts()[i].block->leaf() == direct.parts()[i].block->leaf());
    }
    QCOMPARE(m_view->messageText(item.message.id), other.messageText(item.message.id));
}

void TestTranscriptView::manyPiecesOneFrame()
{
    TranscriptItem item = writing();
    m_view->setItems({item});
    QTest::qWait(50);
    const long parses = counters().parses;
    for (int i = 0; i < 500; ++i)
        m_view->appendText(item.message.id, "word ");
    QCOMPARE(counters().parses, parses); // nothing yet
    QTRY_VERIFY(counters().parses > parses);
    QVERIFY2(counters().parses - parses <= 2, qPrintable(QString::number(counters().parses - parses)));
}

void TestTranscriptView::followsOnlyAtTheEnd()
{
    std::vector<TranscriptItem> items = longConversation(20);
    TranscriptItem item = writing();
    const MessageId id = item.message.id;
    items.push_back(item);
    m_view->setItems(std::move(items));
    m_view->layOutAll();
    QSignalSpy end(m_view.get(), &TranscriptView::atEndChanged);
    m_view->appendText(id, "line\n\nline\n\nline\n\n");
    d().frame();
    QVERIFY(m_view->isAtEnd());
    QVERIFY(!d().newText->isVisible());

    m_view->verticalScrollBar()->setValue(100);
    QVERIFY(!m_view->isAtEnd());
    QCOMPARE(end.size(), 1);
    m_view->appendText(id, "more\n\nmore\n\n");
    d().frame();
    QCOMPARE(m_view->verticalScrollBar()->value(), 100);
    QVERIFY(d().newText->isVisible());
    QTest::mouseClick(d().newText, Qt::LeftButton);
    QVERIFY(m_view->isAtEnd());
    QVERIFY(!d().newText->isVisible());
}

// Estimates above the viewport become exact without moving what is being read.
void TestTranscriptView::textAboveStaysWhereItIs()
{
    m_view->setItems(longConversation(60));
    m_view->verticalScrollBar()->setValue(m_view->verticalScrollBar()->maximum() / 2);
    const int message = d().layout.messageAt(-d().origin().y()) + 1;
    const qreal before = d().messageRect(message).top();
    m_view->layOutAll();
    QVERIFY2(qAbs(d().messageRect(message).top() - before) <= 1.0,
             qPrintable(QString::number(d().messageRect(message).top() - before)));
}

void TestTranscriptView::updateKeepsEqualBlocks()
{
    TranscriptItem item = answer("one\n\ntwo\n\nthree");
    m_view->setItems({item});
    m_view->layOutAll();
    const long before = counters().layouts;
    item.message.blocks.front().text = "one\n\ntwo\n\nthree!";
    m_view->updateItem(item);
    m_view->layOutAll();
    QCOMPARE(counters().layouts - before, 3); // the last paragraph, head and foot
}

void TestTranscriptView::reasoningAndTextAreBlocks()
{
    TranscriptItem item = writing();
    m_view->setItems({item});
    m_view->appendText(item.message.id, "thinking **hard", BlockKind::Reasoning);
    m_view->appendText(item.message.id, " still", BlockKind::Reasoning);
    m_view->appendText(item.message.id, "Answer", BlockKind::Text);
    d().frame();
    const auto &leaves = d().model.at(0).leaves;
    QCOMPARE(leaves.size(), 2u);
    QCOMPARE(leaves[0].kind, LeafKind::Reasoning);
    QCOMPARE(leaves[0].text, QStringLiteral("thinking **hard still"));
    QCOMPARE(leaves[1].kind, LeafKind::Paragraph);
    QCOMPARE(m_view->item(item.message.id)->message.blocks.size(), 2u);
}

void TestTranscriptView::errorIsItsOwnBlock()
{
    TranscriptItem item =
        sampleItem(Role::Assistant, {{BlockKind::Text, "So far", {}},
                                     {BlockKind::Error, "The engine stopped. Nothing is lost.", "ENGINE_STOPPED"}});
    item.message.state = MessageState::CutOff;
    m_view->setItems({question("Q"), item});
    m_view->layOutAll();
    QSignalSpy again(m_view.get(), &TranscriptView::regenerateRequested);
    click(pointOf(HotAction::Again, 1));
    QCOMPARE(again.size(), 1);
    QCOMPARE(again.at(0).at(0).value<MessageId>(), item.message.id);
    const qreal before = d().layout.message(1).height();
    click(pointOf(HotAction::ToggleFold, 1)); // Details
    QVERIFY(d().layout.message(1).height() > before);
}

void TestTranscriptView::selectsAcrossMessages()
{
    m_view->setItems({question("First question"), answer("An **answer** with\n\n- a\n- b")});
    m_view->selectAll();
    QCOMPARE(m_view->selectedText(), QStringLiteral("First question\n\nAn answer with\n\n• a\n• b"));
    QCOMPARE(m_view->selectedText(CopyAs::Markdown),
             QStringLiteral("First question\n\nAn **answer** with\n\n- a\n- b"));
    d().select({0, 0, 6}, {1, 0, 9});
    QCOMPARE(m_view->selectedText(), QStringLiteral("question\n\nAn answer"));
    QCOMPARE(m_view->selectedText(CopyAs::Markdown), QStringLiteral("question\n\nAn **answer**"));
    m_view->clearSelection();
    QVERIFY(!m_view->hasSelection());
}

void TestTranscriptView::selectsWithTheMouse()
{
    m_view->setItems({question("First question"), answer("An answer that is selected")});
    m_view->layOutAll();
    const QPoint from = pointAt({0, 0, 6});
    const QPoint to = pointAt({1, 0, 9});
    QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, from);
    QMouseEvent move(QEvent::MouseMove, to, m_view->viewport()->mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
    QCoreApplication::sendEvent(m_view->viewport(), &move);
    QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, to);
    QCOMPARE(m_view->selectedText(), QStringLiteral("question\n\nAn answer"));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::ShiftModifier, pointAt({1, 0, 2}));
    QCOMPARE(m_view->selectedText(), QStringLiteral("question\n\nAn"));
}

void TestTranscriptView::doubleClickTakesAWord()
{
    m_view->setItems({answer("One second third")});
    m_view->layOutAll();
    const QPoint at = pointAt({0, 0, 7});
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, at);
    QCOMPARE(m_view->selectedText(), QStringLiteral("second"));
    QMouseEvent again(QEvent::MouseButtonDblClick, at, m_view->viewport()->mapToGlobal(at), Qt::LeftButton,
                      Qt::LeftButton, {});
    QCoreApplication::sendEvent(m_view->viewport(), &again);
    QCOMPARE(m_view->selectedText(), QStringLiteral("One second third"));
}

void TestTranscriptView::selectsWithTheKeyboard()
{
    m_view->setItems({question("ab cd"), answer("first line\n\nsecond")});
    m_view->layOutAll();
    d().select({0, 0, 0}, {0, 0, 0});
    QTest::keyClick(m_view.get(), Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(m_view->selectedText(), QStringLiteral("a"));
    QTest::keyClick(m_view.get(), Qt::Key_Right, Qt::ShiftModifier | Qt::ControlModifier);
    QCOMPARE(m_view->selectedText(), QStringLiteral("ab "));
    QTest::keyClick(m_view.get(), Qt::Key_End, Qt::ShiftModifier);
    QCOMPARE(m_view->selectedText(), QStringLiteral("ab cd"));
    QTest::keyClick(m_view.get(), Qt::Key_Down, Qt::ShiftModifier);
    QVERIFY(m_view->selectedText().startsWith(QLatin1StringView("ab cd")));
    QCOMPARE(d().selection.head().message, 1);
    QTest::keyClick(m_view.get(), Qt::Key_End, Qt::ShiftModifier | Qt::ControlModifier);
    QCOMPARE(m_view->selectedText(), QStringLiteral("ab cd\n\nfirst line\n\nsecond"));
    QTest::keyClick(m_view.get(), Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(m_view->selectedText(), QStringLiteral("ab cd\n\nfirst line\n\nsecon"));
    QTest::keyClick(m_view.get(), Qt::Key_Home, Qt::ShiftModifier | Qt::ControlModifier);
    QVERIFY(!m_view->hasSelection());
}

void TestTranscriptView::copiesPlainAndMarkdown()
{
    m_view->setItems({question("Q"), answer("|a|b|\n|-|-|\n|**x**|1|")});
    m_view->copy(); // nothing selected: the last answer
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("a\tb\nx\t1"));
    m_view->copy(CopyAs::Markdown);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("| a | b |\n| --- | --- |\n| **x** | 1 |"));
    d().select({0, 0, 0}, {0, 0, 1});
    QTest::keyClick(m_view.get(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Q"));
}

void TestTranscriptView::copyCodeButton()
{
    m_view->setItems({answer("text\n\n```sql\nSELECT 1;\n```")});
    m_view->layOutAll();
    QSignalSpy copied(m_view.get(), &TranscriptView::copyRequested);
    click(pointOf(HotAction::CopyCode, 0));
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("SELECT 1;"));
    click(pointOf(HotAction::CopyMessage, 0));
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("text\n\nSELECT 1;"));
    QCOMPARE(copied.size(), 2);
}

void TestTranscriptView::keysGoMessageByMessage()
{
    m_view->setItems(longConversation(10));
    m_view->setFocus();
    QTRY_VERIFY(m_view->hasFocus());
    const int last = m_view->count() - 1;
    QTest::keyClick(m_view.get(), Qt::Key_Up, Qt::ControlModifier);
    QCOMPARE(m_view->currentMessage(), m_view->itemAt(last)->message.id);
    for (int i = 0; i < 30; ++i)
        QTest::keyClick(m_view.get(), Qt::Key_Up, Qt::ControlModifier);
    QCOMPARE(m_view->currentMessage(), m_view->itemAt(0)->message.id);
    QVERIFY(d().messageRect(0).top() >= 0);
    QTest::keyClick(m_view.get(), Qt::Key_Down, Qt::ControlModifier);
    QCOMPARE(m_view->currentMessage(), m_view->itemAt(1)->message.id);
    QTest::keyClick(m_view.get(), Qt::Key_End);
    QVERIFY(m_view->isAtEnd());
}

void TestTranscriptView::tabGoesThroughActions()
{
    QWidget window;
    auto *view = new TranscriptView(&window);
    view->resize(800, 500);
    auto *next = new QWidget(&window);
    next->setFocusPolicy(Qt::StrongFocus);
    window.resize(800, 600);
    window.show();
    view->setItems({question("Q"), answer("text\n\n```\ncode\n```")});
    view->layOutAll();
    window.activateWindow();
    next->setFocus();
    QTRY_VERIFY(next->hasFocus());
    view->setFocus(Qt::TabFocusReason);
    QTRY_VERIFY(view->hasFocus());
    TranscriptPrivate &inside = TranscriptPrivate::of(*view);
    QCOMPARE(inside.current, 1);
    QList<HotAction> actions;
    for (int i = 0; i < 4; ++i) {
        QTest::keyClick(view, Qt::Key_Tab);
        QVERIFY(view->hasFocus());
        actions << inside.layout.hotSpot(inside.focused).action;
    }
    QCOMPARE(actions,
             (QList<HotAction>{HotAction::WrapCode, HotAction::CopyCode, HotAction::CopyMessage, HotAction::Again}));
    QSignalSpy again(view, &TranscriptView::regenerateRequested);
    QTest::keyClick(view, Qt::Key_Return);
    QCOMPARE(again.size(), 1);
    QTest::keyClick(view, Qt::Key_Tab);
    QVERIFY(next->hasFocus());
}

void TestTranscriptView::escapeStops()
{
    TranscriptItem item = writing();
    m_view->setItems({question("Q"), item});
    QSignalSpy stop(m_view.get(), &TranscriptView::stopRequested);
    QTest::keyClick(m_view.get(), Qt::Key_Escape);
    QCOMPARE(stop.size(), 1);
    MessageDisplay done = item.display;
    done.streaming = false;
    m_view->setDisplay(item.message.id, done);
    QTest::keyClick(m_view.get(), Qt::Key_Escape);
    QCOMPARE(stop.size(), 1);
}

void TestTranscriptView::altArrowsAskForVersions()
{
    TranscriptItem item = answer("text");
    item.display.version = 2;
    item.display.versions = 3;
    m_view->setItems({question("Q"), item});
    m_view->layOutAll();
    QSignalSpy version(m_view.get(), &TranscriptView::versionRequested);
    QTest::keyClick(m_view.get(), Qt::Key_Left, Qt::AltModifier);
    click(pointOf(HotAction::VersionAfter, 1));
    QCOMPARE(version.size(), 2);
    QCOMPARE(version.at(0).at(1).toInt(), -1);
    QCOMPARE(version.at(1).at(1).toInt(), 1);
    QCOMPARE(version.at(1).at(0).value<MessageId>(), item.message.id);
}

void TestTranscriptView::linksOnlySignal()
{
    m_view->setItems({answer("see [this](https://example.org/a) please")});
    m_view->layOutAll();
    QSignalSpy link(m_view.get(), &TranscriptView::linkActivated);
    click(pointOf(HotAction::Link, 0));
    QCOMPARE(link.size(), 1);
    QCOMPARE(link.at(0).at(0).toString(), QStringLiteral("https://example.org/a"));
}

void TestTranscriptView::reasoningOpensInPlace()
{
    m_view->setItems({question("Q"), sampleItem(Role::Assistant, {{BlockKind::Reasoning, "step one\nstep two", {}},
                                                                  {BlockKind::Text, "Answer", {}}})});
    m_view->layOutAll();
    const qreal before = d().layout.message(1).height();
    click(pointOf(HotAction::ToggleFold, 1));
    QVERIFY(d().layout.message(1).height() > before + 30);
    click(pointOf(HotAction::ToggleFold, 1));
    QCOMPARE(d().layout.message(1).height(), before);
}

void TestTranscriptView::removeAndReplace()
{
    const TranscriptItem first = question("Q");
    const TranscriptItem second = answer("one");
    const TranscriptItem version = answer("two");
    m_view->setItems({first, second, question("after")});
    m_view->selectAll();
    m_view->removeFrom(m_view->itemAt(2)->message.id);
    QCOMPARE(m_view->count(), 2);
    m_view->replaceItem(second.message.id, version);
    QCOMPARE(m_view->itemAt(1)->message.id, version.message.id);
    QCOMPARE(m_view->messageText(version.message.id), QStringLiteral("two"));
    QVERIFY(m_view->item(second.message.id) == nullptr);
    m_view->clear();
    QCOMPARE(m_view->count(), 0);
    m_view->selectAll();
    m_view->copy();
    QVERIFY(m_view->selectedText().isEmpty());
    m_view->viewport()->grab();
}

void TestTranscriptView::unknownIdsAreIgnored()
{
    m_view->setItems({question("Q")});
    const MessageId unknown = MessageId::make(1);
    m_view->appendText(unknown, "x");
    m_view->setDisplay(unknown, {});
    m_view->removeFrom(unknown);
    m_view->scrollToMessage(unknown);
    m_view->updateItem(answer("x"));
    QCOMPARE(m_view->count(), 1);
    QVERIFY(m_view->messageText(unknown).isEmpty());
}

void TestTranscriptView::themeAndTextSizeKeepThePlace()
{
    m_view->setItems(longConversation(30));
    m_view->layOutAll();
    m_view->verticalScrollBar()->setValue(m_view->verticalScrollBar()->maximum() / 2);
    const int message = d().layout.messageAt(-d().origin().y());
    m_theme->setChoice(ThemeChoice::Dark);
    m_theme->setTextFactor(1.5);
    QCOMPARE(d().layout.messageAt(-d().origin().y()), message);
    const QImage image = m_view->viewport()->grab().toImage();
    QCOMPARE(image.pixelColor(2, 2), tokensFor(ThemeKind::Dark).canvas);
}

void TestTranscriptView::hostileMessages_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("one line of a megabyte") << QByteArray(1 << 20, 'x');
    QTest::newRow("a megabyte of words") << QByteArray("word ").repeated(1 << 18);
    QTest::newRow("a megabyte in a code block") << "```\n" + QByteArray(1 << 20, 'x');
    QTest::newRow("two hundred thousand lines of code") << "```\n" + QByteArray("x\n").repeated(200000);
    QTest::newRow("ten thousand lists") << QByteArray("- ").repeated(10000);
    QTest::newRow("many bold words") << QByteArray("**a** ").repeated(50000);
    QTest::newRow("combining marks") << QByteArray("e\xCC\x81").repeated(50000);
    QTest::newRow("right to left") << QByteArray("\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D ").repeated(20000);
}

// Showing, streaming on and selecting all of it touches a bounded number of blocks.
void TestTranscriptView::hostileMessages()
{
    QFETCH(QByteArray, text);
    const long before = counters().layouts;
    m_view->setItems({question(text.toStdString()), answer(text.toStdString())});
    m_view->viewport()->grab();
    QVERIFY(counters().layouts - before < 250);
    TranscriptItem item = writing();
    m_view->appendItem(item);
    const long streaming = counters().layouts;
    m_view->appendText(item.message.id, text.toStdString());
    d().frame();
    m_view->viewport()->grab();
    QVERIFY(counters().layouts - streaming < 250);
    m_view->selectAll();
    QVERIFY(m_view->selectedText().size() >= text.size() / 3);
}

void TestTranscriptView::wideCodeScrollsWithShiftWheel()
{
    m_view->setItems({answer("```\n" + std::string(400, 'x') + "\n```")});
    m_view->layOutAll();
    const QPoint at = pointAt({0, 0, 5});
    const qreal before = d().layout.caretRect({0, 0, 5}).left();
    QWheelEvent wheel(at, m_view->viewport()->mapToGlobal(at), {}, QPoint(-240, 0), Qt::NoButton, {}, Qt::NoScrollPhase,
                      false);
    QCoreApplication::sendEvent(m_view->viewport(), &wheel);
    QVERIFY(d().layout.caretRect({0, 0, 5}).left() < before - 50);
}

QTEST_MAIN(TestTranscriptView)
#include "tst_transcript_view.moc"
