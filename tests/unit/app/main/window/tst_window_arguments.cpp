// SPDX-License-Identifier: Apache-2.0
#include "app/main/window/translations.h"
#include "app/main/window/window_arguments.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tramontane;

namespace {

void touch(const QString &path)
{
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
}

} // namespace

class TestWindowArguments : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsTheCommandLine_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("home");
        QTest::addColumn<QString>("print");
        QTest::addColumn<bool>("good");
        QTest::newRow("nothing") << QStringList{} << ""
                                 << "" << true;
        QTest::newRow("home") << QStringList{"--home", "/srv/vault"} << "/srv/vault"
                              << "" << true;
        QTest::newRow("home with an equals sign") << QStringList{"--home=/srv/vault"} << "/srv/vault"
                                                  << "" << true;
        QTest::newRow("version") << QStringList{"--version"} << ""
                                 << "tramontane 1.2.3\n"
                                 << true;
        QTest::newRow("home without a folder") << QStringList{"--home"} << ""
                                               << "" << false;
        QTest::newRow("empty home") << QStringList{"--home", ""} << ""
                                    << "" << false;
        QTest::newRow("unknown option") << QStringList{"--passphrase", "x"} << ""
                                        << "" << false;
        QTest::newRow("a file name") << QStringList{"letter.pdf"} << ""
                                     << "" << false;
    }
    void readsTheCommandLine()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, home);
        QFETCH(QString, print);
        QFETCH(bool, good);
        const WindowArguments parsed =
            readWindowArguments(QStringList{"tramontane"} + arguments, QStringLiteral("1.2.3"));
        QCOMPARE(parsed.error.isEmpty(), good);
        QCOMPARE(parsed.home, home);
        QCOMPARE(parsed.print, print);
    }

    void helpSaysWhatThereIs()
    {
        const WindowArguments parsed = readWindowArguments({"tramontane", "--help"}, QStringLiteral("1.2.3"));
        QVERIFY(parsed.print.contains(QStringLiteral("--home")));
    }

    void offersTheModelThatChats()
    {
        QTemporaryDir folder;
        const QString first = folder.filePath(QStringLiteral("own"));
        const QString second = folder.filePath(QStringLiteral("installed"));
        QVERIFY(QDir().mkpath(first));
        QCOMPARE(starterModel({first, second, QStringLiteral("/nowhere")}), QString());
        touch(second + QStringLiteral("/SmolLM2-135M-Instruct.Q4_1.gguf"));
        touch(second + QStringLiteral("/all-MiniLM-L6-v2.gguf"));
        touch(first + QStringLiteral("/Instruct-notes.txt"));
        QCOMPARE(starterModel({first, second}), second + QStringLiteral("/SmolLM2-135M-Instruct.Q4_1.gguf"));
        touch(first + QStringLiteral("/bora-24b-chat.gguf"));
        QCOMPARE(starterModel({first, second}), first + QStringLiteral("/bora-24b-chat.gguf"));
    }

    void namesItsLanguagesAndFollowsTheDesktopFirst()
    {
        const auto all = languages();
        QVERIFY(all.size() > 2);
        QVERIFY(all.front().first.isEmpty());
        QCOMPARE(all[1].second, QStringLiteral("English"));
    }
};

QTEST_GUILESS_MAIN(TestWindowArguments)
#include "tst_window_arguments.moc"
