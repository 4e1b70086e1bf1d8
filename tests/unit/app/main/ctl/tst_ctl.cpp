// SPDX-License-Identifier: Apache-2.0
// The parts of tramontanectl that need no vault: the command line, tables, and text that cannot steer a terminal.
#include "app/main/ctl/arguments.h"
#include "app/main/ctl/chat_input.h"
#include "app/main/ctl/output.h"
#include "app/main/ctl/table.h"

#include <QTemporaryDir>
#include <QTest>

using namespace tramontane;
using namespace tramontane::ctl;

namespace {

ParseOutcome parse(const QStringList &arguments)
{
    std::vector<std::string> texts{"tramontanectl"};
    for (const QString &argument : arguments)
        texts.push_back(argument.toStdString());
    std::vector<char *> pointers;
    for (std::string &text : texts)
        pointers.push_back(text.data());
    return parseArguments(int(pointers.size()), pointers.data());
}

} // namespace

class CtlTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void understood_data();
    void understood();
    void notUnderstood_data();
    void notUnderstood();
    void globalOptionsAnywhere();
    void jsonAfterTwoDashesIsText();
    void helpAndVersion();
    void printableText_data();
    void printableText();
    void tables();
    void propertyLines();
    void sizesAndTimes();
    void grammarFile();
    void textThatIsNoText();
};

void CtlTest::understood_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("vault init") << QStringList{"vault", "init", "--keychain"};
    QTest::newRow("model import") << QStringList{"model", "import", "file.gguf"};
    QTest::newRow("chat") << QStringList{"chat", "-m",     "x", "--seed", "7", "--temperature",
                                         "0",    "--stop", "a", "--stop", "b", "Hi"};
    QTest::newRow("a stop string does not swallow the question") << QStringList{"chat", "--stop", "END", "Hi"};
    QTest::newRow("question first") << QStringList{"chat", "Hi", "--max-tokens", "5"};
    QTest::newRow("standard input") << QStringList{"chat", "-"};
    QTest::newRow("text that looks like an option") << QStringList{"chat", "--", "--json"};
    QTest::newRow("several texts") << QStringList{"embed", "a", "b"};
    QTest::newRow("vectors in another way") << QStringList{"embed", "--pooling", "cls", "--normalise", "l1", "-"};
    QTest::newRow("ranking") << QStringList{"rerank", "-q", "what?", "--top", "3", "a", "b"};
    QTest::newRow("filters") << QStringList{"audit", "list", "--event", "model.", "--after", "5", "--limit", "7"};
    QTest::newRow("export") << QStringList{"conversation", "export", "x", "--format", "json"};
    QTest::newRow("policy") << QStringList{"policy", "schema"};
    QTest::newRow("doctor") << QStringList{"doctor"};
}

void CtlTest::understood()
{
    QFETCH(QStringList, arguments);
    const ParseOutcome outcome = parse(arguments);
    QVERIFY2(!outcome.error, outcome.error ? outcome.error->message.c_str() : "");
    QVERIFY(outcome.arguments.make);
}

void CtlTest::notUnderstood_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("nothing") << QStringList{};
    QTest::newRow("half a command") << QStringList{"vault"};
    QTest::newRow("unknown command") << QStringList{"vaul", "init"};
    QTest::newRow("two commands") << QStringList{"doctor", "policy", "show"};
    QTest::newRow("no text") << QStringList{"chat"};
    QTest::newRow("two texts") << QStringList{"chat", "one", "two"};
    QTest::newRow("not a number") << QStringList{"chat", "--seed", "x", "Hi"};
    QTest::newRow("seed too large") << QStringList{"chat", "--seed", "4294967296", "Hi"};
    QTest::newRow("negative seed") << QStringList{"chat", "--seed", "-1", "Hi"};
    QTest::newRow("option without value") << QStringList{"chat", "Hi", "--model"};
    QTest::newRow("unknown option") << QStringList{"chat", "--passphrase", "x", "Hi"};
    QTest::newRow("unknown format") << QStringList{"conversation", "export", "x", "--format", "pdf"};
    QTest::newRow("two passphrases") << QStringList{"--passphrase-file", "f", "--passphrase-fd", "3", "doctor"};
    QTest::newRow("limit of nothing") << QStringList{"audit", "list", "--limit", "0"};
}

void CtlTest::notUnderstood()
{
    QFETCH(QStringList, arguments);
    const ParseOutcome outcome = parse(arguments);
    QVERIFY(outcome.error.has_value());
    QCOMPARE(outcome.error->code, ErrorCode::Usage);
    QVERIFY(!outcome.error->message.empty());
    QVERIFY(!outcome.arguments.options.json);
    const ParseOutcome json = parse(QStringList{"--json"} + arguments);
    QVERIFY(json.error && json.arguments.options.json);
}

void CtlTest::globalOptionsAnywhere()
{
    for (const QStringList &arguments :
         {QStringList{"--json", "--home", "/v", "--passphrase-fd", "0", "model", "list"},
          QStringList{"model", "list", "--json", "--home", "/v", "--passphrase-fd", "0"}}) {
        const ParseOutcome outcome = parse(arguments);
        QVERIFY(!outcome.error);
        QVERIFY(outcome.arguments.options.json);
        QCOMPARE(outcome.arguments.options.home, std::string("/v"));
        QCOMPARE(outcome.arguments.options.passphraseDescriptor, 0);
    }
}

void CtlTest::jsonAfterTwoDashesIsText()
{
    const ParseOutcome outcome = parse({"chat", "--", "--json", "and more"});
    QVERIFY(outcome.error); // two texts
    QVERIFY(!outcome.arguments.options.json);
}

void CtlTest::helpAndVersion()
{
    QCOMPARE(parse({"--version"}).arguments.print, std::string("tramontanectl " TRAMONTANE_VERSION "\n"));
    QVERIFY(parse({"--help"}).arguments.print.find("conversation") != std::string::npos);
    QVERIFY(parse({"chat", "--help"}).arguments.print.find("--grammar") != std::string::npos);
}

void CtlTest::printableText_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    QTest::newRow("lines and tabs stay") << "a\n\tb"
                                         << "a\n\tb";
    QTest::newRow("other scripts stay") << QString::fromUtf8("Grüße 🌬 שלום")
                                        << QString::fromUtf8("Grüße 🌬 שלום");
    QTest::newRow("escape") << QString("a\x1b[2Jb") << QString::fromUtf8("a\ufffd[2Jb");
    QTest::newRow("carriage return") << "safe\rfake"
                                     << QString::fromUtf8("safe\ufffd"
                                                          "fake");
    QTest::newRow("8-bit control") << QString(QChar(0x9b)) << QString::fromUtf8("\ufffd");
    QTest::newRow("direction override") << QString(QChar(0x202e)) + "abc" << QString::fromUtf8("\ufffd") + "abc";
    QTest::newRow("isolate") << QString(QChar(0x2066)) + "abc" << QString::fromUtf8("\ufffd") + "abc";
}

void CtlTest::printableText()
{
    QFETCH(QString, text);
    QFETCH(QString, shown);
    QCOMPARE(QString::fromStdString(printable(text.toStdString())), shown);
}

void CtlTest::tables()
{
    Table table({"ID", "NAME", "END"});
    QCOMPARE(table.text(), std::string());
    table.add({"1", "Grüße", "x"});
    table.add({"22", "a\nb", ""});
    QCOMPARE(table.text(), std::string("ID  NAME   END\n1   Grüße  x\n22  a b\n"));
}

void CtlTest::propertyLines()
{
    QCOMPARE(properties({{"A", "1"}, {"Long", "2"}, {"Empty", ""}}), std::string("A      1\nLong   2\n"));
}

void CtlTest::sizesAndTimes()
{
    QCOMPARE(fileSize(0), std::string("0 bytes"));
    QCOMPARE(fileSize(1536), std::string("1.5 KiB"));
    QCOMPARE(shortTime(1'795'338'843'211), std::string("2026-11-22 09:14"));
}

void CtlTest::grammarFile()
{
    QTemporaryDir folder;
    ChatInput input;
    input.text = "Hi";
    input.grammarFile = folder.filePath("missing").toStdString();
    QCOMPARE(readChatInput(input).error().code, ErrorCode::Usage);
    QFile file(folder.filePath("grammar"));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write("root ::= \"x\"");
    file.close();
    input.grammarFile = file.fileName().toStdString();
    QVERIFY(readChatInput(input).ok());
    QCOMPARE(input.sampling.grammar, std::string("root ::= \"x\""));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write("\xff\xfe");
    file.close();
    QCOMPARE(readChatInput(input).error().code, ErrorCode::InvalidArgument);
}

void CtlTest::textThatIsNoText()
{
    ChatInput input;
    input.text = "\xc3\x28";
    QCOMPARE(readChatInput(input).error().code, ErrorCode::InvalidArgument);
}

QTEST_GUILESS_MAIN(CtlTest)
#include "tst_ctl.moc"
