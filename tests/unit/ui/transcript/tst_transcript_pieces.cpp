// SPDX-License-Identifier: Apache-2.0
// A long conversation comes in pieces: what is in view stays where it is.
#include "app/core/secret.h"
#include "tests/unit/ui/transcript/sample_messages.h"
#include "ui/style/tramontane_style.h"
#include "ui/transcript/transcript_private.h"
#include "ui/transcript/transcript_view.h"

#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace tramontane;
using namespace tramontane::ui;

namespace {

std::vector<TranscriptItem> conversation(int pairs)
{
    std::vector<TranscriptItem> items;
    for (int i = 0; i < pairs; ++i) {
        items.push_back(question("Question " + std::to_string(i)));
        items.push_back(answer("Answer\n\nwith two paragraphs\n\n- and\n- a list\n\n```sql\nSELECT 1;\n```\n"));
    }
    return items;
}

} // namespace

class TestTranscriptPieces : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<TranscriptView> m_view;

    [[nodiscard]] TranscriptPrivate &d() const { return TranscriptPrivate::of(*m_view); }
    [[nodiscard]] QScrollBar &bar() const { return *m_view->verticalScrollBar(); }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(initCrypto());
        installStyle(*qApp, ThemeChoice::Light);
    }
    void init()
    {
        m_view = std::make_unique<TranscriptView>();
        m_view->resize(864, 600);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    void cleanup() { m_view.reset(); }

    void addingAboveMovesNothing()
    {
        m_view->setItems(conversation(20));
        bar().setValue(100);
        const MessageId at = m_view->itemAt(1)->message.id;
        m_view->setCurrentMessage(at);
        d().select({1, 0, 0}, {1, 0, 6});
        const QString selected = m_view->selectedText();
        QVERIFY(!selected.isEmpty());
        const qreal before = d().messageRect(1).top();
        m_view->addAbove(conversation(30));
        QCOMPARE(m_view->count(), 100);
        QCOMPARE(m_view->itemAt(61)->message.id, at);
        QCOMPARE(m_view->currentMessage(), at);
        QCOMPARE(m_view->selectedText(), selected);
        QVERIFY(qAbs(d().messageRect(61).top() - before) <= 1.0);
        m_view->layOutAll();
        QVERIFY(qAbs(d().messageRect(61).top() - before) <= 1.0);
    }

    void addingAboveAtTheEndStaysThere()
    {
        m_view->setItems(conversation(20));
        QVERIFY(m_view->isAtEnd());
        m_view->addAbove(conversation(5));
        QVERIFY(m_view->isAtEnd());
        QCOMPARE(m_view->count(), 50);
    }

    void addingBelowMovesNothing()
    {
        m_view->setItems(conversation(20));
        const qreal before = d().messageRect(39).top();
        m_view->addBelow(conversation(10));
        QCOMPARE(m_view->count(), 60);
        QVERIFY(qAbs(d().messageRect(39).top() - before) <= 1.0);
        QVERIFY(!m_view->isAtEnd());
    }

    void saysThatTheStartIsNear()
    {
        QSignalSpy near(m_view.get(), &TranscriptView::startNear);
        m_view->setItems({});
        QCOMPARE(near.count(), 0);
        m_view->setItems(conversation(1)); // all of it is in view
        QVERIFY(near.count() > 0);
        m_view->setItems(conversation(60));
        m_view->layOutAll();
        near.clear();
        bar().setValue(bar().maximum() / 2);
        QCOMPARE(near.count(), 0);
        bar().setValue(10);
        QVERIFY(near.count() > 0);
    }
};

QTEST_MAIN(TestTranscriptPieces)
#include "tst_transcript_pieces.moc"
