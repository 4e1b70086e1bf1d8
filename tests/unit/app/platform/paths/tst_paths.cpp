// SPDX-License-Identifier: Apache-2.0
#include "app/platform/paths/paths.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tramontane;

namespace {

void makeFile(const QString &path, bool executable)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QFile::WriteOnly));
    file.close();
    if (executable)
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
}

} // namespace

class PathsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void vaultHome();
    void stateFolder();
    void engineProgram_data();
    void engineProgram();
    void engineMustBeExecutable();
    void modelFolders();
};

void PathsTest::vaultHome()
{
    QTemporaryDir folder;
    qputenv("XDG_DATA_HOME", folder.path().toLocal8Bit());
    QCOMPARE(paths::defaultVaultHome(), folder.filePath("tramontane"));
    QCOMPARE(paths::vaultHome({}), folder.filePath("tramontane"));
    QCOMPARE(paths::vaultHome("/a/b/../c/"), QString("/a/c"));
    QCOMPARE(paths::vaultHome("here"), QDir::current().filePath("here"));
    QVERIFY(!QFile::exists(folder.filePath("tramontane")));
}

void PathsTest::stateFolder()
{
    QTemporaryDir folder;
    qputenv("XDG_STATE_HOME", folder.path().toLocal8Bit());
    QCOMPARE(paths::stateFolder(), folder.filePath("tramontane"));
    qputenv("XDG_STATE_HOME", "relative/is/ignored");
    qunsetenv("XDG_DATA_HOME");
    QCOMPARE(paths::stateFolder(), QDir::homePath() + "/.local/state/tramontane");
}

void PathsTest::engineProgram_data()
{
    QTest::addColumn<QString>("where");
    QTest::newRow("beside") << "bin";
    QTest::newRow("libexec") << "libexec";
    QTest::newRow("lib/tramontane") << "lib/tramontane";
    QTest::newRow("the folder of the packages") << TRAMONTANE_PRIVATE_LIBDIR;
}

void PathsTest::engineProgram()
{
    QFETCH(QString, where);
    QTemporaryDir folder;
    QDir(folder.path()).mkpath("bin");
    QCOMPARE(paths::engineProgram(folder.filePath("bin")), QString());
    const QString program = folder.filePath(where + "/tramontane-engine");
    makeFile(program, true);
    QCOMPARE(paths::engineProgram(folder.filePath("bin")), program);
}

void PathsTest::engineMustBeExecutable()
{
    QTemporaryDir folder;
    makeFile(folder.filePath("bin/tramontane-engine"), false);
    QCOMPARE(paths::engineProgram(folder.filePath("bin")), QString());
}

void PathsTest::modelFolders()
{
    QTemporaryDir folder;
    qputenv("XDG_DATA_HOME", folder.filePath("data").toLocal8Bit());
    qputenv("XDG_DATA_DIRS", folder.filePath("system").toLocal8Bit());
    QDir(folder.path()).mkpath("bin");
    QCOMPARE(paths::modelFolders(folder.filePath("bin")), QStringList());
    for (const char *name : {"data/tramontane/models", "share/tramontane/models", "system/tramontane/models"})
        QDir(folder.path()).mkpath(name);
    QCOMPARE(paths::modelFolders(folder.filePath("bin")),
             (QStringList{folder.filePath("data/tramontane/models"), folder.filePath("share/tramontane/models"),
                          folder.filePath("system/tramontane/models")}));
}

QTEST_APPLESS_MAIN(PathsTest)
#include "tst_paths.moc"
