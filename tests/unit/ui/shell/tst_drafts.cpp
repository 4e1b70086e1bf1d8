// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/drafts.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::ui;

class TestDrafts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsWhatWasWritten()
    {
        const std::map<ConversationId, QString> drafts{
            {ConversationId{}, QStringLiteral("not stored yet")},
            {ConversationId::make(1), QStringLiteral("two\nlines \"quoted\" 日本")},
        };
        QCOMPARE(readDrafts(writeDrafts(drafts)), drafts);
        QVERIFY(readDrafts(writeDrafts({})).empty());
    }

    void anythingElseIsLeftOut_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("not JSON") << QByteArray("half a question");
        QTest::newRow("a list") << QByteArray("[\"x\"]");
        QTest::newRow("no conversation") << QByteArray(R"({"somewhere": "x"})");
        QTest::newRow("no text") << QByteArray(R"({"": 7, "01890000-0000-7000-8000-000000000001": ""})");
    }
    void anythingElseIsLeftOut()
    {
        QFETCH(QByteArray, text);
        QVERIFY(readDrafts(text.toStdString()).empty());
    }
};

QTEST_GUILESS_MAIN(TestDrafts)
#include "tst_drafts.moc"
