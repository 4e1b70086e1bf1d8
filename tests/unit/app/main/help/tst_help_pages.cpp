// SPDX-License-Identifier: Apache-2.0
// Every page in every language; its links lead somewhere; the commands that it names exist.
#include "app/main/ctl/arguments.h"
#include "app/main/help/help_pages.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

using namespace tramontane;

namespace {

const QStringList kLanguages{QStringLiteral("de"), QStringLiteral("en")};

QString helpOf(const QStringList &command)
{
    std::vector<std::string> texts{"tramontanectl"};
    for (const QString &word : command)
        texts.push_back(word.toStdString());
    texts.emplace_back("--help");
    std::vector<char *> pointers;
    for (std::string &text : texts)
        pointers.push_back(text.data());
    return QString::fromStdString(ctl::parseArguments(int(pointers.size()), pointers.data()).arguments.print);
}

bool offers(const QString &help, const QString &word)
{
    return help.contains(QRegularExpression(QStringLiteral("^  +%1\\b").arg(QRegularExpression::escape(word)),
                                            QRegularExpression::MultilineOption))
           || (word.startsWith(u'-') && help.contains(word));
}

/// What stands in the way of this command line; empty: nothing.
QString problemOf(const QString &commandLine)
{
    QStringList command;
    QString before;
    for (const QString &word : commandLine.split(u' ')) {
        // FILE and ID stand for something; so does what follows an option.
        const bool isOption = word.startsWith(u'-');
        const bool isValue = !command.isEmpty() && !isOption && (word == word.toUpper() || before.startsWith(u'-'));
        before = word;
        if (isValue)
            continue;
        if (!offers(helpOf(command), word))
            return command.join(u' ') + u' ' + word;
        if (!isOption)
            command += word;
    }
    return {};
}

QStringList found(const QString &text, const QString &pattern)
{
    QStringList all;
    for (auto at = QRegularExpression(pattern).globalMatch(text); at.hasNext();)
        all += at.next().captured(1).simplified();
    return all;
}

} // namespace

class TestHelpPages : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyPage_data()
    {
        QTest::addColumn<QString>("topic");
        QTest::addColumn<QString>("language");
        for (const QString &topic : help::topics()) {
            for (const QString &language : kLanguages)
                QTest::addRow("%s in %s", qPrintable(topic), qPrintable(language)) << topic << language;
        }
    }
    void everyPage()
    {
        QFETCH(QString, topic);
        QFETCH(QString, language);
        const auto page = help::page(topic, language);
        QVERIFY(page);
        QCOMPARE(page->topic, topic);
        QCOMPARE(page->language, language);
        QVERIFY(page->title.size() > 5);
        QVERIFY(page->text.startsWith(QStringLiteral("# ") + page->title + u'\n'));
        QVERIFY(page->text.size() > 500);
        QVERIFY(!page->text.contains(QStringLiteral("SPDX")));
        QVERIFY(!page->text.contains(u'!'));
        for (const QString &link : found(page->text, QStringLiteral("\\]\\(([^)]*)\\)"))) {
            QVERIFY2(link.endsWith(QStringLiteral(".md")), qPrintable(link));
            QVERIFY2(help::page(link.chopped(3), language), qPrintable(link));
        }
        for (const QString &command : found(page->text, QStringLiteral("`tramontanectl ([^`]*)`")))
            QCOMPARE(problemOf(command), QString());
    }

    void findsWhatIsNotThere()
    {
        QVERIFY(problemOf(QStringLiteral("conversation search --from")).isEmpty());
        QCOMPARE(problemOf(QStringLiteral("conversation search --frog")), QStringLiteral("conversation search --frog"));
        QCOMPARE(problemOf(QStringLiteral("fly")), QStringLiteral(" fly"));
    }

    void hasNoPageThatNobodyFinds()
    {
        QCOMPARE(help::languages(), kLanguages);
        for (const QString &language : kLanguages) {
            QStringList files = QDir(QStringLiteral(":/help/") + language).entryList(QDir::Files);
            QStringList expected;
            for (const QString &topic : help::topics())
                expected += topic + QStringLiteral(".md");
            files.sort();
            expected.sort();
            QCOMPARE(files, expected);
        }
    }

    void saysTheSameInBothLanguages()
    {
        for (const QString &topic : help::topics()) {
            const auto german = help::page(topic, QStringLiteral("de"));
            const auto english = help::page(topic, QStringLiteral("en"));
            for (const QString &part : {QStringLiteral("(^- |^$)"), QStringLiteral("(`tramontanectl)")}) {
                const QRegularExpression lines(part, QRegularExpression::MultilineOption);
                QCOMPARE(german->text.count(lines), english->text.count(lines));
            }
        }
    }

    void refusesWhatThereIsNot()
    {
        QCOMPARE(help::page(QStringLiteral("flying"), QStringLiteral("en")).error().code, ErrorCode::NotFound);
        QCOMPARE(help::page(QStringLiteral("lock"), QStringLiteral("fr")).error().code, ErrorCode::NotFound);
        QCOMPARE(help::page(QStringLiteral("../en/lock"), QStringLiteral("en")).error().code, ErrorCode::NotFound);
        QCOMPARE(help::languageFor(QStringLiteral("de_LU")), QStringLiteral("de"));
        QCOMPARE(help::languageFor(QStringLiteral("fr_FR")), QStringLiteral("en"));
        QCOMPARE(help::languageFor(QStringLiteral("C")), QStringLiteral("en"));
    }
};

QTEST_GUILESS_MAIN(TestHelpPages)
#include "tst_help_pages.moc"
