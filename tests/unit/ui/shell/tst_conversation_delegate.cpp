// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/conversation_delegate.h"

#include <QTest>

using tramontane::ui::parseSnippet;

class TestConversationDelegate : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void findsTheMatchesInASnippet_data()
    {
        QTest::addColumn<QString>("snippet");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("matches");
        QTest::newRow("none") << "plain"
                              << "plain" << QStringList{};
        QTest::newRow("two") << "the \x02ratio\x03 and the \x02limit\x03"
                             << "the ratio and the limit" << QStringList{"ratio", "limit"};
        QTest::newRow("far to the right") << "a long beginning that nobody needs to see before the \x02match\x03 itself"
                                          << "… before the match itself" << QStringList{"match"};
        QTest::newRow("no blank before it") << QString(40, 'x') + "\x02match\x03"
                                            << "… match" << QStringList{"match"};
        QTest::newRow("mark without an end") << "\x02open"
                                             << "open" << QStringList{};
        QTest::newRow("end without a mark") << "close\x03"
                                            << "close" << QStringList{};
        QTest::newRow("nothing") << ""
                                 << "" << QStringList{};
    }
    void findsTheMatchesInASnippet()
    {
        QFETCH(QString, snippet);
        QFETCH(QString, text);
        QFETCH(QStringList, matches);
        const auto parsed = parseSnippet(snippet);
        QCOMPARE(parsed.text, text);
        QStringList found;
        for (const auto &[start, length] : parsed.matches)
            found << parsed.text.mid(start, length);
        QCOMPARE(found, matches);
    }
};

QTEST_GUILESS_MAIN(TestConversationDelegate)
#include "tst_conversation_delegate.moc"
