// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/window_preferences.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

using namespace tramontane::ui;

class TestWindowPreferences : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsWhatWasWritten()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("window.json"));
        WindowPreferences looks;
        looks.theme = ThemeChoice::Dark;
        looks.language = QStringLiteral("de");
        looks.textFactor = 1.25;
        looks.sidebar = false;
        looks.geometry = QByteArray("\x00\xFFgeometry", 10);
        writePreferences(file, looks);
        QVERIFY(QThreadPool::globalInstance()->waitForDone(5000));
        QCOMPARE(readPreferences(file), looks);
    }

    void anythingElseGivesTheDefaults_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("not JSON") << QByteArray("\x00\x01\x02", 3);
        QTest::newRow("a list") << QByteArray("[1,2]");
        QTest::newRow("wrong types") << QByteArray(
            R"({"theme":7,"language":[],"textFactor":"big","sidebar":"yes","geometry":3})");
        QTest::newRow("unknown theme") << QByteArray(R"({"theme":"pink"})");
        QTest::newRow("too large") << QByteArray("{\"theme\":\"dark\"," + QByteArray(70 * 1024, ' ')
                                                 + "\"sidebar\":false}");
    }
    void anythingElseGivesTheDefaults()
    {
        QFETCH(QByteArray, content);
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("window.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        QCOMPARE(readPreferences(file.fileName()), WindowPreferences{});
    }

    void aFileThatIsNotThereGivesTheDefaults()
    {
        QCOMPARE(readPreferences(QStringLiteral("/nowhere/window.json")), WindowPreferences{});
        QCOMPARE(readPreferences({}), WindowPreferences{});
    }

    void aFolderThatCannotBeWrittenIsNoFault()
    {
        writePreferences(QStringLiteral("/nowhere/window.json"), {});
        writePreferences({}, {});
        QVERIFY(QThreadPool::globalInstance()->waitForDone(5000));
    }
};

QTEST_GUILESS_MAIN(TestWindowPreferences)
#include "tst_window_preferences.moc"
