// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/hardening.h"

#include <QDir>
#include <QFile>
#include <QHash>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

// The sandbox can only be entered once and not left, so a small program does it and reports what it could still do.
class TestSandbox : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyLayerIsReported();
    void noWayOut_data();
    void noWayOut();
    void theWorkIsStillPossible_data();
    void theWorkIsStillPossible();
    void nothingWasChanged();

private:
    QTemporaryDir m_folder;
    QHash<QString, bool> m_layers;
    QHash<QString, QString> m_details;
    QHash<QString, int> m_attempts;
};

namespace {

const auto kContent = QByteArrayLiteral("the model");

void writeFile(const QString &path)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(kContent), qint64(kContent.size()));
}

} // namespace

void TestSandbox::initTestCase()
{
    writeFile(m_folder.filePath(QStringLiteral("model")));
    writeFile(m_folder.filePath(QStringLiteral("other")));
    QProcess probe;
    probe.start(QStringLiteral(SANDBOX_PROBE), {m_folder.filePath(QStringLiteral("model")),
                                                m_folder.filePath(QStringLiteral("other")), m_folder.path()});
    QVERIFY(probe.waitForFinished());
    QCOMPARE(probe.exitStatus(), QProcess::NormalExit);
    QCOMPARE(probe.exitCode(), 0);
    const auto lines = QString::fromUtf8(probe.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        if (line.startsWith(u"layer ")) {
            m_layers.insert(line.section(u' ', 1, 1), line.section(u' ', 2, 2) == u"1");
            m_details.insert(line.section(u' ', 1, 1), line.section(u' ', 3));
            qInfo("%s", qPrintable(line));
        } else {
            m_attempts.insert(line.section(u' ', 1, 1), line.section(u' ', 2, 2).toInt());
        }
    }
}

void TestSandbox::everyLayerIsReported()
{
    for (const char *name :
         {"own-network", "core-dumps", "parent", "no-new-privileges", "files", "network", "syscalls"}) {
        QVERIFY2(m_layers.contains(QLatin1String(name)), name);
        QVERIFY(!m_details.value(QLatin1String(name)).isEmpty());
    }
    // These exist in every kernel that the packages support; the others depend on how it was built.
    QVERIFY(m_layers.value(QStringLiteral("core-dumps")));
    QVERIFY(m_layers.value(QStringLiteral("parent")));
    QVERIFY(m_layers.value(QStringLiteral("no-new-privileges")));
    QVERIFY(m_layers.value(QStringLiteral("syscalls")));
}

void TestSandbox::noWayOut_data()
{
    // Which layer stops the attempt; where that layer is missing, its report has said so.
    QTest::addColumn<QString>("layer");
    for (const char *name : {"tcp",           "udp",
                             "tcp6",          "udp6",
                             "unix",          "netlink",
                             "socketpair",    "connect",
                             "write-allowed", "create",
                             "temporary",     "mkdir",
                             "rename",        "unlink",
                             "symlink",       "truncate",
                             "memfd",         "openat2",
                             "execve",        "execveat",
                             "fork",          "raw-fork",
                             "clone3",        "ptrace",
                             "ptrace-parent", "read-parent-memory",
                             "kill-parent",   "code",
                             "io_uring",      "bpf",
                             "userfaultfd",   "keyctl",
                             "mount",         "unshare",
                             "kexec",         "perf",
                             "core-limit",    "dumpable",
                             "ioctl"})
        QTest::newRow(name) << QStringLiteral("syscalls");
    for (const char *name : {"read-other", "read-passwd", "read-through-proc"})
        QTest::newRow(name) << QStringLiteral("files");
}

void TestSandbox::noWayOut()
{
    QFETCH(QString, layer);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    QVERIFY(m_attempts.contains(name));
    if (!m_layers.value(layer))
        QSKIP("This kernel does not offer the layer, and the report says so.");
    const int error = m_attempts.value(name);
    QVERIFY2(error == EPERM || error == EACCES || error == ENOSYS, qPrintable(QString::number(error)));
}

void TestSandbox::theWorkIsStillPossible_data()
{
    QTest::addColumn<int>("error");
    for (const char *name : {"read-allowed", "read-cpuinfo", "thread"})
        QTest::newRow(name) << 0;
}

void TestSandbox::theWorkIsStillPossible()
{
    QFETCH(int, error);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    QVERIFY(m_attempts.contains(name));
    QCOMPARE(m_attempts.value(name), error);
}

void TestSandbox::nothingWasChanged()
{
    QCOMPARE(QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden),
             (QStringList{QStringLiteral("model"), QStringLiteral("other")}));
    for (const char *name : {"model", "other"}) {
        QFile file(m_folder.filePath(QLatin1String(name)));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), kContent);
    }
}

QTEST_APPLESS_MAIN(TestSandbox)
#include "tst_sandbox.moc"
