// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/hardening.h"

#include <QDir>
#include <QFile>
#include <QHash>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>

using namespace tramontane;

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
    void eachLayerGivesWhatNoOtherGives_data();
    void eachLayerGivesWhatNoOtherGives();
    void whatIsRequiredAndMissing();

private:
    struct Report {
        QHash<QString, bool> layers;
        QHash<QString, QString> details;
        QHash<QString, int> attempts;
    };
    Report probe(const QString &leftOut = {}) const;

    QTemporaryDir m_folder;
    Report m_report;
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

TestSandbox::Report TestSandbox::probe(const QString &leftOut) const
{
    QProcess probe;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("SANDBOX_PROBE_ORDER"), QStringLiteral("load this"));
    probe.setProcessEnvironment(environment);
    QStringList arguments{m_folder.filePath(QStringLiteral("model")), m_folder.filePath(QStringLiteral("other")),
                          m_folder.path()};
    if (!leftOut.isEmpty())
        arguments << leftOut;
    probe.start(QStringLiteral(SANDBOX_PROBE), arguments);
    Report report;
    if (!probe.waitForFinished() || probe.exitStatus() != QProcess::NormalExit || probe.exitCode() != 0)
        return report;
    const auto lines = QString::fromUtf8(probe.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        const QString name = line.section(u' ', 1, 1);
        if (line.startsWith(u"layer ")) {
            report.layers.insert(name, line.section(u' ', 2, 2) == u"1");
            report.details.insert(name, line.section(u' ', 3));
        } else {
            report.attempts.insert(name, line.section(u' ', 2, 2).toInt());
        }
    }
    return report;
}

void TestSandbox::initTestCase()
{
    writeFile(m_folder.filePath(QStringLiteral("model")));
    writeFile(m_folder.filePath(QStringLiteral("other")));
    m_report = probe();
    QVERIFY(!m_report.layers.isEmpty());
    for (auto layer = m_report.details.cbegin(); layer != m_report.details.cend(); ++layer)
        qInfo("%s %d %s", qPrintable(layer.key()), int(m_report.layers.value(layer.key())), qPrintable(layer.value()));
}

void TestSandbox::everyLayerIsReported()
{
    for (const std::string &layer : process::layerNames()) {
        const QString name = QString::fromStdString(layer);
        QVERIFY2(m_report.layers.contains(name), layer.c_str());
        QVERIFY(!m_report.details.value(name).isEmpty());
    }
    QCOMPARE(std::size_t(m_report.layers.size()), process::layerNames().size());
    // These exist in every kernel that the packages support; the others depend on how it was built.
    for (const char *name : {"environment", "core-dumps", "parent", "no-new-privileges", "syscalls", "descriptors"})
        QVERIFY2(m_report.layers.value(QLatin1String(name)), name);
}

void TestSandbox::noWayOut_data()
{
    // Which layer stops the attempt; where that layer is missing, its report has said so.
    QTest::addColumn<QString>("layer");
    for (const char *name : {"tcp",
                             "udp",
                             "tcp6",
                             "udp6",
                             "unix",
                             "raw",
                             "packet",
                             "abstract-unix",
                             "netlink",
                             "socketpair",
                             "connect",
                             "write-allowed",
                             "create",
                             "temporary",
                             "mkdir",
                             "rename",
                             "unlink",
                             "symlink",
                             "truncate",
                             "memfd",
                             "openat2",
                             "execve",
                             "execveat",
                             "fork",
                             "raw-fork",
                             "clone3",
                             "ptrace",
                             "ptrace-parent",
                             "read-parent-memory",
                             "kill-parent",
                             "code",
                             "io_uring",
                             "bpf",
                             "userfaultfd",
                             "keyctl",
                             "mount",
                             "unshare",
                             "kexec",
                             "perf",
                             "core-limit",
                             "dumpable",
                             "ioctl"})
        QTest::newRow(name) << QStringLiteral("syscalls");
    for (const char *name : {"read-other", "read-passwd", "read-through-proc"})
        QTest::newRow(name) << QStringLiteral("files");
}

void TestSandbox::noWayOut()
{
    QFETCH(QString, layer);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    QVERIFY(m_report.attempts.contains(name));
    if (!m_report.layers.value(layer))
        QSKIP("This kernel does not offer the layer, and the report says so.");
    const int error = m_report.attempts.value(name);
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
    QVERIFY(m_report.attempts.contains(name));
    QCOMPARE(m_report.attempts.value(name), error);
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

void TestSandbox::eachLayerGivesWhatNoOtherGives_data()
{
    // What is left out besides, because it would also stop the attempt.
    QTest::addColumn<QString>("attempt");
    QTest::addColumn<QString>("besides");
    QTest::newRow("environment") << "environment"
                                 << "";
    QTest::newRow("own-network") << "own-network"
                                 << "";
    QTest::newRow("core-dumps") << "core-dumps"
                                << "own-network";
    QTest::newRow("parent") << "parent"
                            << "";
    QTest::newRow("no-new-privileges") << "no-new-privileges"
                                       << "";
    QTest::newRow("files") << "read-other"
                           << "";
    QTest::newRow("network") << "connect"
                             << "syscalls,descriptors";
    QTest::newRow("memory") << "memory"
                            << "";
    QTest::newRow("syscalls") << "unix"
                              << "";
    QTest::newRow("descriptors") << "descriptors"
                                 << "";
}

void TestSandbox::eachLayerGivesWhatNoOtherGives()
{
    QFETCH(QString, attempt);
    QFETCH(QString, besides);
    const QString layer = QString::fromLatin1(QTest::currentDataTag());
    const auto stopped = [&](const Report &report) {
        const int error = report.attempts.value(attempt, 0);
        return error == EPERM || error == EACCES || error == ENOMEM || error == EBADF;
    };
    const Report with = probe(besides);
    if (!with.layers.value(layer))
        QSKIP("The layer is not active here, and the report says so.");
    QVERIFY(with.attempts.contains(attempt));
    QVERIFY2(stopped(with), qPrintable(QString::number(with.attempts.value(attempt))));
    // Landlock is one mechanism that gives two layers.
    const QString step = layer == u"network" ? QStringLiteral("files") : layer;
    const Report without = probe(besides.isEmpty() ? step : step + u',' + besides);
    QVERIFY(without.attempts.contains(attempt));
    QVERIFY(!without.layers.contains(layer));
    QVERIFY2(!stopped(without), qPrintable(QString::number(without.attempts.value(attempt))));
}

void TestSandbox::whatIsRequiredAndMissing()
{
    const std::vector<process::Layer> layers{{"files", true, {}}, {"own-network", false, {}}};
    QCOMPARE(process::missingLayers(layers, {}), std::vector<std::string>());
    QCOMPARE(process::missingLayers(layers, {"files"}), std::vector<std::string>());
    QCOMPARE(process::missingLayers(layers, {"own-network", "files", "walls"}),
             (std::vector<std::string>{"own-network", "walls"}));
}

QTEST_APPLESS_MAIN(TestSandbox)
#include "tst_sandbox.moc"
