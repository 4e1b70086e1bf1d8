// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/message_search.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <QTemporaryDir>
#include <QTest>

using namespace tramontane;
using namespace tramontane::test;

class TestMessageSearch : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<VaultFixture> m_vault;

    void ask(const std::string &text) const
    {
        QVERIFY(m_vault->conversations().storeQuestion(questionIn({}, {}, text)).result());
    }
    std::vector<SearchHit> search(const std::string &query, int limit = 10) const
    {
        const auto hits = m_vault->conversations().search(query, limit).result();
        return hits ? *hits : std::vector<SearchHit>(100); // no test expects so many
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_vault = std::make_unique<VaultFixture>(m_folder->path().toStdString());
    }
    void cleanup() { m_vault.reset(); }

    void quotesEverything_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("expression");
        QTest::newRow("nothing") << ""
                                 << "";
        QTest::newRow("spaces") << " \t\n "
                                << "";
        QTest::newRow("word") << "wind"
                              << "\"wind\"";
        QTest::newRow("words") << "  north wind "
                               << "\"north\" \"wind\"";
        QTest::newRow("phrase") << "\"north wind\" cold"
                                << "\"north wind\" \"cold\"";
        QTest::newRow("open phrase") << "\"north wi"
                                     << "\"north wi\"";
        QTest::newRow("prefix") << "tram*"
                                << "\"tram\" *";
        QTest::newRow("star alone") << "* ** wind"
                                    << "\"wind\"";
        QTest::newRow("operators") << "a AND b OR NOT c NEAR(d, 2)"
                                   << "\"a\" \"AND\" \"b\" \"OR\" \"NOT\" \"c\" \"NEAR(d,\" \"2)\"";
        QTest::newRow("column") << "text:wind ^wind -wind {text}:x"
                                << "\"text:wind\" \"^wind\" \"-wind\" \"{text}:x\"";
        QTest::newRow("quote inside") << "do\"not\"break"
                                      << "\"do\" \"not\" \"break\"";
        QTest::newRow("only marks") << "\"\" ... ?! wind"
                                    << "\"wind\"";
    }
    void quotesEverything()
    {
        QFETCH(QString, query);
        QFETCH(QString, expression);
        QCOMPARE(QString::fromStdString(ftsExpression(query.toStdString())), expression);
    }

    void findsAndMarks()
    {
        ask("The tramontane is a cold wind from the north.");
        ask("Mistral blows down the Rhône valley; wind again.");
        const auto hits = search("mistral");
        QCOMPARE(hits.size(), std::size_t(1));
        QCOMPARE(hits[0].title, std::string("A title"));
        QCOMPARE(hits[0].createdMs, 1000);
        QVERIFY(!hits[0].conversation.isNull());
        QVERIFY(!hits[0].message.isNull());
        QVERIFY(hits[0].snippet.starts_with("\x02"
                                            "Mistral\x03 blows"));
        QCOMPARE(search("wind").size(), std::size_t(2));
        QCOMPARE(search("wind", 1).size(), std::size_t(1));
        QCOMPARE(search("rhone").size(), std::size_t(1));
        QCOMPARE(search("\"cold wind\"").size(), std::size_t(1));
        QCOMPARE(search("\"wind cold\"").size(), std::size_t(0));
        QCOMPARE(search("tram*").size(), std::size_t(1));
        QCOMPARE(search("tram").size(), std::size_t(0));
        QCOMPARE(search("mistral north").size(), std::size_t(0));
    }

    void putsTheBestHitFirst()
    {
        ask("wind " + std::string(2000, 'x')
            + " and many other words that have nothing to do with it at all, really none");
        ask("wind wind wind");
        QVERIFY(search("wind")[0].snippet.find("\x02wind\x03 \x02wind\x03") != std::string::npos);
    }

    void survivesEveryQuery_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::newRow("quote") << QByteArray("\"");
        QTest::newRow("quotes") << QByteArray("\"\"\"\"");
        QTest::newRow("NUL") << QByteArray("wi\0nd", 5);
        QTest::newRow("broken UTF-8") << QByteArray("\xff\xc3 wind");
        QTest::newRow("syntax") << QByteArray("text : + ( ) ^ * { } - NEAR(");
        QTest::newRow("comment") << QByteArray("'; DROP TABLE message; --");
        QTest::newRow("long") << QByteArray(100000, 'w');
        QTest::newRow("many words") << QByteArray("w ").repeated(10000);
        QTest::newRow("many prefixes") << QByteArray("w* ").repeated(10000);
        QTest::newRow("marks") << QByteArray("\x02\x03");
        QTest::newRow("other marks") << QByteArray("„“ — …");
    }
    void survivesEveryQuery()
    {
        QFETCH(QByteArray, query);
        ask("wind and water");
        QVERIFY(m_vault->conversations().search(query.toStdString(), 5).result());
        QCOMPARE(search("wind").size(), std::size_t(1));
    }

    void takesNoMarksFromText()
    {
        ask("a\x02wind\x03 b water");
        QCOMPARE(search("water")[0].snippet, std::string("a wind  b \x02water\x03"));
    }
};

QTEST_GUILESS_MAIN(TestMessageSearch)
#include "tst_message_search.moc"
