// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/message_search.h"
#include "storage/repositories/search_expression.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <set>

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
        return find({.text = query, .limit = limit});
    }
    std::vector<SearchHit> find(const SearchQuery &query) const
    {
        const auto page = m_vault->conversations().search(query).result();
        return page ? page->hits : std::vector<SearchHit>(100); // no test expects so many
    }
    void execute(const std::string &sql) const
    {
        QVERIFY(m_vault->database().write([sql](sqlite::Connection &c) { return c.execute(sql); }).result());
    }
    /// A question in a conversation of its own, with an answer of this model.
    ConversationId askAnd(const std::string &title, const std::string &text, const std::string &answer,
                          const std::string &model = "SmolLM2 135M", std::int64_t nowMs = 1000) const
    {
        QuestionToStore question = questionIn({}, {}, text, nowMs);
        question.conversation.title = title;
        AnswerToStore stored = answerTo(question, answer, nowMs);
        stored.provenance = Provenance{.modelName = model, .modelSha256 = std::string(62, 'a') + "07"};
        if (!m_vault->conversations().storeQuestion(question).result()
            || !m_vault->conversations().storeAnswer(stored).result())
            qFatal("nothing to search in");
        return question.conversation.id;
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
        QTest::newRow("phrase that goes on") << "\"north wi\"* cold"
                                             << "\"north wi\" * \"cold\"";
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
        const std::string text = query.toStdString();
        QVERIFY(m_vault->conversations().search({.text = text}).result());
        QVERIFY(m_vault->conversations().search({.text = "wind", .model = text}).result());
        const SearchQuery inFolder{.text = "wind", .folder = text};
        QCOMPARE(m_vault->conversations().search(inFolder).result().error().code, ErrorCode::NotFound);
        QCOMPARE(search("wind").size(), std::size_t(1));
    }

    void takesNoMarksFromText()
    {
        ask("a\x02wind\x03 b water");
        QCOMPARE(search("water")[0].snippet, std::string("a wind  b \x02water\x03"));
        execute("UPDATE conversation SET title = 'sea' || char(2) || 'side' || char(3)");
        QCOMPARE(search("seaside").size(), std::size_t(0));
        QCOMPARE(search("sea")[0].snippet, std::string("\x02sea\x03 side "));
    }

    void foldsWhatUnicodeFolds_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("query");
        QTest::addColumn<bool>("found");
        QTest::newRow("accents in the text") << "Crème brûlée"
                                             << "creme BRULEE" << true;
        QTest::newRow("accents in the query") << "naive"
                                              << "naïve" << true;
        QTest::newRow("umlauts") << "Übergröße"
                                 << "ubergröße" << true;
        QTest::newRow("two marks on a letter") << "Việt"
                                               << "viet" << true;
        QTest::newRow("marks of their own") << "e\u0301te\u0301"
                                            << "été" << true;
        QTest::newRow("sharp s is no ss") << "Straße"
                                          << "strasse" << false;
        QTest::newRow("other alphabets") << "Москва"
                                         << "москва" << true;
        QTest::newRow("greek") << "Ἀθῆναι"
                               << "ἀθῆναι" << true;
        QTest::newRow("beginning of a compound") << "Donaudampfschiff"
                                                 << "donau*" << true;
        QTest::newRow("middle of a compound") << "Donaudampfschiff"
                                              << "dampf*" << false;
        QTest::newRow("without spaces, all of it") << "東京都に住む"
                                                   << "東京都に住む" << true;
        QTest::newRow("without spaces, beginning") << "東京都に住む"
                                                   << "東京*" << true;
        QTest::newRow("without spaces, inside") << "東京都に住む"
                                                << "住む" << false;
        QTest::newRow("code") << "std::string_view"
                              << "string_view" << true;
        QTest::newRow("part of a name with underscores") << "std::string_view"
                                                         << "view" << true;
    }
    void foldsWhatUnicodeFolds()
    {
        QFETCH(QString, text);
        QFETCH(QString, query);
        ask(text.toStdString());
        QTEST(search(query.toStdString()).size() == 1, "found");
    }

    void findsTitlesAsTheyAreNow()
    {
        const ConversationId id = askAnd("Über den Wein", "question", "answer");
        const auto hits = search("uber");
        QCOMPARE(hits.size(), std::size_t(1));
        QCOMPARE(hits[0].conversation, id);
        QVERIFY(hits[0].message.isNull());
        QCOMPARE(hits[0].snippet, std::string("\x02Über\x03 den Wein"));
        QVERIFY(m_vault->conversations().rename(id, "Cheese").result());
        QCOMPARE(search("wein").size(), std::size_t(0));
        QCOMPARE(search("cheese").size(), std::size_t(1));
        execute("DELETE FROM message_fts; DELETE FROM pending; UPDATE conversation SET leaf = NULL;"
                "DELETE FROM conversation");
        QCOMPARE(search("cheese").size(), std::size_t(0));
        QCOMPARE(m_vault->count("SELECT count(*) FROM title_row"), 0);
        QCOMPARE(m_vault->count("SELECT count(*) FROM title_fts"), 0);
    }

    void findsNothingInTheBin()
    {
        askAnd("Wind", "wind", "wind");
        execute("UPDATE conversation SET deleted_ms = 1");
        QCOMPARE(search("wind").size(), std::size_t(0));
        execute("UPDATE conversation SET deleted_ms = NULL");
        QCOMPARE(search("wind").size(), std::size_t(3));
    }

    void filtersByDate()
    {
        askAnd("First", "wind", "-", "m", 1000);
        askAnd("Second", "wind", "-", "m", 2000);
        QCOMPARE(find({.text = "wind", .fromMs = 2000}).size(), std::size_t(1));
        QCOMPARE(find({.text = "wind", .untilMs = 2000}).size(), std::size_t(1));
        QCOMPARE(find({.text = "wind", .fromMs = 1000, .untilMs = 2001}).size(), std::size_t(2));
        QCOMPARE(find({.text = "wind", .fromMs = 2001}).size(), std::size_t(0));
        QCOMPARE(find({.text = "second", .fromMs = 2000}).size(), std::size_t(1));
        QCOMPARE(find({.text = "second", .untilMs = 2000}).size(), std::size_t(0));
    }

    void filtersByModel()
    {
        askAnd("Wind", "a wind", "the wind", "SmolLM2 135M");
        askAnd("Wind", "a wind", "the wind", "Mistral Small");
        QCOMPARE(find({.text = "wind"}).size(), std::size_t(6));
        QCOMPARE(find({.text = "wind", .model = "smollm2"}).size(), std::size_t(3));
        QCOMPARE(find({.text = "wind", .model = "%"}).size(), std::size_t(0));
        QCOMPARE(find({.text = "wind", .model = "AAAAAAAA"}).size(), std::size_t(6));
        QCOMPARE(find({.text = "wind", .model = "aaaaaaa"}).size(), std::size_t(0));
    }

    void filtersByFolderAndLabel()
    {
        const ConversationId inside = askAnd("Wind", "wind", "wind");
        const ConversationId labelled = askAnd("Other", "wind", "-");
        const auto blob = [](const auto &id) { return "unhex(replace('" + id.text() + "', '-', ''))"; };
        const FolderId outer = FolderId::make(1);
        const FolderId inner = FolderId::make(2);
        execute("INSERT INTO folder (id, name) VALUES (" + blob(outer)
                + ", 'Work');"
                  "INSERT INTO folder (id, parent, name) VALUES ("
                + blob(inner) + ", " + blob(outer)
                + ", 'Grids');"
                  "UPDATE conversation SET folder = "
                + blob(inner) + " WHERE id = " + blob(inside)
                + ";"
                  "INSERT INTO label (id, name) VALUES ("
                + blob(outer) + ", 'restricted'), (" + blob(inner)
                + ", 'x');"
                  "INSERT INTO conversation_label VALUES ("
                + blob(labelled) + ", " + blob(outer) + ")");
        for (const std::string &folder : {std::string("work"), std::string("GRIDS"), outer.text(), inner.text()})
            QCOMPARE(find({.text = "wind", .folder = folder}).size(), std::size_t(3));
        QCOMPARE(find({.text = "wind", .label = "Restricted"}).size(), std::size_t(1));
        QCOMPARE(find({.text = "wind", .label = outer.text()})[0].conversation, labelled);
        QCOMPARE(find({.text = "wind", .label = "x"}).size(), std::size_t(0));
        QCOMPARE(find({.text = "wind", .folder = "work", .label = "restricted"}).size(), std::size_t(0));
        for (const SearchQuery &query :
             {SearchQuery{.text = "wind", .label = "none"}, SearchQuery{.text = "wind", .folder = "none"},
              SearchQuery{.text = "wind", .folder = "wor"}})
            QCOMPARE(m_vault->conversations().search(query).result().error().code, ErrorCode::NotFound);
    }

    void pagesWithoutGapOrOverlap()
    {
        for (int i = 0; i < 25; ++i)
            askAnd("Wind " + std::to_string(i), "wind " + std::string(std::size_t(i % 7), 'x'), "no", "m", 1000 + i);
        std::set<std::pair<ConversationId, MessageId>> seen;
        SearchQuery query{.text = "wind", .limit = 8};
        for (bool more = true; more; query.offset += 8) {
            const auto page = m_vault->conversations().search(query).result();
            QVERIFY(page);
            more = page->more;
            QCOMPARE(page->hits.size(), more ? std::size_t(8) : std::size_t(2));
            QVERIFY(!page->partial);
            for (const SearchHit &hit : page->hits)
                QVERIFY(seen.emplace(hit.conversation, hit.message).second);
        }
        QCOMPARE(seen.size(), std::size_t(50));
        query.offset = 1'000'000'000;
        QVERIFY(m_vault->conversations().search(query).result()->hits.empty());
    }
};

QTEST_GUILESS_MAIN(TestMessageSearch)
#include "tst_message_search.moc"
